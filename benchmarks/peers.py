"""Each server that is measured: how it is configured and started.

What belongs here: one class a server, its configuration in full. What must not: load, or judgement.
The configurations are meant to be fair: whatever would slow a peer down on purpose is switched off (flood
control, connection throttling, look-ups, cloaks, history that this work does not ask for), whatever would
make it give up is raised (queues, connections, rooms).
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path

from benchmarks.server import LOOPBACK, Server

SOURCE = Path(__file__).resolve().parent.parent / "src"
ROOT_UID = 0


class Tertulia(Server):
    """This project's server. The durability is what the three kinds below differ in."""

    durability = ""

    @classmethod
    def version(cls) -> str | None:
        try:
            return f"{metadata.version('tertulia')}"
        except metadata.PackageNotFoundError:
            return "source tree" if (SOURCE / "tertulia" / "__main__.py").exists() else None

    def prepare(self) -> list[str]:
        configuration = self.folder / "tertulia.toml"
        configuration.write_text(
            TERTULIA.format(
                listen=json.dumps([f"irc://{LOOPBACK}:{self.port}"]),
                data=json.dumps(str(self.data)),
                durability=self.durability,
            )
        )
        return [sys.executable, "-m", "tertulia", "serve", "--config", str(configuration)]

    def environment(self) -> dict[str, str]:
        """Only the file counts: neither settings nor keys of providers come from outside."""
        kept = {
            key: value for key, value in os.environ.items() if not key.startswith(("TERTULIA_", "OPENAI_"))
        }
        path = [str(SOURCE), *filter(None, [kept.get("PYTHONPATH")])]
        return kept | {"PYTHONPATH": os.pathsep.join(path)}

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def database(self) -> Path:
        return self.data / "tertulia.db"


class TertuliaFull(Tertulia):
    name = "tertulia-full"
    keeps = "every message, synced to disk before anybody is told"
    durability = "full"


class TertuliaNormal(Tertulia):
    name = "tertulia-normal"
    keeps = "every message, survives the death of the process"
    durability = "normal"


class TertuliaOff(Tertulia):
    name = "tertulia-off"
    keeps = "recent messages, in memory"
    durability = "off"


class Ngircd(Server):
    name = "ngircd"
    arrivals_in_flight = 8  # it listens with a queue of ten; what does not fit is lost for seconds
    command = "ngircd"

    @classmethod
    def version(cls) -> str | None:
        return first_version(cls.command, "--version", r"ngIRCd ([\w.~-]+?)-")

    def prepare(self) -> list[str]:
        configuration = self.folder / "ngircd.conf"
        # Started by root it would become "nobody"; that is fine too, but not needed for a test on loopback.
        owner = "ServerUID = 0\nServerGID = 0\n" if os.geteuid() == ROOT_UID else ""
        configuration.write_text(NGIRCD.format(address=LOOPBACK, port=self.port, owner=owner))
        return [found(self.command), "--nodaemon", "--config", str(configuration)]


class Inspircd(Server):
    name = "inspircd"
    arrivals_in_flight = 5_000  # it finishes registrations once a second, all that wait
    command = "inspircd"
    speaks_ircv3 = False  # whether its modules for that are loaded: they cost it something

    @classmethod
    def version(cls) -> str | None:
        return first_version(cls.command, "--version", r"InspIRCd-(\S+)")

    def prepare(self) -> list[str]:
        configuration = self.folder / "inspircd.conf"
        text = INSPIRCD.format(address=LOOPBACK, port=self.port)
        configuration.write_text(text + INSPIRCD_IRCV3 * self.speaks_ircv3)
        as_root = ["--runasroot"] if os.geteuid() == ROOT_UID else []
        return [
            found(self.command),
            "--nofork",
            "--nopid",
            "--nolog",
            *as_root,
            "--config",
            str(configuration),
        ]


class Ergo(Server):
    """Measured only where its binary is named: Debian has no package of it."""

    name = "ergo"
    command = ""  # set by `--ergo`

    @classmethod
    def version(cls) -> str | None:
        return first_version(cls.command, "--version", r"ergo-?(\S+)") if cls.command else None

    def prepare(self) -> list[str]:
        configuration = self.folder / "ircd.yaml"
        configuration.write_text(
            ERGO.format(address=LOOPBACK, port=self.port, folder=json.dumps(str(self.folder)))
        )
        if not (self.folder / "ircd.db").exists():
            arguments = [found(self.command), "initdb", "--conf", str(configuration), "--quiet"]
            subprocess.run(arguments, cwd=self.folder, check=True, capture_output=True)
        return [found(self.command), "run", "--conf", str(configuration)]


