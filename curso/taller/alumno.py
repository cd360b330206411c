"""La carpeta del alumno: los cuadernos con sus nombres, el laboratorio, los programas y la tarea, y su zip.

Aquí va lo que se lleva. No va aquí lo que no se lleva: las soluciones de la tarea. Los cuadernos se ejecutan
en esta misma carpeta, así que lo que se descarga es lo que se probó.
"""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from taller import paginas
from taller.java import compila
from taller.lugares import CURSO, PARA_LLEVAR

_FUERA = shutil.ignore_patterns("__pycache__", "soluciones", "clases", "*.pyc")


def prepara(carpeta: Path, cuadernos: dict[str, NotebookNode]) -> None:
    """Hace la carpeta de nuevo, con los cuadernos sin ejecutar."""
    shutil.rmtree(carpeta, ignore_errors=True)
    carpeta.mkdir(parents=True)
    for nombre in PARA_LLEVAR:
        if (CURSO / nombre).is_dir():
            shutil.copytree(CURSO / nombre, carpeta / nombre, ignore=_FUERA)
    shutil.copy(CURSO / "LEEME-alumno.md", carpeta / "LEEME.md")
    shutil.copy(CURSO / "requisitos.txt", carpeta / "requisitos.txt")
    compila(CURSO / "java", carpeta / "charla.jar")
    nombres = frozenset(cuadernos)
    for nombre, cuaderno in cuadernos.items():
        llevado = paginas.con_textos(cuaderno, lambda texto: paginas.para_llevar(texto, nombres))
        nbformat.write(llevado, carpeta / f"{nombre}.ipynb")  # type: ignore[no-untyped-call]


def empaqueta(carpeta: Path, fichero: Path) -> None:
    """El zip de la carpeta, con fecha fija: de lo mismo sale lo mismo."""
    with zipfile.ZipFile(fichero, "w", zipfile.ZIP_DEFLATED) as paquete:
        for camino in sorted(carpeta.rglob("*")):
            if camino.is_file() and "__pycache__" not in camino.parts:
                ficha = zipfile.ZipInfo(
                    f"unidad5/{camino.relative_to(carpeta).as_posix()}", (2026, 1, 1, 0, 0, 0)
                )
                ficha.compress_type = zipfile.ZIP_DEFLATED
                paquete.writestr(ficha, camino.read_bytes())
