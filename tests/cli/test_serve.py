"""The real program: started as a process, joined through its doors, told to stop and to reload.

What belongs here: the life of the process. What must not: the protocol, which other rooms' tests have.
"""

from __future__ import annotations

import os
import signal
import socket
import ssl
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tertulia.cli.complaints import SENTENCES
from tertulia.cli.translate_models import tls_files
from tertulia.config import Settings
from tertulia.transports.certificates import TlsFiles, ensure_certificate
from tests.cli.process import WAIT_SECONDS, Server, running
from tests.house.tree import ROOT

pytestmark = pytest.mark.slow

CONFIG = """
[server]
listen = ["irc://127.0.0.1:0", "plain://127.0.0.1:0"]
motd = "{motd}"

[[models]]
nick = "lola"
provider = "scripted"
script = ["hola a ti"]
"""


@pytest.fixture
def config(folder: Path) -> Path:
    file = folder / "tertulia.toml"
    file.write_text(CONFIG.format(motd="primero"), encoding="utf-8")
    file.chmod(0o600)
    return file


@pytest.fixture
def server(config: Path) -> Iterator[Server]:
    with running() as one:
        yield one


def test_it_says_where_it_is_open_and_who_lives_there(server: Server) -> None:
    assert server.greeting[0].endswith("is open as tertulia.local")
    assert set(server.doors) == {"irc", "plain"}
    (lola,) = [line for line in server.greeting if line.startswith("  lola ")]
    assert "scripted" in lola
    assert "#tertulia" in lola


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_says_goodbye_to_everybody(server: Server, number: int) -> None:
    client = server.client().enter("ana")
    server.client()  # one that never says who it is
    server.signal(number)
    assert "ERROR :" in client.rest()
    assert server.ended() == 0
    assert [line for line in server.log if "Traceback" in line] == []


def test_what_was_said_is_there_after_a_restart(server: Server) -> None:
    client = server.client().enter("ana")
    client.say("JOIN #sala", "PRIVMSG #sala :esto queda", "PING fin")
    client.until("PONG")
    server.signal(signal.SIGTERM)
    assert server.ended() == 0
    exported = subprocess.run(
        [sys.executable, "-m", "tertulia", "history", "export", "--room", "#sala"],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "esto queda" in exported.stdout


def test_a_model_answers_in_its_room(server: Server) -> None:
    client = server.client().enter("ana")
    client.say("JOIN #tertulia")
    if "lola" not in client.until(" 353 "):
        client.until("JOIN")
    client.say("PRIVMSG #tertulia :lola: hola")
    assert "PRIVMSG #tertulia :" in client.until(":lola!")


def test_hangup_takes_a_new_configuration(server: Server, config: Path) -> None:
    client = server.client().enter("ana")
    config.write_text(CONFIG.format(motd="segundo") + '[store]\ndurability = "off"\n', encoding="utf-8")
    server.signal(signal.SIGHUP)
    server.wait_log("configuration_reloaded")
    assert "store" in server.wait_log("needs_restart")
    client.say("MOTD")
    assert "segundo" in client.until(" 372 ")


def test_hangup_with_a_mistake_changes_nothing(server: Server, config: Path) -> None:
    client = server.client().enter("ana")
    config.write_text("[server]\nnmae = 1\n", encoding="utf-8")
    server.signal(signal.SIGHUP)
    assert "did you mean server.name?" in server.wait_log("configuration_refused")
    client.say("MOTD")
    assert "primero" in client.until(" 372 ")


def test_the_command_line_wins_and_logs_can_be_json(config: Path) -> None:
    arguments = ["--listen", "irc://127.0.0.1:0", "--log-json", "--log-level", "info", "--language", "es"]
    with running(*arguments) as server:
        assert server.greeting[0].endswith("está abierta como tertulia.local")
        assert set(server.doors) == {"irc"}
        server.signal(signal.SIGHUP)
        assert server.wait_log("configuration_reloaded").startswith("{")


def test_a_new_certificate_is_taken_on_hangup(config: Path, folder: Path) -> None:
    with running("--listen", "ircs://127.0.0.1:0") as server:
        before = _certificate(server)
        for file in (folder / "data" / "tls").iterdir():
            file.unlink()
        ensure_certificate(tls_files(Settings()), "new.example", datetime.now(UTC))
        server.signal(signal.SIGHUP)
        server.wait_log("configuration_reloaded")
        assert _certificate(server) != before


def test_a_certificate_in_another_place_is_taken_on_hangup(config: Path, folder: Path) -> None:
    """The first one from an authority, say, after the self-signed one."""
    with running("--listen", "ircs://127.0.0.1:0") as server:
        before = _certificate(server)
        files = TlsFiles(folder / "signed.pem", folder / "signed.key")
        ensure_certificate(files, "new.example", datetime.now(UTC))
        where = f'[tls]\ncertificate = "{files.certificate}"\nkey = "{files.key}"\n'
        config.write_text(CONFIG.format(motd="primero") + where, encoding="utf-8")
        server.signal(signal.SIGHUP)
        server.wait_log("configuration_reloaded")
        assert _certificate(server) != before


def test_health_and_metrics_are_on_the_http_door(config: Path) -> None:
    with running("--listen", "http://127.0.0.1:0", "--listen", "irc://127.0.0.1:0") as server:
        server.client().enter("ana")
        with urllib.request.urlopen(server.doors["http"] + "/health", timeout=WAIT_SECONDS) as reply:
            assert b'"ok":true' in reply.read().replace(b" ", b"")
        with urllib.request.urlopen(server.doors["http"] + "/metrics", timeout=WAIT_SECONDS) as reply:
            assert b"tertulia_commands_total" in reply.read()


@pytest.mark.parametrize(("switch", "status"), [("true", 401), ("false", 404)])
def test_the_door_for_agents_can_be_closed(config: Path, switch: str, status: int) -> None:
    with running("--listen", "http://127.0.0.1:0", TERTULIA_HTTP__MCP=switch) as server:
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(server.doors["http"] + "/mcp", timeout=WAIT_SECONDS)
        assert refused.value.code == status
        refused.value.close()


def test_a_unix_socket_is_a_door(config: Path, folder: Path) -> None:
    with running("--listen", f"unix://{folder}/t.sock") as server:
        server.client("unix").enter("ana")


def test_a_taken_port_is_said_and_nothing_is_left_open(config: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        uri = f"irc://127.0.0.1:{taken.getsockname()[1]}"
        with running("--listen", uri) as server:
            assert server.ended() == 1
            assert uri in server.wait_log(uri)
            assert not any("Traceback" in line for line in server.log)


def test_a_data_folder_that_cannot_be_is_said(config: Path, folder: Path) -> None:
    (folder / "file").touch()
    with running("--data", str(folder / "file")) as server:
        assert server.ended() == 1
        assert not any("Traceback" in line for line in server.log)


def test_warnings_of_the_configuration_are_logged(config: Path) -> None:
    config.write_text(
        CONFIG.format(motd="x") + '[[operators]]\nname = "a"\npassword = "b"\n', encoding="utf-8"
    )
    config.chmod(0o644)
    with running() as server:
        assert SENTENCES["clear_passwords"][0] in server.wait_log("clear passwords")


def _certificate(server: Server) -> str:
    parts = urlsplit(server.doors["ircs"])
    assert parts.hostname is not None
    assert parts.port is not None
    return ssl.get_server_certificate((parts.hostname, parts.port), timeout=WAIT_SECONDS)
