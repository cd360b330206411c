"""What can be imported is what was meant to be: modules, `__all__`, the ways to start, and how little they
load.

What belongs here: names from outside. What must not: what the names do.
"""

from __future__ import annotations

import importlib
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, entry_points, version

import pytest

import tertulia
from tests.house.tree import ROOT, SOURCE, python_files

HEAVY = (
    "alembic",
    "sqlalchemy",
    "starlette",
    "uvicorn",
    "pydantic_ai",
    "openai",
    "xllamacpp",
    "cryptography",
)


def module_names() -> list[str]:
    """Every module of the package, but those that run when imported or belong to Alembic."""
    names = []
    for path in python_files("src"):
        parts = path.relative_to(SOURCE.parent).with_suffix("").parts
        if parts[-1] != "__main__" and "migrations" not in parts:
            names.append(".".join(parts).removesuffix(".__init__"))
    return names


@pytest.mark.parametrize("name", module_names())
def test_a_module_imports_and_exports_what_it_says(name: str) -> None:
    module = importlib.import_module(name)
    exported = getattr(module, "__all__", [])
    assert [one for one in exported if not hasattr(module, one)] == []
    assert len(set(exported)) == len(exported)


def test_the_command_exists() -> None:
    (script,) = entry_points(group="console_scripts", name="tertulia") or [None]
    if script is None:
        pytest.skip("the package is not installed here")
    assert callable(script.load())


def test_the_installed_version_is_the_written_one() -> None:
    try:
        installed = version("tertulia")
    except PackageNotFoundError:
        pytest.skip("the package is not installed here")
    assert installed == tertulia.__version__


@pytest.mark.parametrize("target", ["tertulia.cli.app", "tertulia.config"])
def test_starting_loads_nothing_heavy(target: str) -> None:
    probe = f"import sys, {target}; print(*(name for name in {HEAVY!r} if name in sys.modules))"
    result = subprocess.run(
        [sys.executable, "-c", probe], cwd=ROOT / "src", capture_output=True, text=True, check=True
    )
    assert result.stdout.split() == []
