"""The documents say what the code does: every key of the configuration, and links that lead somewhere.

What belongs here: comparing documents with code. What must not: judging prose.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from pydantic import BaseModel, SecretStr

from tertulia.config import Settings, load
from tertulia.config.reading import known_keys
from tests.house.links import anchors, broken_links, links
from tests.house.tree import ROOT, documents, name_of

PAGE = ROOT / "docs" / "configuration.md"
_ROW = re.compile(r"^\| `([a-z0-9_.<>\[\]]+)` \| (.*?) \|", re.MULTILINE)
_CODE = re.compile(r"`([^`]*)`")


def documented() -> dict[str, str]:
    """Each key of the page's tables with the cell that tells its default."""
    return dict(_ROW.findall(PAGE.read_text(encoding="utf-8")))


def real() -> dict[str, object]:
    """Each key of the code with its default; keys of repeated tables as `models[].nick`."""
    found: dict[str, object] = {}
    for path in known_keys():
        owner, name = _owner(path)
        if name is not None:
            brackets = {"operator_classes": ".<name>"} | dict.fromkeys(
                ("models", "operators", "services", "webirc", "budgets", "mcp"), "[]"
            )
            fields = {field.alias or key: field for key, field in owner.model_fields.items()}
            found[f"{path[0]}{brackets.get(path[0], '')}.{name}"] = fields[name].get_default()
    return found


def _owner(path: tuple[str, ...]) -> tuple[type[BaseModel], str | None]:
    """The section that holds a key; no name for a section itself."""
    from tertulia import config

    owners = {
        "models": config.Model,
        "operators": config.Operator,
        "operator_classes": config.OperatorClass,
        "webirc": config.Webirc,
        "services": config.Service,
        "budgets": config.Budget,
        "mcp": config.Mcp,
    }
    section = owners.get(path[0]) or Settings.model_fields[path[0]].annotation
    assert isinstance(section, type)
    return section, path[1] if len(path) > 1 else None


def test_every_key_is_documented_and_none_invented() -> None:
    assert sorted(documented()) == sorted(real())


def test_defaults_are_documented_as_they_are() -> None:
    shown = {key: _CODE.search(cell) for key, cell in documented().items()}
    for key, default in real().items():
        match = shown[key]
        if (
            match is not None
            and isinstance(default, str | int | float | bool)
            and not isinstance(default, SecretStr)
        ):
            assert tomllib.loads(f"value = {match[1]}")["value"] == default, key


def test_the_example_file_is_valid() -> None:
    load(ROOT / "config.example.toml", {})


def test_the_examples_in_the_page_are_valid(tmp_path: Path) -> None:
    blocks = re.findall(r"^```toml\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert blocks
    for number, block in enumerate(blocks):
        file = tmp_path / f"{number}.toml"
        file.write_text(block, encoding="utf-8")
        load(file, {})


@pytest.mark.parametrize("path", documents(), ids=name_of)
def test_links_lead_somewhere(path: Path) -> None:
    assert broken_links(path) == []


# --- The link checker finds what it is for ----------------------------------------------------------------


def test_links_are_found_outside_of_code() -> None:
    text = '[a](b.md) and [c](<d.md#e> "t"), `[no](x.md)`, [far](https://example.org)\n```\n[no](y.md)\n```\n'
    assert links(text) == ["b.md", "d.md#e"]


def test_anchors_are_made_as_renderers_make_them() -> None:
    assert anchors("# One: `two` & three\n\n## Qué más\n") == {"one-two--three", "qué-más"}


def test_a_broken_link_is_named(tmp_path: Path) -> None:
    (tmp_path / "there.md").write_text("# Here\n", encoding="utf-8")
    page = tmp_path / "page.md"
    page.write_text(
        "[1](there.md#here) [2](there.md#nowhere) [3](gone.md) [4](#own)\n# Own\n", encoding="utf-8"
    )
    assert broken_links(page) == ["there.md#nowhere", "gone.md"]
