"""Models without manners on purpose: what the promises must find.

What belongs here: one function a fault, which damages the house of a parlour that has just been made; it is
called again after every death. What must not: faults that no promise is for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tests.simulation.parlour.world import Parlour


def consent_is_forgotten(world: Parlour) -> None:
    """Who opted out is shown to everybody."""
    world.host.circle.consent.withheld = lambda identity: False  # type: ignore[method-assign]


def a_new_nick_is_a_new_person(world: Parlour) -> None:
    """A guest's wish is not carried to another nick, nor back."""
    world.host.circle.consent.renamed = lambda was, now: None  # type: ignore[method-assign]


def rooms_run_together(world: Parlour) -> None:
    """What was said in any room is remembered for all of them."""
    for one in world.host.circle.members:
        corner: Any = one.corner
        one.corner = lambda target, owner="", corner=corner: corner("#r")  # type: ignore[method-assign,misc]


def hops_are_not_counted(world: Parlour) -> None:
    """Models answer each other however many have spoken before."""
    rules: Any = world.host.circle.rules
    world.host.circle.rules = (  # type: ignore[method-assign]
        lambda room, member: replace(rules(room, member), limit=1_000)
    )


def answers_are_forgotten(world: Parlour) -> None:
    """What was answered is noted as still open, so that everybody is told of a restart."""
    for one in world.host.circle.members:
        one.recovery.over = lambda questions: None  # type: ignore[method-assign]


def the_cut_off_are_told_at_every_start(world: Parlour) -> None:
    ask = world.notebook.ask
    world.notebook.ask = lambda asked: ask(asked._replace(open=True))  # type: ignore[method-assign]


def what_is_reserved_is_not_counted(world: Parlour) -> None:
    """Only what was settled is, so that calls at once exceed the budget together."""
    reserve: Any = world.ledger.reserve
    world.ledger.reserve = lambda keys, decide: reserve(  # type: ignore[method-assign]
        keys, lambda spent: decide([one._replace(reserved_tokens=0) for one in spent])
    )


def stop_is_not_heard(world: Parlour) -> None:
    for one in world.host.circle.members:
        one.desk.stop = lambda turn: None  # type: ignore[method-assign]


def redactions_are_not_heard(world: Parlour) -> None:
    """What was taken back is thought of to its end, and paid for."""
    for one in world.host.circle.members:
        one._redacted = lambda target, msgid: None  # type: ignore[method-assign]


def reminders_stay(world: Parlour) -> None:
    """What was said is not struck out."""
    world.notebook.done = lambda id: False  # type: ignore[method-assign]


def every_question_is_asked_twice(world: Parlour) -> None:
    for one in world.host.circle.members:
        ask = one.stage.speech

        def twice(question: Any, target: str = "", ask: Any = ask) -> Any:
            once = ask(question, target)
            once.say("sí")
            once.close("", {})
            return ask(question, target)

        one.stage.speech = twice  # type: ignore[method-assign]


def acknowledgements_are_lost(world: Parlour) -> None:
    """What the agent has answered is not noted, and so given out again."""
    put = world.town.hub.inboxes.put

    def forgetful(place: Any) -> None:
        before = world.town.hub.inboxes.places(place.agent).get(place.buffer)
        put(place._replace(done="", upto=before.upto if before else place.upto))

    world.town.hub.inboxes.put = forgetful  # type: ignore[method-assign]


def rounds_do_not_wait(world: Parlour) -> None:
    """Each model shows its answer of a round when it has it."""
    for one in world.host.circle.members:
        consult = one.stage.consult

        async def at_once(
            question: Any, request: Any, purpose: str, *rest: Any, one: Any = one, consult: Any = consult
        ) -> Any:
            whole = await consult(question, request, purpose, *rest)
            if purpose == "round":
                speech = one.stage.speech(question)
                speech.say(whole.text)
                speech.close("", {})
                one.flush()
            return whole

        one.stage.consult = at_once  # type: ignore[method-assign]


ALL: dict[Callable[[Parlour], None], str] = {
    consent_is_forgotten: "Wrong: .* elsewhere was shown .* who opted out",
    a_new_nick_is_a_new_person: "Wrong: .* elsewhere was shown .* who opted out",
    rooms_run_together: "Wrong: .* was shown u[0-9]+. of .* in ",
    hops_are_not_counted: "Wrong: .* spoke beyond the limit of hops",
    answers_are_forgotten: "Wrong: .* still waits for",
    the_cut_off_are_told_at_every_start: "Wrong: .* (told .* of a restart twice|still waits for)",
    what_is_reserved_is_not_counted: "Wrong: [0-9]+ tokens of .*, of at most",
    stop_is_not_heard: "Wrong: .* said !stop, and is still being answered",
    redactions_are_not_heard: "Wrong: .* was taken back, and .* goes on with it",
    reminders_stay: "Wrong: the reminder .* was said",
    every_question_is_asked_twice: "Wrong: .* answered .* twice",
    acknowledgements_are_lost: "Wrong: the agent answered",
    rounds_do_not_wait: "Wrong: (a part of a round was shown|.* answered .* twice)",
}
"""Each fault, and how what the promises say of it begins."""