SERVERS: dict[str, type[Server]] = {
    kind.name: kind for kind in (TertuliaFull, TertuliaNormal, TertuliaOff, Ngircd, Inspircd, Ergo)
}
OURS = ("tertulia-full", "tertulia-normal", "tertulia-off")


def found(command: str) -> str:
    """The full path of a command; Debian puts servers where not everybody's PATH leads."""
    path = shutil.which(command) or shutil.which(command, path="/usr/sbin:/sbin:/usr/local/sbin")
    return str(Path(path).resolve()) if path else command


def first_version(command: str, option: str, pattern: str) -> str | None:
    """What the command says of its version; None when there is no such command."""
    try:
        answer = subprocess.run(
            [found(command), option], capture_output=True, text=True, timeout=20, check=False
        )
    except (FileNotFoundError, PermissionError):
        return None
    match = re.search(pattern, answer.stdout + answer.stderr)
    return match.group(1) if match else "unknown"


# --- The configurations -----------------------------------------------------------------------------------

TERTULIA = """\
models = []

[server]
name = "tertulia.local"
listen = {listen}
data = {data}

[store]
durability = "{durability}"

[limits]
flood = false
"""

# MaxPenaltyTime 0 switches penalties off altogether (ngircd.conf(5)).
NGIRCD = """\
[Global]
Name = ngircd.local
Info = benchmark
AdminInfo1 = benchmark
AdminEMail = nobody@localhost
Listen = {address}
Ports = {port}
MotdPhrase = benchmark
{owner}
[Limits]
MaxConnections = 0
MaxConnectionsIP = 0
MaxJoins = 0
MaxNickLength = 32
MaxPenaltyTime = 0
PingTimeout = 3600
PongTimeout = 3600

[Options]
DNS = no
Ident = no
PAM = no
RequireAuthPing = no
"""

# Without fakelag a client that exceeds `threshold` is cut off, so it and `commandrate` are beyond reach.
INSPIRCD = """\
<server name="inspircd.local" description="benchmark" network="Benchmark">
<admin name="benchmark" nick="benchmark" email="nobody@localhost">
<bind address="{address}" port="{port}" type="clients">
<connect name="all" allow="*" timeout="3600" pingfreq="3600" hardsendq="256M" softsendq="256M" recvq="16M"
 threshold="4000000" commandrate="4000000000" fakelag="no" localmax="1000000" globalmax="1000000"
 maxconnwarn="no" limit="1000000" maxchans="1000" resolvehostnames="no" useident="no">
<performance netbuffersize="65534" somaxconn="4096" softlimit="1000000" clonesonconnect="no">
<options defaultmodes="nt" casemapping="ascii" pingwarning="0">
<dns timeout="1">
"""

INSPIRCD_IRCV3 = "".join(
    f'<module name="{name}">\n'
    for name in (
        "cap",
        "services_account",
        "ircv3_accounttag",
        "ircv3_batch",
        "ircv3_ctctags",
        "ircv3_echomessage",
        "ircv3_labeledresponse",
        "ircv3_msgid",
        "ircv3_servertime",
    )
)
"""What it needs for `clients.EVERYTHING`, and for identifiers of messages, which all with tags have."""

# Ergo keeps recent history in memory unless told otherwise; its peers do not, so it is told otherwise.
ERGO = """\
network:
    name: Benchmark
server:
    name: ergo.local
    listeners:
        "{address}:{port}": {{}}
    casemapping: ascii
    enforce-utf8: true
    lookup-hostnames: false
    forward-confirm-hostnames: false
    check-ident: false
    max-sendq: 64m
    ip-limits:
        count: false
        throttle: false
    ip-cloaking:
        enabled: false
    relaymsg:
        enabled: false
accounts:
    authentication-enabled: true
    registration:
        enabled: false
    multiclient:
        enabled: false
channels:
    default-modes: +nt
    max-channels-per-client: 1000
logging:
    - method: stderr
      type: "* -userinput -useroutput"
      level: error
datastore:
    path: ircd.db
    autoupgrade: true
languages:
    enabled: false
    default: en
    path: languages
limits:
    nicklen: 32
    identlen: 20
    realnamelen: 150
    channellen: 64
    awaylen: 390
    kicklen: 390
    topiclen: 390
    monitor-entries: 100
    whowas-entries: 100
    chan-list-modes: 100
    registration-messages: 1024
fakelag:
    enabled: false
history:
    enabled: false
"""
