"""A command of the shell loads what it needs, and nothing that takes long."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

LONG = frozenset(
    {"aiohttp", "alembic", "anyio", "argon2", "cryptography", "httpx", "mcp", "numpy", "openai",
     "prometheus_client",
     "psycopg", "pydantic_ai", "sqlalchemy", "starlette", "structlog", "uvicorn", "uvloop", "websockets"}
)  # fmt: skip
"""Each takes a twentieth of a second or more, and most bring others with them."""

SERVER = frozenset(
    {"tertulia.commands", "tertulia.server", "tertulia.models.providers", "tertulia.models.host"}
)
CONFIGURED = frozenset({"pydantic_settings", "tertulia.config", "asyncio"})

LOADED = """
import sys
from tertulia.cli.main import main
sys.argv = ["tertulia", *sys.argv[1:]]
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
finally:
    print("LOADED", *sys.modules)
"""


def loaded(folder: Path, *arguments: str) -> set[str]:
    """What a process has imported that carried out a command in a folder with a small configuration."""
    (folder / "tertulia.toml").write_text('models = []\n[server]\ndata = "data"\n')
    ran = subprocess.run(
        [sys.executable, "-c", LOADED, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return set(ran.stdout.partition("LOADED ")[2].split())


@pytest.mark.parametrize(
    "arguments", [["--help"], ["--version"], ["accounts", "--help"], ["serve", "--help"]]
)
def test_help_loads_neither_the_configuration_nor_the_server(tmp_path: Path, arguments: list[str]) -> None:
    assert not loaded(tmp_path, *arguments) & (LONG | SERVER | CONFIGURED)


@pytest.mark.parametrize("arguments", [["check"], ["models", "list"]])
def test_the_configuration_is_read_without_the_server(tmp_path: Path, arguments: list[str]) -> None:
    found = loaded(tmp_path, *arguments)
    assert "tertulia.config" in found
    assert not found & (LONG | SERVER)


def test_accounts_are_read_without_the_server(tmp_path: Path) -> None:
    loaded(tmp_path, "accounts", "list")  # makes the database, with the tools that this needs
    found = loaded(tmp_path, "accounts", "list")
    assert "tertulia.store.sqlite" in found
    assert not found & (LONG | SERVER)
