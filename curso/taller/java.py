"""Compilar en un `charla.jar` los programas en Java del curso. No va aquí ninguno: están en `java/`."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import zipfile
from pathlib import Path

JAVA = "17"  # el mínimo: lo que trae Debian 12


def compila(fuentes: Path, jar: Path) -> bool:
    """Compila `fuentes/src` con `javac --release 17` y lo mete en `jar`. Falso si aquí no hay compilador."""
    ficheros = sorted(str(f) for f in (fuentes / "src").rglob("*.java"))
    if shutil.which("javac") is None or not ficheros:
        return False
    with tempfile.TemporaryDirectory() as clases:
        orden = [
            "javac",
            "--release",
            JAVA,
            "-encoding",
            "UTF-8",
            "-Xlint:all",
            "-Werror",
            "-d",
            clases,
            *ficheros,
        ]
        hecho = subprocess.run(orden, capture_output=True, text=True, check=False)
        if hecho.returncode:
            raise RuntimeError("javac: " + hecho.stderr)
        with zipfile.ZipFile(jar, "w", zipfile.ZIP_DEFLATED) as paquete:
            for clase in sorted(Path(clases).rglob("*.class")):
                paquete.write(clase, clase.relative_to(clases).as_posix())
    return True
