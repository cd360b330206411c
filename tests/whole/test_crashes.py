"""`kill -9`, and what is there afterwards, as a client finds it; and what two servers on one folder do.

docs/store.md: "After `kill -9`: nothing is lost that anybody was told", on `full` and on `normal`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.process import Server
from tests.whole.outside import Start
from tests.whole.people import Person, arrive

pytestmark = pytest.mark.slow

READER = "draft/chathistory batch message-tags standard-replies"
SPEAKER = f"{READER} tertulia.chat/stream echo-message"


def killed(server: Server) -> None:
    server.process.kill()
    assert server.ended() == -9


def history(reader: Person, target: str) -> list[str]:
    reader.say(f"CHATHISTORY LATEST {target} * 1000")
    return [line for line in reader.fence() if " PRIVMSG " in line]


def texts(lines: list[str]) -> list[str]:
    return [line.split(" PRIVMSG ", 1)[1].partition(" :")[2] for line in lines]


@pytest.mark.parametrize("durability", ["full", "normal"])
def test_what_was_told_is_there(start: Start, durability: str) -> None:
    server = start(doors=("irc", "unix"), durability=durability, flood=False)
    ana = arrive(server).enter("ana", "#sala", capabilities=SPEAKER)
    bea = arrive(server, "unix").enter("bea", "#sala")
    ana.say("TOPIC #sala :Lo de hoy", "MODE #sala +ntlk 7 llave", "MODE #sala +b *!*@molesto.example")
    ana.say(*(f"PRIVMSG #sala :{number}" for number in range(300)), "PRIVMSG bea :a solas")
    said = [str(number) for number in range(300)]
    ana.until(" PRIVMSG bea :a solas")  # the echo: all before it is stored
    bea.until(" PRIVMSG bea :a solas")
    killed(server)
    again = start(doors=("irc", "unix"), durability=durability, flood=False)
    ana = arrive(again)
    ana.enter("ana", capabilities=READER).say("JOIN #sala llave", "MODE #sala", "MODE #sala b")
    heard = ana.fence()
    assert any(line.endswith(" 332 ana #sala :Lo de hoy") for line in heard), heard
    (modes,) = [line for line in heard if " 324 " in line]
    assert set(modes.split()[4]) == set("+ntlk")
    assert {"7", "llave"} <= set(modes.replace(":", "").split())
    assert any(" 367 " in line and "*!*@molesto.example" in line for line in heard), heard
    assert texts(history(ana, "#sala")) == said
    assert texts(history(ana, "bea")) == ["a solas"]


def test_a_stream_that_was_growing_is_marked(start: Start) -> None:
    """docs/extensions/stream.md: "After a crash, what was stored of an open stream is there as a message with
    `tertulia.chat/incomplete`"."""
    server = start(flood=False)
    ana = arrive(server).enter("ana", "#sala", capabilities=SPEAKER)
    bea = arrive(server).enter("bea", "#sala", capabilities=SPEAKER)
    ana.say(
        "BATCH +r1 tertulia.chat/stream #sala",
        "@batch=r1 PRIVMSG #sala :Un socket es un extremo",
        "@batch=r1;tertulia.chat/concat PRIVMSG #sala : de una conversa",
    )
    bea.until(" PRIVMSG #sala : de una conversa")
    killed(server)
    again = start(flood=False)
    (found,) = history(arrive(again).enter("ana", "#sala", capabilities=READER), "#sala")
    assert "tertulia.chat/incomplete" in found.split(" ")[0]
    assert texts([found])[0].removesuffix(" […]") == "Un socket es un extremo de una conversa"


def test_it_dies_again_and_again(start: Start) -> None:
    kept: list[str] = []
    for life in range(4):
        server = start(doors=("irc", "unix"), flood=False)  # also: the dead one's socket file is replaced
        ana = arrive(server, "unix").enter("ana", "#sala", capabilities=SPEAKER)
        assert texts(history(ana, "#sala")) == kept
        ana.say(*(f"PRIVMSG #sala :{life} {number}" for number in range(50)))
        ana.until(f" PRIVMSG #sala :{life} 49")
        kept += [f"{life} {number}" for number in range(50)]
        killed(server)


def test_the_second_server_says_who_has_the_folder(start: Start) -> None:
    """docs/store.md: "Two servers cannot: the second says the number of the first and stops"."""
    first = start()
    second = start()
    assert second.ended() == 1
    assert f"is being served by process {first.process.pid}" in "\n".join(second.log)
    arrive(first).enter("ana")
    killed(first)
    arrive(start()).enter("ana")


def test_a_lock_file_alone_means_nothing(start: Start, tmp_path: Path) -> None:
    """docs/store.md: "The lock ends with its process, however that ends; the file stays, and means nothing by
    itself"."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "tertulia.db.lock").write_text("1\n")
    arrive(start()).enter("ana")
