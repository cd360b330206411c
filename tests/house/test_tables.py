"""Facts that are written twice are the same: tables of the code, and pages that repeat them.

What belongs here: comparing tables with each other and with documents. What must not: how they are used.
"""

from __future__ import annotations

import dataclasses
import json
import re
import tomllib

from tertulia import limits
from tertulia.commands.settings import Bounds
from tertulia.config import Limits
from tertulia.protocol.capabilities import CAPABILITIES
from tertulia.protocol.numerics import NUMERICS
from tests.house.tree import ROOT

DEPENDENCIES = ROOT / "docs" / "dependencies.md"
_FIELDS = re.compile(r"\{(\w+)\}")


def test_the_limits_of_the_configuration_are_those_of_the_core() -> None:
    bounds = {one.name: one.default for one in dataclasses.fields(Bounds)}
    configured = {name: field.default for name, field in Limits.model_fields.items()}
    assert configured == bounds


def test_the_limits_of_the_configuration_are_those_of_limits() -> None:
    for name, field in Limits.model_fields.items():
        assert field.default == getattr(limits, name.upper(), field.default), name


def test_every_bound_is_a_constant_and_positive() -> None:
    bounds = {name: value for name, value in vars(limits).items() if name.isupper()}
    assert bounds
    assert [name for name, value in bounds.items() if not isinstance(value, int | float) or value <= 0] == []


def test_every_numeric_says_the_same_in_both_languages() -> None:
    for name, numeric in NUMERICS.items():
        assert re.fullmatch(r"\d{3}", numeric.number), name
        assert (numeric.en is None) == (numeric.es is None), name
        assert set(_FIELDS.findall(numeric.en or "")) == set(_FIELDS.findall(numeric.es or "")), name


def test_capabilities_are_distinct_and_their_pages_exist() -> None:
    assert len({one.name for one in CAPABILITIES}) == len(CAPABILITIES)
    assert len({one.bit for one in CAPABILITIES}) == len(CAPABILITIES)
    ours = [one.specification for one in CAPABILITIES if one.specification.startswith("docs/")]
    assert [page for page in ours if not (ROOT / page).is_file()] == []


def test_every_dependency_has_its_reason() -> None:
    page = set(re.findall(r"^\| `([a-z0-9@/-]+)`", DEPENDENCIES.read_text(encoding="utf-8"), re.MULTILINE))
    assert page == _dependencies()


def _dependencies() -> set[str]:
    """The names of all packages that `pyproject.toml` and the web client ask for, but the one that builds."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = [project["project"]["dependencies"], *project["project"]["optional-dependencies"].values()]
    groups += project["dependency-groups"].values()
    wanted = [one for group in groups for one in group if isinstance(one, str)]
    client = json.loads((ROOT / "web" / "package.json").read_text(encoding="utf-8"))
    names = {re.split(r"[\[<>=!~; ]", one, maxsplit=1)[0].lower() for one in wanted}
    return names | {*client["dependencies"], *client["devDependencies"]}
