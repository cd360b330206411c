"""Mode u: an auditorium, whose audience sees the stage and not each other."""

from __future__ import annotations

import pytest

from tertulia import limits
from tertulia.commands.settings import Operator
from tests.support.town import Client, Town

ROOT = Operator("root", "secret")


class Hall:
    """op keeps order, vic has a voice, ana and bob are the audience."""

    def __init__(self) -> None:
        self.town = Town(operators=(ROOT,))
        self.op = self.town.join("op", "#hall")
        self.vic = self.town.join("vic", "#hall")
        self.op.say("MODE #hall +v vic", "MODE #hall +u")
        self.ana, self.bob = (self.town.join(nick, "#hall") for nick in ("ana", "bob"))
        self.quiet()

    def quiet(self) -> None:
        self.town.run()
        for client in (self.op, self.vic, self.ana, self.bob):
            client.take()

    def heard(self) -> dict[str, list[str]]:
        self.town.run()
        return {one.nick: one.take() for one in (self.op, self.vic, self.ana, self.bob)}


@pytest.fixture
def hall() -> Hall:
    return Hall()


def names(client: Client) -> list[str]:
    reply = client.say("NAMES #hall")[0]
    assert " 353 " in reply
    return sorted(reply.partition(" :")[2].split())


def test_who_is_shown_to_whom(hall: Hall) -> None:
    assert names(hall.op) == ["+vic", "@op", "ana", "bob"]
    assert names(hall.ana) == ["+vic", "@op", "ana"]
    assert names(hall.vic) == ["+vic", "@op"]
    assert [line.split()[7] for line in hall.ana.say("WHO #hall") if " 352 " in line] == ["op", "vic", "ana"]
    assert not [line for line in hall.ana.say("WHOIS bob") if " 319 " in line]
    assert [line for line in hall.op.say("WHOIS bob") if " 319 " in line]


def test_comings_and_goings_are_for_those_who_keep_order(hall: Hall) -> None:
    eve = hall.town.join("eve", "#hall")
    told = hall.heard()
    assert told == {"op": [":eve!~eve@127.0.0.1 JOIN #hall"], "vic": [], "ana": [], "bob": []}
    eve.say("NICK eva")
    assert {nick for nick, lines in hall.heard().items() if lines} == {"op"}
    assert eve.say("PART #hall :adiós") == [":eva!~eve@127.0.0.1 PART #hall :adiós"]
    assert {nick for nick, lines in hall.heard().items() if lines} == {"op"}


@pytest.mark.parametrize("how", ["QUIT :adiós", "kick"])
def test_leaving_the_network_and_being_put_out(hall: Hall, how: str) -> None:
    if how == "kick":
        assert hall.op.say("KICK #hall bob :fuera") == [":op!~op@127.0.0.1 KICK #hall bob :fuera"]
        told = hall.heard()
        assert told["bob"] == [":op!~op@127.0.0.1 KICK #hall bob :fuera"]
    else:
        hall.bob.send(how)
        told = hall.heard()
        assert told["op"] == [":bob!~bob@127.0.0.1 QUIT :Quit: adiós"]
    assert told["ana"] == told["vic"] == []


@pytest.mark.parametrize("how", ["KICK #hall bob :fuera", "PART #hall :fuera"])
def test_who_goes_has_heard_before_what_was_said_before(hall: Hall, how: str) -> None:
    """All of it in one tick, in which the talk of the room is told together."""
    hall.vic.send("PRIVMSG #hall :antes")
    (hall.op if how.startswith("KICK") else hall.bob).send(how)
    told = [line.split(" ", 1)[1] for line in hall.heard()["bob"]]
    assert told == ["PRIVMSG #hall :antes", how]


def test_what_is_said_is_heard_by_all(hall: Hall) -> None:
    hall.ana.say("PRIVMSG #hall :una pregunta")
    told = hall.heard()
    assert told["op"] == told["vic"] == told["bob"] == [":ana!~ana@127.0.0.1 PRIVMSG #hall :una pregunta"]


def test_stepping_onto_the_stage_and_down_again(hall: Hall) -> None:
    """Who did not know that somebody is there learns it before the rank is told."""
    hall.op.say("MODE #hall +v bob")
    told = hall.heard()
    assert told["ana"] == [":bob!~bob@127.0.0.1 JOIN #hall", ":op!~op@127.0.0.1 MODE #hall +v bob"]
    assert told["bob"] == [":op!~op@127.0.0.1 MODE #hall +v bob"]
    hall.op.say("MODE #hall -v bob")
    told = hall.heard()
    assert told["ana"] == [":op!~op@127.0.0.1 MODE #hall -v bob", ":bob!~bob@127.0.0.1 PART #hall"]
    assert told["vic"] == told["ana"]
    assert names(hall.ana) == ["+vic", "@op", "ana"]


