"""SEARCH: soju.im/search (work in progress), within what the asker may read; and for people who type it."""

from __future__ import annotations

import pytest

from tertulia.limits import SEARCH_LINES, SEARCH_RESULTS
from tests.support.failing import FailingStore
from tests.support.reading import all_of, tag, texts, the
from tests.support.town import Client, Town

CAPS = "batch message-tags server-time draft/message-redaction soju.im/search"


@pytest.fixture
def ana(town: Town) -> Client:
    return town.join("ana", "#r", caps=CAPS)


def found(client: Client, asked: str) -> list[str]:
    """What a search says was said, its batch checked."""
    client.take()
    opening, *inner, closing = all_of(client.say(f"SEARCH {asked}"), "BATCH", "PRIVMSG", "NOTICE", "FAIL")
    assert opening.params[1:] == ["soju.im/search"] and closing.params == [f"-{opening.params[0][1:]}"]
    assert all(tag(line, "batch") == opening.params[0][1:] for line in inner)
    return [line.params[-1] for line in inner]


def test_text(town: Town, ana: Client) -> None:
    """ "the message text matches the specified text. The actual algorithm used for matching the text is
    implementation defined." """
    ana.say("PRIVMSG #r :¿Qué es un SOCKET?", "NOTICE #r :un té", "PRIVMSG #r :nada")
    assert found(ana, "text=socket") == ["¿Qué es un SOCKET?"]
    assert found(ana, "text=te") == ["un té"]
    assert found(ana, r"text=un\ssock*") == ["¿Qué es un SOCKET?"]
    assert found(ana, 'text="un té"') == ["un té"]
    assert found(ana, ":text=un té") == ["un té"]


def test_an_empty_batch(ana: Client) -> None:
    """ "If no content exists to return, the server SHOULD return an empty batch in order to avoid the client
    waiting for a reply." """
    assert found(ana, "text=nobody") == []
    assert found(ana, "before=2010-01-01T00:00:00.000Z;in=#r") == []


def test_messages_are_as_they_were(ana: Client) -> None:
    """ "the msgid tag that identifies each individual message in a response MUST be the msgid tag as
    originally sent by the IRC server" """
    ana.say("CAP REQ echo-message")
    said = the(ana.say("PRIVMSG #r :hola"), "PRIVMSG")
    again = the(ana.say("SEARCH text=hola"), "PRIVMSG")
    assert (tag(again, "msgid"), tag(again, "time")) == (tag(said, "msgid"), tag(said, "time"))
    assert (again.source, again.params) == (said.source, said.params)


def test_in_and_from(town: Town, ana: Client) -> None:
    """ "`in`: the message was sent to this target (channel or user). `from`: the message was sent with this
    nick." """
    eva = town.join("Eva", "#r", "#b")
    eva.say("PRIVMSG #r :uno", "PRIVMSG #b :dos", "PRIVMSG ana :tres")
    ana.say("JOIN #b", "PRIVMSG #r :cuatro", "PRIVMSG Eva :cinco")
    assert found(ana, "in=#R") == ["uno", "cuatro"]
    assert found(ana, "in=#r;from=eva") == ["uno"]
    assert found(ana, "from=EVA") == ["uno", "dos", "tres"]
    assert found(ana, "in=eva") == ["tres", "cinco"]
    assert found(ana, "in=eva;from=ana") == ["cinco"]


def test_after_and_before(town: Town, ana: Client) -> None:
    """ "`after`: the message was sent at or after this time ... `before`: at or before this time" ... "If
    `after` is specified, messages SHOULD be searched from that time. Otherwise ..." """
    ana.say("CAP REQ echo-message")
    times = []
    for number in range(5):
        town.advance(1)
        times.append(tag(the(ana.say(f"PRIVMSG #r :m{number}"), "PRIVMSG"), "time"))
    assert found(ana, f"in=#r;after={times[3]}") == ["m3", "m4"]
    assert found(ana, f"in=#r;before={times[1]}") == ["m0", "m1"]
    assert found(ana, f"in=#r;after={times[1]};before={times[3]}") == ["m1", "m2", "m3"]
    assert found(ana, f"in=#r;after={times[1]};limit=2") == ["m1", "m2"]
    assert found(ana, f"in=#r;before={times[3]};limit=2") == ["m2", "m3"]
    assert found(ana, "in=#r;limit=2") == ["m3", "m4"]


