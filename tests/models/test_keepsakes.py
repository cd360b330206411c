"""What models keep under the names of rooms and accounts, when a room is renamed or an account is gone; on a
real server."""

from __future__ import annotations

import pytest

from tertulia.models import memory
from tertulia.models.notebook import MemoryNotebook
from tertulia.models.scripted import Scripted
from tertulia.protocol.accounts import AccountRecord
from tertulia.protocol.notes import Asked, Note, Reminder
from tertulia.state import events as may
from tests.models.household import Household, in_house
from tests.models.test_member import Waiting

CAPS = "message-tags server-time batch tertulia.chat/stream"


def test_a_renamed_rooms_settings_go_along_and_are_left_to_nobody() -> None:
    async def scene(house: Household) -> None:
        circle, ana = house.circle, house.town.join("ana", "#r")
        lola = circle.members[0]
        await house.say(ana, "MODE #r +o ana", "PRIVMSG #r :!prompt be brief", "PRIVMSG #r :!remind 20m tea")
        memory.keep(lola, "#r", "ana told that the code is 1234")
        await house.say(ana, "RENAME #r #s")
        assert circle.setting("#s", "prompt") == "be brief" and not circle.setting("#r", "prompt")
        assert "1234" in memory.recall(lola, "#s")
        assert [one.target for one in circle.notebook.reminders()] == ["#s"]

        house.town.network.names.leads.clear()  # as after a start: the old name is free
        bob = house.town.join("bob", "#r")  # another room, and the model is let in
        await house.say(bob, "INVITE lola #r", "PRIVMSG #r :!summary")
        assert not any("1234" in line for line in bob.take())
        house.town.clock.ms += 1_260_000
        house.circle.clockwork.give_due()
        await house.settle()
        assert any("tea" in line for line in ana.take()) and not any("tea" in line for line in bob.take())

    in_house(scene, "lola", providers={"lola": Scripted(["vale"])})


def test_an_answer_in_a_room_that_is_renamed_breaks_off_and_can_be_had_again() -> None:
    provider = Waiting("uno dos tres")

    async def scene(house: Household) -> None:
        ana = house.town.join("ana", "#r", caps=CAPS)
        await house.turns()
        ana.send("PRIVMSG #r :lola: cuenta, ¿qué hay?")
        await house.turns()
        ana.send("RENAME #r #s")
        await house.turns()
        assert provider.cancelled == 1
        assert any("NOTICE ana" in line and "#s" in line and "!repite" in line for line in ana.take())
        provider.go_on.set()
        await house.say(ana, "PRIVMSG #s :!repite")
        assert any("#s :uno dos tres" in line for line in ana.take())

    in_house(scene, "lola", providers={"lola": provider})


def of_ana() -> MemoryNotebook:
    notebook = MemoryNotebook()
    notebook.put(Note("ana", "summary:lola", "the code is 1234", "lola", 1_000))
    notebook.put(Note("#ana", "prompt", "be brief", "ana", 1_000))
    notebook.put(Note("~ana!a@h", "optout", "yes", "ana", 1_000))
    notebook.remind(Reminder("a1", "ana", "lola", "ana", "ana", "1234", 5_000_000_000_000, made_ms=1_000))
    notebook.ask(Asked("lola", "#r", "ana", "ana", "1234?", "en", "m1", 1_000))
    return notebook


def left_of_ana(notebook: MemoryNotebook) -> int:
    notes = [note for note in notebook.notes() if note.scope == "ana"]
    assert len(notebook.notes()) == len(notes) + 2, "what is of a room or a guest is another's"
    return len(notes) + len(notebook.reminders()) + len(notebook.asked("lola"))


def test_who_is_called_like_a_deleted_account_inherits_nothing() -> None:
    notebook = of_ana()

    async def scene(house: Household) -> None:
        assert left_of_ana(notebook) == 3
        await house.town.hub.propose(may.DeleteAccount("ana", False))
        await house.settle()
        assert left_of_ana(notebook) == 0

    made = AccountRecord("ana", "ana", 1)
    in_house(scene, "lola", notebook=notebook, accounts=[made])


@pytest.mark.parametrize(("made_at", "left"), [(None, 0), (2, 0), (1, 3)])
def test_accounts_that_were_deleted_while_no_model_was_here(made_at: int | None, left: int) -> None:
    notebook = of_ana()

    async def scene(house: Household) -> None:
        assert left_of_ana(notebook) == left

    accounts = [AccountRecord("ana", "ana", made_at)] if made_at is not None else []
    in_house(scene, "lola", notebook=notebook, accounts=accounts)


def test_nobody_acts_in_the_name_of_a_suspended_account() -> None:
    provider = Scripted(["vale"])
    notebook = MemoryNotebook()
    notebook.remind(Reminder("a1", "#r", "lola", "ana", "ana", "lola: spend", 1_000, made_ms=1_000_000))

    async def scene(house: Household) -> None:
        bob = house.town.join("bob", "#r")
        house.circle.clockwork.give_due()
        await house.settle()
        assert not any("spend" in line for line in bob.take())

    suspended = AccountRecord("ana", "ana", 1, suspended="spam")
    in_house(scene, "lola", notebook=notebook, accounts=[suspended], providers={"lola": provider})
    assert provider.requests == []
