"""What can be wrong with a configuration, as values.

What belongs here: the shape of a problem. What must not: sentences, which `cli/complaints.py` makes in two
languages.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong."""

    kind: str  # pydantic's own name of the error, or one of ours
    key: str = ""  # "models[0].nick"; empty when it is the file as a whole
    where: str = ""  # "tertulia.toml:12", or "$TERTULIA_SERVER__NAME"
    given: str = ""  # as it was written; empty when it may be a secret
    nearest: str = ""  # the known name that was perhaps meant
    context: Mapping[str, Any] = field(default_factory=dict)  # what the sentence needs: bounds, choices
    warning: bool = False  # it works, but should not stay so


class ConfigError(Exception):
    """The settings cannot be used; `problems` says all of it at once."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(f"{problem.where}: {problem.key}: {problem.kind}" for problem in problems))
        self.problems = tuple(problems)
