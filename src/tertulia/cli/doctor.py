"""`tertulia doctor`: is this machine ready for this configuration?

What belongs here: what depends on the machine at this moment, as a table of questions. What must not: the
configuration's own mistakes (`check.py`), and repairs.
"""

from __future__ import annotations

import ctypes.util
import os
import resource
import shutil
import socket
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tertulia.cli.complaints import sentence
from tertulia.cli.language import say, told
from tertulia.cli.runtime import SPARE_FILES
from tertulia.cli.translate_models import for_models, tls_files
from tertulia.config import ConfigError, Settings, listeners, load, model_folder

FREE_BYTES = 1 << 30  # less than this on the data folder's disk is worth a word
BUILT = datetime(2026, 1, 1, tzinfo=UTC)  # a clock that shows less is wrong
CERTIFICATE_DAYS = 14
MARKS = {True: "ok", False: "!!", None: "--"}


@dataclass(frozen=True, slots=True)
class Finding:
    """An answer: good, bad, or None for something to know."""

    good: bool | None
    text: str


Question = Callable[[Settings], Iterator[Finding]]


def run(named: Path | None) -> int:
    """Print a line for each finding. The exit code is 1 when something stands in the way."""
    try:
        settings = load(named)
    except ConfigError as error:
        print(*map(sentence, error.problems), sep="\n", file=sys.stderr)
        return 1
    findings = [finding for question in QUESTIONS for finding in question(settings)]
    for finding in findings:
        print(f"[{MARKS[finding.good]}] {finding.text}")
    return int(any(finding.good is False for finding in findings))


# --- The questions ----------------------------------------------------------------------------------------


def ports_free(settings: Settings) -> Iterator[Finding]:
    """Could the doors open now? Tried and let go at once."""
    from tertulia.transports.sockets import bind_tcp
    from tertulia.transports.uri import DoorError, parse_uri

    for uri in listeners(settings):
        try:
            endpoint = parse_uri(uri)
            if endpoint.path:
                yield _socket_path(Path(endpoint.path))
                continue
            for plug in bind_tcp(endpoint):
                plug.close()
            yield Finding(True, say(f"{uri} is free", f"{uri} está libre"))
        except DoorError as error:
            yield Finding(False, told(error))


def _socket_path(path: Path) -> Finding:
    """A Unix socket is not tried, since that would replace it; it is asked whether somebody answers."""
    folder = _existing(path.parent)
    if not os.access(folder, os.W_OK):
        return Finding(False, say(f"cannot write in {folder}", f"no se puede escribir en {folder}"))
    with socket.socket(socket.AF_UNIX) as probe:
        if probe.connect_ex(str(path)) == 0:
            return Finding(
                False, say(f"{path}: a server is running there", f"{path}: ahí hay un servidor en marcha")
            )
    return Finding(True, say(f"unix://{path} is free", f"unix://{path} está libre"))


def certificate(settings: Settings) -> Iterator[Finding]:
    """How long is the certificate good for?"""
    files = tls_files(settings)
    if not files.certificate.is_file():
        yield Finding(
            None, say("a certificate will be made at the start", "al arrancar se hará un certificado")
        )
        return
    from cryptography import x509

    try:
        found = x509.load_pem_x509_certificate(files.certificate.read_bytes())
    except (ValueError, OSError) as error:
        yield Finding(False, f"{files.certificate}: {error}")
        return
    until = found.not_valid_after_utc
    good = until > datetime.now(UTC) + timedelta(days=CERTIFICATE_DAYS)
    yield Finding(
        good,
        say(
            f"the certificate is valid until {until:%Y-%m-%d}",
            f"el certificado vale hasta el {until:%Y-%m-%d}",
        ),
    )


def local_model(settings: Settings) -> Iterator[Finding]:
    """Can a model run on this machine, and is its file here?"""
    seats = [seat for seat in for_models(settings, os.environ) if seat.provider == "local"]
    if not seats:
        return
    if ctypes.util.find_library("gomp") is not None:
        yield Finding(True, say("libgomp is here", "libgomp está"))
    else:
        need = say("the local model needs libgomp1", "el modelo local necesita libgomp1")
        yield Finding(False, f"{need}: apt install libgomp1")
    from tertulia.cli.models import finding_of

    for seat in seats:
        here, text = finding_of(seat.model, model_folder(settings, os.environ))
        yield Finding(True if here else None, f"{seat.nick}: {text}")


def disk(settings: Settings) -> Iterator[Finding]:
    """Is there room, and may we write?"""
    for folder in dict.fromkeys((settings.server.data, model_folder(settings, os.environ))):
        there = _existing(folder)
        free = shutil.disk_usage(there).free
        gigabytes = f"{free / (1 << 30):.1f} GiB"
        yield Finding(free >= FREE_BYTES, say(f"{folder}: {gigabytes} free", f"{folder}: {gigabytes} libres"))
        if not os.access(there, os.W_OK):
            yield Finding(False, say(f"cannot write in {there}", f"no se puede escribir en {there}"))


def open_files(settings: Settings) -> Iterator[Finding]:
    """Does the number of connections fit below the limit of open files?"""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    wanted = settings.limits.connections + SPARE_FILES
    good = hard == resource.RLIM_INFINITY or hard >= wanted
    why = f"limits.connections = {settings.limits.connections}"
    english = f"{hard} files may be open; {wanted} are needed for {why}"
    yield Finding(good, say(english, f"se pueden abrir {hard} ficheros; {why} pide {wanted}"))


def clock(_: Settings) -> Iterator[Finding]:
    """Does the clock show a time that can be?"""
    now = datetime.fromtimestamp(time.time(), UTC)
    yield Finding(
        now > BUILT,
        say(f"the clock shows {now:%Y-%m-%d %H:%M} UTC", f"el reloj marca {now:%Y-%m-%d %H:%M} UTC"),
    )


QUESTIONS: tuple[Question, ...] = (ports_free, certificate, local_model, disk, open_files, clock)


def _existing(folder: Path) -> Path:
    """The folder, or the nearest one above it that exists: that is where it would be made."""
    return next(one for one in (folder.absolute(), *folder.absolute().parents) if one.exists())
