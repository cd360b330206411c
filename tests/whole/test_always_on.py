"""One account on two devices, as people use it: they leave, the server ends, they come back.

docs/always-on.md: "When a device comes back it finds everything where it was, and you are back."
"""

from __future__ import annotations

import signal
import time
from base64 import b64encode

import pytest

from tests.cli.process import Server
from tests.whole.outside import Start
from tests.whole.people import Person, arrive

pytestmark = pytest.mark.slow

PASSWORD = "correcthorse9"


def make_account(server: Server) -> None:
    ana = arrive(server).enter("ana")
    ana.say(f"NS REGISTER {PASSWORD}")
    ana.until("The account ana is yours")
    ana.say("NS SET always-on on", "JOIN #sala")
    ana.until(" 366 ")
    ana.say("QUIT")
    ana.rest()


def on(server: Server, device: str, *capabilities: str) -> tuple[Person, list[str]]:
    """Ana on one of her devices, and what she is told first."""
    response = b64encode(f"\0ana@{device}\0{PASSWORD}".encode()).decode()
    ana = arrive(server)
    ana.say(f"CAP REQ :{' '.join(['sasl', *capabilities])}", "AUTHENTICATE PLAIN", f"AUTHENTICATE {response}")
    ana.until(" 903 ")
    ana.say("NICK ana", "USER ana 0 * :Ana", "CAP END")
    ana.until(" 001 ")
    return ana, ana.fence()


def said(lines: list[str]) -> list[str]:
    return [line.partition(" PRIVMSG ")[2].partition(" :")[2] for line in lines if " PRIVMSG " in line]


def stamped(lines: list[str]) -> list[str]:
    """What was said, without `[14:03] `."""
    assert all(text.startswith("[") for text in said(lines)), lines
    return [text.partition("] ")[2] for text in said(lines)]


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL])
def test_two_devices_and_a_restart(start: Start, end: signal.Signals) -> None:
    server = start(flood=False)
    make_account(server)
    phone, _ = on(server, "phone")
    laptop, welcome = on(server, "laptop", "echo-message", "server-time", "batch")
    assert any(line.endswith(" JOIN #sala") for line in welcome)
    eva = arrive(server).enter("eva", "#sala")
    laptop.say("PRIVMSG #sala :desde el portátil")
    phone.until(":ana!", "PRIVMSG #sala :desde el portátil")
    _another_millisecond()  # what was said in the very one of a departure is shown again
    phone.say("QUIT")
    phone.rest()
    eva.say("PRIVMSG #sala :uno", "PRIVMSG ana :a solas")
    laptop.until("PRIVMSG ana :a solas")
    _another_millisecond()
    laptop.say("QUIT")
    laptop.rest()
    eva.say("PRIVMSG ana :¿sigues ahí?")
    eva.until(" 301 eva ana ")
    if end is signal.SIGKILL:
        eva.say("PRIVMSG #sala :con esto se guarda lo que podía esperar")
        eva.fence()
    server.process.send_signal(end)
    server.ended()

    again = start(flood=False)
    eva = arrive(again).enter("eva", "#sala")
    eva.say("NAMES #sala", "PRIVMSG #sala :dos")
    assert any(line.endswith(":@ana eva") for line in eva.fence())
    _, back = on(again, "phone")
    missed = stamped(back)
    assert missed[:2] == ["a solas", "¿sigues ahí?"] and missed[2] == "uno" and missed[-1] == "dos"
    _, back = on(again, "laptop", "echo-message", "server-time", "batch")
    assert "uno" not in said(back) and {"¿sigues ahí?", "dos"} <= set(said(back))
    assert all(line.startswith("@batch=") and ";time=" in line for line in back if " PRIVMSG " in line)


def _another_millisecond() -> None:
    now = time.time_ns() // 1_000_000
    while time.time_ns() // 1_000_000 <= now + 1:
        pass