def test_who_comes_to_keep_order_learns_whom_to_keep(hall: Hall) -> None:
    """Or else they would hear of people leaving whom nobody has told them of."""
    hall.op.say("MODE #hall +h ana")
    lines = hall.heard()["ana"]
    assert lines[-3:-1] == [
        ":op!~op@127.0.0.1 MODE #hall +h ana", ":tertulia.local 353 ana = #hall :@op +vic %ana bob",
    ]  # fmt: skip
    hall.op.say("MODE #hall +o ana")
    assert hall.heard()["ana"] == [":op!~op@127.0.0.1 MODE #hall +o ana"]  # saw all before


def test_who_becomes_an_operator_of_the_server_learns_it_too(hall: Hall) -> None:
    lines = hall.bob.say(f"OPER {ROOT.name} {ROOT.password}")
    assert ":tertulia.local 353 bob = #hall :@op +vic ana bob" in lines


def test_a_rank_that_comes_with_the_mode_is_no_coming(hall: Hall) -> None:
    """Everybody has seen them until now."""
    hall.op.say("MODE #hall -u")
    hall.quiet()
    hall.op.say("MODE #hall +uv bob")
    assert hall.heard()["ana"] == [":op!~op@127.0.0.1 MODE #hall +uv bob"]


def test_the_lights_go_on(hall: Hall) -> None:
    """When the mode is taken away, everybody learns who else is there."""
    hall.op.say("MODE #hall -u")
    lines = hall.heard()["ana"]
    assert lines[0] == ":op!~op@127.0.0.1 MODE #hall -u" and lines[1].endswith("#hall :@op +vic ana bob")
    assert names(hall.bob) == ["+vic", "@op", "ana", "bob"]


def test_the_lights_go_on_for_who_rises_with_them(hall: Hall) -> None:
    hall.op.say("MODE #hall -u+h ana")
    assert any(line.endswith("#hall :@op +vic %ana bob") for line in hall.heard()["ana"])


def test_sharing_another_room_is_enough(hall: Hall) -> None:
    """A change of nick is heard where one is seen."""
    hall.ana.say("JOIN #cafe")
    hall.bob.say("JOIN #cafe")
    hall.quiet()
    hall.bob.say("NICK roberto")
    told = hall.heard()
    assert told["ana"] == [":bob!~bob@127.0.0.1 NICK :roberto"] or told["ana"][0].endswith("NICK roberto")
    assert told["vic"] == []


def test_history_does_not_tell_either(hall: Hall) -> None:
    """IRCv3 draft/event-playback: who could not hear it cannot read it later."""
    hall.town.join("eve", "#hall").say("QUIT")
    caps = "batch message-tags draft/chathistory draft/event-playback"
    reader = hall.town.join("lee", "#hall", caps=caps)
    hall.vic.say("PRIVMSG #hall :hola")
    played = reader.say("CHATHISTORY LATEST #hall * 50")
    assert any("PRIVMSG" in line for line in played)
    assert not [line for line in played if "eve!" in line]


def test_the_lights_go_out(hall: Hall) -> None:
    """Whoever sees the stage alone from then on is told that the others are gone, in words that all clients
    know; and nobody is told that of themselves."""
    hall.op.say("MODE #hall -u")
    hall.quiet()
    hall.op.say("MODE #hall +u")
    told = hall.heard()
    mode = ":op!~op@127.0.0.1 MODE #hall +u"
    ana, bob = (f":{nick}!~{nick}@127.0.0.1 PART #hall" for nick in ("ana", "bob"))
    assert told == {"op": [], "vic": [mode, ana, bob], "ana": [mode, bob], "bob": [mode, ana]}
    assert names(hall.ana) == ["+vic", "@op", "ana"]


def test_the_lights_go_out_as_somebody_steps_down(hall: Hall) -> None:
    hall.op.say("MODE #hall -u+h ana")
    hall.quiet()
    hall.op.say("MODE #hall +u-v-h vic ana")
    told = hall.heard()
    gone = {nick: {line.split("!")[0] for line in lines if " PART " in line} for nick, lines in told.items()}
    assert gone == {"op": set(), "vic": {":ana", ":bob"}, "ana": {":vic", ":bob"}, "bob": {":vic", ":ana"}}
    assert all(len(lines) == 3 for nick, lines in told.items() if nick != "op"), "each once"


def test_the_lights_go_out_for_who_keeps_order_no_longer(hall: Hall) -> None:
    hall.op.say("MODE #hall +h ana")
    hall.quiet()
    assert hall.ana.say("MODE #hall -h ana") == [
        ":ana!~ana@127.0.0.1 MODE #hall -h ana", ":bob!~bob@127.0.0.1 PART #hall",
    ]  # fmt: skip
    assert hall.heard()["vic"][-1] == ":ana!~ana@127.0.0.1 PART #hall"


def test_too_many_to_be_told_of(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "AUDIENCE_HIDDEN", 1)
    hall.op.say("MODE #hall -u")
    hall.quiet()
    hall.op.say("MODE #hall +u")
    assert hall.heard()["ana"] == [":op!~op@127.0.0.1 MODE #hall +u"]
