"""SIGTERM and SIGHUP to a server that has much to do, and clients that do not help.

docs/operations.md: "Drains: no new connections, what was said is stored and delivered, every client is told,
then it stops, all within a second. A second signal stops it at once"; "Reads configuration, environment and
certificates again. With a mistake in the configuration it says what is wrong and goes on with the old one".
"""

from __future__ import annotations

import signal
import ssl
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tertulia.cli.translate_models import tls_files
from tertulia.config import Settings
from tertulia.transports.certificates import ensure_certificate
from tests.cli.process import Server
from tests.whole.outside import Start, eventually, lines_with, written
from tests.whole.people import Person, Witnesses, arrive, plugged
from tests.whole.test_half_open import CLIENT_HELLO

pytestmark = pytest.mark.slow

END_SECONDS = 30.0  # it takes less than one; generous, since the machine may be busy
DOORS = ("irc", "ircs", "unix", "http", "plain")


def ends(server: Server) -> None:
    began = time.monotonic()
    server.signal(signal.SIGTERM)
    assert server.ended() == 0
    assert time.monotonic() - began < END_SECONDS


def test_everybody_is_told_and_nobody_can_hold_it_up(start: Start) -> None:
    server = start(doors=DOORS, durability="off", flood=False)
    people = {door: arrive(server, door).enter(f"n{door}", "#tertulia") for door in DOORS}
    stuck = {door: arrive(server, door, receive_bytes=4_096).enter(f"s{door}", "#tertulia") for door in DOORS}
    half = [Person(plugged(server, door)) for door in DOORS]
    half[1].send(CLIENT_HELLO)
    half[3].send(b"GET / HTTP/1.1\r\n")
    speaker = people.pop("irc")
    for turn in range(12):  # two megabytes wait for those who do not read
        speaker.say(*[f"PRIVMSG #tertulia :{'x' * 440}"] * 400, f"PRIVMSG #tertulia :hecho {turn}")
        speaker.fence()
        for one in people.values():
            one.until(f"hecho {turn}")
    ends(server)
    for door, one in {**people, "irc": speaker}.items():
        assert "The server is stopping" in one.rest(), door
    assert set(stuck) == set(DOORS)


def test_what_was_acknowledged_before_the_end_is_there_after_it(start: Start) -> None:
    server = start(flood=False)
    ana = arrive(server).enter("ana", "#sala", capabilities="echo-message")
    ana.say(*(f"PRIVMSG #sala :{number}" for number in range(2_000)))
    ana.until(" PRIVMSG #sala :500")
    ends(server)
    told = [line for line in ana.rest().split("\n") if " PRIVMSG " in line]
    again = arrive(start(flood=False)).enter("ana", "#sala", capabilities="draft/chathistory batch")
    again.say("CHATHISTORY LATEST #sala * 1000")
    found = [line.rpartition(" :")[2] for line in again.fence() if " PRIVMSG " in line]
    last = int(found[-1])
    assert last >= 500 + len(told)
    assert [int(text) for text in found] == [*range(last - len(found) + 1, last + 1)]


def test_a_second_signal_ends_it_at_once(start: Start) -> None:
    server = start(durability="off")
    arrive(server).enter("ana")
    server.signal(signal.SIGTERM)
    server.signal(signal.SIGTERM)
    # It may come when all is done and nobody listens for signals any more; a shell calls both 143.
    assert server.ended() in (0, 128 + signal.SIGTERM, -signal.SIGTERM)


def test_a_hangup_changes_the_bounds_of_those_who_are_there(start: Start, tmp_path: Path) -> None:
    server = start(durability="off", flood=False)
    witnesses = Witnesses(server)
    ana = arrive(server).enter("ana")
    ana.say(*["PING mucho"] * 500)
    assert sum("mucho" in line for line in ana.fence()) == 500
    written(tmp_path, durability="off", flood=True, more='password = "sésamo"\nlanguage = "es"')
    server.signal(signal.SIGHUP)
    server.wait_log("configuration_reloaded")
    ana.say(*["PING mucho"] * 500)
    assert "[Excess Flood]" in ana.rest()
    witnesses.go_on()
    late = arrive(server)
    late.say("NICK tarde", "USER t 0 * :t")
    assert "contraseña" in late.rest().lower()
    known = arrive(server)
    known.say("PASS sésamo")
    known.enter("conocida")


@pytest.mark.parametrize(
    "wrong", ["[server", '[server]\nlisten = ["irc://0.0.0.0:6667"]', "[limits]\nflood = 3"]
)
def test_hangups_with_mistakes_while_people_talk(start: Start, tmp_path: Path, wrong: str) -> None:
    server = start(durability="off", flood=False)
    witnesses = Witnesses(server)
    (tmp_path / "tertulia.toml").write_text(wrong, encoding="utf-8")
    for count in range(1, 6):
        server.signal(signal.SIGHUP)
        witnesses.go_on()
        server.wait_log("configuration_refused")
        assert len(lines_with(server, "configuration_refused")) <= count
    arrive(server).enter("nueva", "#calle")
    witnesses.go_on()
    ends(server)


def test_a_broken_certificate_is_told_and_the_old_one_stays(start: Start, tmp_path: Path) -> None:
    server = start(doors=("irc", "ircs"), durability="off")
    witnesses = Witnesses(server)
    secure = arrive(server, "ircs").enter("segura", "#calle")
    before = _shown(server)
    files = tls_files(Settings.model_validate({"server": {"data": tmp_path / "data"}}))
    files.certificate.write_text("esto no es un certificado")
    server.signal(signal.SIGHUP)
    server.wait_log("keeps its old certificate")
    assert _shown(server) == before
    files.certificate.unlink()
    files.key.unlink()
    ensure_certificate(files, "otra.example", datetime.now(UTC))
    server.signal(signal.SIGHUP)
    server.wait_log("configuration_reloaded")
    eventually(lambda: _shown(server) != before, witnesses.go_on)
    witnesses.go_on()
    secure.fence()


def _shown(server: Server) -> bytes:
    plug = arrive(server, "ircs").plug
    assert isinstance(plug, ssl.SSLSocket)
    return plug.getpeercert(binary_form=True) or b""
