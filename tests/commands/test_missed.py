"""What was missed is shown to who comes back, unless its client asks for it by itself."""

from __future__ import annotations

import pytest

from tertulia import limits
from tertulia.protocol.presence import AccountTime
from tests.support.accounts import account, come
from tests.support.failing import FailingStore
from tests.support.reading import has, texts, the
from tests.support.town import Client, Town, commands


@pytest.fixture
def store() -> FailingStore:
    return FailingStore()


@pytest.fixture
def town(store: FailingStore) -> Town:
    town = Town(store)
    account(town, "Ana", settings='{"always-on": "on"}')
    return town


@pytest.fixture
def eva(town: Town) -> Client:
    return town.join("eva", "#tea")


def visit(town: Town, device: str = "", caps: str = "", *lines: str) -> list[str]:
    """Ana comes, hears, perhaps says something, and goes."""
    client, heard = come(town, "ana", f"ana@{device}" if device else "ana", caps)
    town.advance(1)
    client.say(*lines, "QUIT")
    town.advance(1)
    return heard


def words(lines: list[str]) -> list[str]:
    return texts(lines, "PRIVMSG")


def test_what_was_said_meanwhile_is_shown_once(town: Town, eva: Client) -> None:
    visit(town, "", "", "JOIN #tea", "PRIVMSG #tea :hasta luego")
    eva.say("PRIVMSG #tea :one", "PRIVMSG #tea :two")
    town.advance(3600)
    lines = visit(town)
    assert words(lines) == ["[14:13] one", "[14:13] two"]
    assert lines[-2] == ":eva!~eva@127.0.0.1 PRIVMSG #tea :[14:13] one"
    assert words(visit(town)) == []


def test_it_comes_after_the_rooms(town: Town, eva: Client) -> None:
    visit(town, "", "", "JOIN #tea,#cake")
    eva.say("PRIVMSG #tea :one")
    verbs = commands(visit(town))
    assert verbs[-1] == "PRIVMSG" and verbs[-2] == "366"


def test_private_words_too(town: Town, eva: Client) -> None:
    visit(town)
    eva.say("PRIVMSG ana :psst", "NOTICE ana :note")
    lines = visit(town)
    assert words(lines) == ["[14:13] psst"] and texts(lines, "NOTICE")[-1] == "[14:13] note"
    assert the(lines, "PRIVMSG").params[0] == "ana"


def test_times_and_batches_for_who_knows_them(town: Town, eva: Client) -> None:
    visit(town, "", "", "JOIN #tea")
    eva.say("PRIVMSG #tea :one")
    lines = visit(town, "", "server-time batch message-tags")
    assert [line.split()[1:] for line in lines[-3:-2]] == [["BATCH", "+" + lines[-3].split("+")[1].split()[0],
                                                             "chathistory", "#tea"]]  # fmt: skip
    assert lines[-2].startswith("@batch=") and ";time=2026-09-21T14:13:" in lines[-2]
    assert lines[-2].endswith(":one") and " BATCH -" in lines[-1]


def test_the_day_is_told_when_it_is_not_today(town: Town, eva: Client) -> None:
    visit(town, "", "", "JOIN #tea")
    eva.say("PRIVMSG #tea :one", "PRIVMSG #tea :\x01ACTION waves\x01", "PRIVMSG #tea :\x01VERSION\x01")
    eva.say("QUIT")
    town.advance(86_400)
    assert words(visit(town)) == ["[2026-09-21 14:13] one", "\x01ACTION [2026-09-21 14:13] waves\x01"]


def test_who_asks_by_itself_is_shown_nothing(town: Town, eva: Client) -> None:
    visit(town, "", "", "JOIN #tea")
    eva.say("PRIVMSG #tea :one")
    assert words(visit(town, "", "draft/chathistory batch")) == []


def test_who_does_not_want_it(town: Town, eva: Client) -> None:
    visit(town, "", "", "JOIN #tea", "NS SET autoreplay-missed off")
    eva.say("PRIVMSG #tea :one")
    assert words(visit(town)) == []


def test_each_device_has_missed_something_else(town: Town, eva: Client) -> None:
    visit(town, "phone", "", "JOIN #tea")
    visit(town, "laptop")
    eva.say("PRIVMSG #tea :one")
    assert words(visit(town, "Phone")) == ["[14:13] one"]
    eva.say("PRIVMSG #tea :two")
    assert words(visit(town, "laptop")) == ["[14:13] one", "[14:13] two"]
    assert words(visit(town, "phone")) == ["[14:13] two"]
    assert words(visit(town, "new")) == []


def test_a_device_whose_old_connection_still_hangs(town: Town, eva: Client) -> None:
    old, _ = come(town, "ana", "ana@phone")
    old.say("JOIN #tea")
    town.advance(10)
    eva.say("PRIVMSG #tea :into the void")
    town.advance(10)
    assert words(visit(town, "phone")) == ["[14:13] into the void"]


