"""Settings from the environment: `TERTULIA_SERVER__NAME=chat.example` is `server.name`.

What belongs here: variables into the nest of sections that a file would give. What must not: judging
values. Only variables with the delimiter `__` are settings, and the lists `TERTULIA_MODELS`,
`TERTULIA_OPERATORS` and `TERTULIA_WEBIRC`; so other programs may have `TERTULIA_...` variables of their own.
"""

from __future__ import annotations

import tomllib
import types
from collections.abc import Mapping
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

PREFIX = "TERTULIA_"
DELIMITER = "__"
LISTS = ("models", "operators", "webirc")


class Variables(PydanticBaseSettingsSource):
    """The environment as a source; the environment is given, so that a test can give its own."""

    def __init__(self, settings_cls: type[BaseSettings], environ: Mapping[str, str]) -> None:
        super().__init__(settings_cls)
        self._environ = environ

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """Asked by nobody: `__call__` gives all fields at once."""
        return None, field_name, False

    def __call__(self) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for variable, text in self._environ.items():
            path = key_of(variable)
            if path is None:
                continue
            section = values
            for name in path[:-1]:
                section = section.setdefault(name, {})
            section[path[-1]] = _value(text, _annotation(self.settings_cls, path))
        return values


def key_of(variable: str) -> tuple[str, ...] | None:
    """The key that a variable sets, or None when it is not one of ours."""
    if not variable.startswith(PREFIX):
        return None
    path = tuple(variable.removeprefix(PREFIX).lower().split(DELIMITER))
    return path if len(path) > 1 or path[0] in LISTS else None


def variable_of(path: tuple[str | int, ...], environ: Mapping[str, str]) -> str | None:
    """The variable that set this key, something in it, or the list it is in."""
    for variable in environ:
        key = key_of(variable)
        if key is not None and path[: len(key)] == key[: len(path)]:
            return variable
    return None


def _value(text: str, annotation: Any) -> Any:
    """A list may be written as in TOML or with commas; everything else is text until it is validated."""
    if not _is_list(annotation):
        return text
    if text.lstrip().startswith("["):
        try:
            return tomllib.loads(f"value = {text}")["value"]
        except tomllib.TOMLDecodeError:
            return text  # refused later, with what was given
    return [part.strip() for part in text.split(",") if part.strip()]


def _annotation(model: type[BaseModel], path: tuple[str, ...]) -> Any:
    """The declared type of a key; None when there is no such key."""
    annotation: Any = model
    for name in path:
        if get_origin(annotation) is dict:
            annotation = get_args(annotation)[1]
            continue
        fields = (
            annotation.model_fields
            if isinstance(annotation, type) and issubclass(annotation, BaseModel)
            else {}
        )
        if name not in fields:
            return None
        annotation = fields[name].annotation
    return annotation


def _is_list(annotation: Any) -> bool:
    if get_origin(annotation) in (Union, types.UnionType):
        return any(_is_list(one) for one in get_args(annotation))
    return get_origin(annotation) is tuple