def test_no_more_than_the_limit(town: Town, ana: Client) -> None:
    """ "The server MAY return less messages than this number." """
    for number in range(SEARCH_RESULTS + 5):
        ana.send(f"PRIVMSG #r :m {number}")
    town.run()
    assert len(found(ana, "text=m;limit=99999")) == SEARCH_RESULTS
    assert found(ana, "text=m;limit=1") == [f"m {SEARCH_RESULTS + 4}"]


@pytest.mark.parametrize(
    ("asked", "named"),
    [("x=y", "x"), ("text=a;limit=0", "limit"), ("limit=-1", "limit"), ("limit=²", "limit"),
     ("text=…", "text"), ("in=#nowhere", "in"), ("in=#secret", "in"), ("after=yesterday", "after"),
     ("before=timestamp=1", "before")],
)  # fmt: skip
def test_what_is_wrong_is_named(town: Town, ana: Client, asked: str, named: str) -> None:
    """`FAIL SEARCH INVALID_PARAMS [invalid_parameters] :Invalid parameters`"""
    town.join("eva", "#secret")
    assert the(ana.say(f"SEARCH {asked}"), "FAIL").params[:3] == ["SEARCH", "INVALID_PARAMS", named]


def test_a_store_that_cannot_be_read() -> None:
    """ "If the search cannot be run due to an internal error, the `INTERNAL_ERROR` error code SHOULD be
    returned." """
    store = FailingStore()
    ana = Town(store).join("ana", "#r", caps=CAPS)
    store.fail("locked", reading=True)
    assert the(ana.say("SEARCH text=x"), "FAIL").params[:2] == ["SEARCH", "INTERNAL_ERROR"]


def test_nobody_finds_what_they_may_not_read(town: Town, ana: Client) -> None:
    eva, leo = town.join("eva", "#r", "#b"), town.join("leo", "#b", caps=CAPS)
    eva.say("PRIVMSG #b :secreto sala", "PRIVMSG leo :secreto dos", "NOTICE @#b :secreto rango")
    assert found(ana, "text=secreto") == []
    assert found(leo, "text=secreto") == ["secreto sala", "secreto dos"]
    assert found(leo, "text=secreto;in=eva") == ["secreto dos"]
    leo.say("PART #b")
    assert found(leo, "text=secreto") == ["secreto dos"]
    assert found(ana, "text=secreto;in=eva") == []


def test_what_was_taken_back_is_not_found(ana: Client) -> None:
    ana.say("CAP REQ echo-message")
    msgid = tag(the(ana.say("PRIVMSG #r :un desliz"), "PRIVMSG"), "msgid")
    assert found(ana, "text=desliz") == ["un desliz"]
    ana.say(f"REDACT #r {msgid}")
    assert found(ana, "text=desliz") == []


def test_without_batches_the_lines_come_alone(town: Town) -> None:
    """ "limited functionality is available to clients without support for these CAPs" """
    ana = town.join("ana", "#r", caps="soju.im/search")
    ana.say("PRIVMSG #r :hola")
    assert ana.say("SEARCH text=hola") == [":ana!~ana@127.0.0.1 PRIVMSG #r :hola"]


def test_for_people_it_is_told_in_words(town: Town) -> None:
    ana = town.join("ana", "#r", "#b")
    ana.say("PRIVMSG #r :un té", "PRIVMSG #b :\x01ACTION toma un té\x01", "PRIVMSG #r :otra cosa")
    first, second, last = texts(ana.say("SEARCH te"), "NOTICE")
    assert first.endswith("] #r <ana> un té") and first[0] == "["
    assert second.endswith("] #b <ana> * toma un té")
    assert last == "End of the search: 2 found"
    assert texts(ana.say("SEARCH #r un te"), "NOTICE")[0].endswith("un té")
    assert len(texts(ana.say("SEARCH #r"), "NOTICE")) == 3
    assert len(texts(ana.say("SEARCH in=#b;text=te"), "NOTICE")) == 2
    ana.say("LANGUAGE es")
    assert texts(ana.say("SEARCH nadie"), "NOTICE") == ["Fin de la búsqueda: 0 hallados"]
    assert texts(ana.say("SEARCH #nowhere x"), "NOTICE")[0].startswith("SEARCH: ")


def test_for_people_it_is_short(town: Town) -> None:
    ana = town.join("ana", "#r")
    for _ in range(SEARCH_LINES + 5):
        ana.say("PRIVMSG #r :" + "té " * 100)
    lines = ana.say("SEARCH té")
    assert len(lines) == SEARCH_LINES + 1
    assert all(len(line.encode()) <= 510 for line in lines)


def test_without_parameters(ana: Client) -> None:
    assert the(ana.say("SEARCH"), "461").params[1] == "SEARCH"
