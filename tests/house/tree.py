"""Where the project's files are. What belongs here: finding them. What must not: judging them."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "tertulia"
PYTHON_FOLDERS = ("src", "tests", "benchmarks", "fuzz", "curso")
SKIPPED = {".git", ".venv", "node_modules", "__pycache__", "data", "dist", "build"}


def python_files(*folders: str) -> list[Path]:
    """All Python files of these folders (default: of all that have some), in order."""
    return [path for folder in folders or PYTHON_FOLDERS for path in _under(ROOT / folder, "*.py")]


def text_files() -> list[Path]:
    """All files that people read and write: code, documents, configuration, scripts."""
    endings = {
        ".py",
        ".md",
        ".toml",
        ".yaml",
        ".yml",
        ".txt",
        ".sh",
        ".html",
        ".ts",
        ".css",
        ".json",
        ".mako",
    }
    plain = {"Makefile", "run"}
    return [path for path in _under(ROOT, "*") if path.suffix in endings or path.name in plain]


def documents() -> list[Path]:
    return _under(ROOT, "*.md")


def name_of(path: Path) -> str:
    """The path as a failure should show it."""
    return path.relative_to(ROOT).as_posix()


def _under(folder: Path, pattern: str) -> list[Path]:
    if not folder.is_dir():
        return []
    found = (path for path in folder.rglob(pattern) if not SKIPPED & set(path.relative_to(ROOT).parts))
    return sorted(path for path in found if path.is_file())
