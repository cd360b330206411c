"""What a tool is: its definition for models, its name for people, whether it changes the world, and its deed.

What belongs here: values, and reading arguments. What must not: any one tool, rights (`allow`).
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from tertulia.limits import TOOL_RESULT_CHARACTERS
from tertulia.models.provider import Image, ToolDefinition
from tertulia.models.window import shortened

if TYPE_CHECKING:
    from tertulia.models.member import Member
    from tertulia.models.turns import Question

Arguments = Mapping[str, Any]


class Outcome(NamedTuple):
    text: str
    images: tuple[Image, ...] = ()
    people: frozenset[str] = frozenset()  # identities of those whose words are in it


class ToolFailed(Exception):
    """It could not be done; the text is for the model."""


@dataclass(frozen=True, slots=True)
class Tool:
    """`run` is for one member and one question; it may raise `ToolFailed` and nothing else, and ends in
    time."""

    definition: ToolDefinition
    shown: str  # as people and the provenance tag name it: "search", "files/delete"
    changes: bool  # the world: people are asked before
    run: Callable[[Member, Question, Arguments], Awaitable[Outcome]]
    allow: tuple[str, ...] = ("*",)  # who may use it: `allow.allows`


def is_kept_here(member: Member, question: Question) -> bool:
    """Whether what a model is shown for this question stays on this machine."""
    provider = member.desk.provider
    if provider is None or not provider.capabilities.local:
        return False
    return not (provider.capabilities.tools and member.circle.toolbox.leaves(member, question))


def read_arguments(text: str) -> dict[str, Any] | None:
    """A call's arguments; None when they are no JSON object."""
    try:
        found = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def plainly(arguments: Arguments) -> str:
    """Arguments as people read them before they agree: on one line, nothing hidden. What does not print
    (controls, marks that turn the direction of writing, spaces without width) is escaped."""
    text = json.dumps(arguments, ensure_ascii=False)
    return "".join(one if one.isprintable() else _escaped(one) for one in text)


def _escaped(character: str) -> str:
    number = ord(character)
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def text_of(arguments: Arguments, name: str, otherwise: str | None = None) -> str:
    """An argument that is a text. Raises `ToolFailed` when it is none, or missing without an `otherwise`."""
    value = arguments.get(name, otherwise)
    if not isinstance(value, str) or (otherwise is None and not value.strip()):
        raise ToolFailed(f"The argument {name} must be a text.")
    return value.strip()


def number_of(arguments: Arguments, name: str, otherwise: int, most: int) -> int:
    """An argument that is a whole number from 0 on, at most `most`. Raises `ToolFailed`."""
    value = arguments.get(name, otherwise)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ToolFailed(f"The argument {name} must be a whole number.")
    return min(value, most)


def bounded(outcome: Outcome) -> Outcome:
    return outcome._replace(text=shortened(outcome.text, TOOL_RESULT_CHARACTERS))
