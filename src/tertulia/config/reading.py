"""Settings from the command line over the environment over the file over the defaults.

What belongs here: reading, and turning what pydantic found into problems that say key, place, value and
what was perhaps meant. What must not: the keys themselves (`settings.py`), and sentences
(`cli/complaints.py`).
"""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, TomlConfigSettingsSource

from tertulia.config.origin import KeyPath, line_of, lines_of
from tertulia.config.problems import ConfigError, Problem
from tertulia.config.settings import Settings
from tertulia.config.variables import Variables, variable_of

CONFIG_VARIABLE = "TERTULIA_CONFIG"
CONFIG_NAME = "tertulia.toml"
GIVEN_CHARACTERS = 60  # enough to recognise what one wrote
SECRETS = ("password", "key_env")  # what was given for these is never shown: it may be the secret itself
KEY_WORDS = (
    "key",
    "api_key",
    "apikey",
    "token",
    "secret",
)  # none of them belongs in a file


def find_file(named: Path | None, environ: Mapping[str, str] = os.environ) -> Path | None:
    """The file to read: the one named, the variable's, `tertulia.toml` in this folder, or none."""
    if named is not None:
        return named
    if environ.get(CONFIG_VARIABLE):
        return Path(environ[CONFIG_VARIABLE])
    return Path(CONFIG_NAME) if Path(CONFIG_NAME).is_file() else None


def load(
    named: Path | None = None,
    environ: Mapping[str, str] = os.environ,
    overrides: Mapping[str, Any] | None = None,
) -> Settings:
    """Read and validate. `overrides` is a nest of sections like the file's, and wins over everything.

    Raises `ConfigError` with every problem found.
    """
    path = find_file(named, environ)
    places = Places(path, _read(path), environ)

    class Sourced(Settings):
        @classmethod
        def settings_customise_sources(
            cls,
            settings_cls: type[BaseSettings],
            init_settings: PydanticBaseSettingsSource,
            *_: Any,
            **__: Any,
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            file = TomlConfigSettingsSource(settings_cls, toml_file=path)
            return init_settings, Variables(settings_cls, environ), file

    try:
        return Sourced(**(overrides or {}))
    except ValidationError as error:
        raise ConfigError([_problem(one, places) for one in error.errors()]) from None


class Places:
    """Where each key was written: a line of the file, or a variable."""

    def __init__(self, path: Path | None, text: str, environ: Mapping[str, str]) -> None:
        self.path = path
        self._lines = lines_of(text)
        self._environ = environ

    @classmethod
    def find(cls, named: Path | None, environ: Mapping[str, str] = os.environ) -> Places:
        """The places of the configuration that `load` reads. Raises `ConfigError` as it does."""
        path = find_file(named, environ)
        return cls(path, _read(path), environ)

    def where(self, location: KeyPath) -> str:
        """`tertulia.toml:12`, `$TERTULIA_SERVER__NAME`; empty when a default or the command line spoke."""
        variable = variable_of(location, self._environ)
        if variable and not (len(location) == 1 and location in self._lines):
            return f"${variable}"
        line = line_of(location, self._lines)
        return str(self.path or "") if line is None else f"{self.path}:{line}"


def _read(path: Path | None) -> str:
    """The file's text, known to be TOML; raises `ConfigError` when it cannot be read or parsed."""
    if path is None:
        return ""
    try:
        text = path.read_text(encoding="utf-8")
        tomllib.loads(text)
    except OSError as error:
        raise ConfigError([Problem("unreadable", where=str(path), context={"reason": error})]) from None
    except UnicodeDecodeError as error:
        raise ConfigError([Problem("not_utf8", where=str(path), context={"byte": error.start})]) from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError([Problem("syntax", where=str(path), context={"reason": str(error)})]) from None
    return text


def _problem(error: ErrorDetails, places: Places) -> Problem:
    location: KeyPath = tuple(error["loc"])
    kind = error["type"]
    nearest = ""
    if kind == "extra_forbidden":
        kind, nearest = _unknown(location)
    elif "nearest" in error.get("ctx", {}):
        nearest = error["ctx"]["nearest"]
    return Problem(
        kind=kind,
        key=key_text(location),
        where=places.where(location),
        given="" if kind == "secret" or location[-1] in SECRETS else _shown(error),
        nearest=nearest,
        context=dict(error.get("ctx", {})),
    )


def key_text(location: KeyPath) -> str:
    """`("models", 0, "nick")` as `models[0].nick`."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location)
    return text.removeprefix(".")


def _shown(error: ErrorDetails) -> str:
    """What was given, short; nothing for a missing key or a whole section, which may hold secrets."""
    given = error["input"]
    if error["type"] in ("missing", "extra_forbidden") or isinstance(given, dict | BaseModel):
        return ""
    text = repr(given)
    return text if len(text) <= GIVEN_CHARACTERS else text[:GIVEN_CHARACTERS] + "…"


# --- Unknown names ----------------------------------------------------------------------------------------


def _unknown(location: KeyPath) -> tuple[str, str]:
    """(kind of problem, the known key that was perhaps meant) for a key that does not exist."""
    name = str(location[-1]).lower()
    if location[0] == "models" and name in KEY_WORDS:
        return "secret", ""
    siblings = [
        key for key in known_keys() if key[:-1] == tuple(x for x in location[:-1] if isinstance(x, str))
    ]
    close = difflib.get_close_matches(name, [key[-1] for key in siblings], n=1, cutoff=0.6)
    if close:
        return "unknown", key_text((*location[:-1], close[0]))
    elsewhere = [".".join(key) for key in known_keys() if key[-1] == name]
    return "unknown", elsewhere[0] if elsewhere else ""


def known_keys(model: type[BaseModel] = Settings, above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every section and key, sections before what is in them: `("server",)`, `("server", "name")`..."""
    for name, field in model.model_fields.items():
        name = field.alias or name
        yield (*above, name)
        for one in (field.annotation, *get_args(field.annotation)):
            for inner in (one, *get_args(one)):
                if isinstance(inner, type) and issubclass(inner, BaseModel):
                    yield from known_keys(inner, (*above, name))