def test_own_words_elsewhere(town: Town, eva: Client) -> None:
    """In rooms they are shown to everybody; to people only to who knows one's own words when they come."""
    visit(town, "phone", "", "JOIN #tea")
    visit(town, "old")
    visit(town, "new")
    visit(town, "phone", "", "PRIVMSG #tea :mine", "PRIVMSG eva :to you")
    assert words(visit(town, "old")) == ["[14:13] mine"]
    assert words(visit(town, "new", "echo-message")) == ["[14:13] mine", "[14:13] to you"]


def test_a_nick_of_then_is_the_nick_of_now(town: Town, eva: Client) -> None:
    visit(town, "phone", "", "JOIN #tea")
    eva.say("PRIVMSG ana :hola")
    visit(town, "other", "", "NICK ana_b")
    assert the(visit(town, "phone"), "PRIVMSG").params[0] == "ana_b"


def test_several_lines_are_one_message(town: Town) -> None:
    eva = town.join("eva", "#tea", caps="batch draft/multiline message-tags")
    visit(town, "", "", "JOIN #tea")
    eva.say("BATCH +m draft/multiline #tea", "@batch=m PRIVMSG #tea :one", "@batch=m PRIVMSG #tea :two",
            "@batch=m;draft/multiline-concat PRIVMSG #tea : three", "BATCH -m")  # fmt: skip
    assert words(visit(town)) == ["[14:13] one", "two three"]


def test_there_is_a_bound_and_it_is_told(town: Town, eva: Client) -> None:
    visit(town, "", "", "JOIN #tea")
    for number in range(limits.MISSED_MESSAGES + 5):
        eva.say(f"PRIVMSG #tea :{number}")
    lines = visit(town)
    assert len(words(lines)) == limits.MISSED_MESSAGES and words(lines)[-1].endswith(" 304")
    assert texts(lines, "NOTICE")[-1] == "More was said in #tea than the last 300 messages that follow"


def test_rooms_that_were_left_are_not_shown(town: Town, eva: Client) -> None:
    visit(town, "phone", "", "JOIN #tea")
    eva.say("PRIVMSG #tea :one")
    visit(town, "laptop", "", "PART #tea")
    assert words(visit(town, "phone")) == []


def test_after_a_restart(town: Town, store: FailingStore, eva: Client) -> None:
    visit(town, "", "", "JOIN #tea")
    eva.say("PRIVMSG #tea :before")
    town.hub.drain("bye")
    again = Town(store)
    again.clock.ms = town.clock.ms + 5_000
    again.hub.ids.last = store.last_id()  # type: ignore[attr-defined]
    again.join("eva", "#tea").say("PRIVMSG #tea :after", "PRIVMSG ana :psst")
    assert [one.split()[-1] for one in words(visit(again))] == ["before", "after", "psst"]


def test_a_store_that_cannot_be_read(town: Town, store: FailingStore, eva: Client) -> None:
    visit(town, "", "", "JOIN #tea")
    store.fail(reading=True)
    lines = visit(town)
    assert has(lines, "366") and "disk is full" in texts(lines, "NOTICE")[-1]


def test_devices_are_forgotten_when_there_are_too_many(town: Town, store: FailingStore) -> None:
    for number in range(limits.DEVICES_PER_ACCOUNT + 3):
        visit(town, f"d{number}")
    visit(town, "last")
    town.advance(limits.SOON_SECONDS + 6)
    kept = [one.name for one in store.account_times("ana")]
    assert len(kept) <= limits.DEVICES_PER_ACCOUNT + 1 and "d0" not in kept and "last" in kept


def test_who_does_not_stay_is_noted_all_the_same(town: Town, store: FailingStore) -> None:
    account(town, "Beto")
    client, _ = come(town, "beto", "beto@phone")
    client.say("QUIT")
    town.advance(limits.SOON_SECONDS + 6)
    assert store.account_times("beto") == [AccountTime("beto", "device", "phone", 1_790_000_000_000)]


def test_in_the_millisecond_in_which_the_device_went(town: Town, eva: Client) -> None:
    """Others may have spoken after it had gone; its own last words are no news."""
    visit(town, "", "", "JOIN #tea")
    ana, _ = come(town, "ana", "ana")
    ana.say("PRIVMSG #tea :bye", "QUIT")
    eva.say("PRIVMSG #tea :wait")
    town.advance(1)
    assert words(visit(town)) == ["[14:13] wait"]


def test_a_renamed_room_and_who_took_its_name(town: Town, eva: Client) -> None:
    """What was missed is shown under the new name; the room with the old one shows nothing of it."""
    visit(town, "", "", "JOIN #tea", "PRIVMSG #tea :hasta luego")
    eva.say("PRIVMSG #tea :one", "RENAME #tea #coffee", "PRIVMSG #coffee :two")
    lines = visit(town)
    assert words(lines) == ["[14:13] one", "[14:13] two"]
    assert {line.split()[2] for line in lines if " PRIVMSG " in line} == {"#coffee"}
