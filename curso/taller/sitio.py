"""El sitio: junta páginas, cuadernos ejecutados y descargas, y llama a Sphinx sin red y sin perdonar avisos.

Aquí va lo que Sphinx recibe. No va aquí su configuración: está en `libro/conf.py`.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import nbformat

from taller import alumno, ejecucion, figuras, paginas
from taller.lugares import LIBRO, RAIZ, SALIDA


def construye(salida: Path = SALIDA, *, ejecutar: bool = True) -> list[ejecucion.Hecho]:
    """Construye el curso entero en `salida`; el sitio queda en `salida/html`.

    Sin `ejecutar`, los cuadernos salen sin resultados: para mirar el texto mientras se escribe.
    """
    textos = {f.stem: f.read_text(encoding="utf-8") for f in sorted(LIBRO.glob("*.md"))}
    cuadernos = {n: paginas.cuaderno(t) for n, t in textos.items() if paginas.es_cuaderno(t)}
    alumno.prepara(salida / "alumno", cuadernos)
    hechos = [ejecucion.Hecho(n, c, 0.0) for n, c in cuadernos.items()]
    if ejecutar:
        hechos = ejecucion.ejecuta(cuadernos, en=salida / "alumno", guardado=salida / "ejecutados")
    _escribe_fuente(salida / "fuente", textos, hechos)
    _descargas(salida, hechos)
    _sphinx(salida)
    return hechos


def _escribe_fuente(fuente: Path, textos: dict[str, str], hechos: Sequence[ejecucion.Hecho]) -> None:
    """La carpeta que lee Sphinx: se rehace cada vez, para que no quede nada viejo."""
    shutil.rmtree(fuente, ignore_errors=True)
    fuente.mkdir(parents=True)
    shutil.copy(LIBRO / "conf.py", fuente)
    shutil.copytree(LIBRO / "_static", fuente / "_static")
    nombres = frozenset(h.nombre for h in hechos)
    for nombre, texto in textos.items():
        if nombre not in nombres:
            entero = paginas.para_el_sitio(paginas.incluye(texto), nombres)
            (fuente / f"{nombre}.md").write_text(entero, encoding="utf-8")
    for hecho in hechos:
        visto = paginas.con_textos(hecho.cuaderno, lambda texto: paginas.para_el_sitio(texto, nombres))
        nbformat.write(visto, fuente / f"{hecho.nombre}.ipynb")  # type: ignore[no-untyped-call]
    enlazado = sorted({r.fichero for t in textos.values() for r in paginas.referencias(t)})
    (fuente / "enlazado.json").write_text(
        json.dumps({"raiz": str(RAIZ), "ficheros": enlazado}), encoding="utf-8"
    )


def _descargas(salida: Path, hechos: Sequence[ejecucion.Hecho]) -> None:
    destino = salida / "extra" / "descargas"
    shutil.rmtree(salida / "extra", ignore_errors=True)
    destino.mkdir(parents=True)
    alumno.empaqueta(salida / "alumno", destino / "unidad5.zip")
    figuras.empaqueta(hechos, destino / "figuras.zip")
    for fichero in (salida / "alumno").glob("*.ipynb"):
        shutil.copy(fichero, destino)


def _sphinx(salida: Path) -> None:
    """`sphinx-build -W`, en otro proceso. `RuntimeError` con los avisos si hubo alguno."""
    orden = [
        sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-E", "-b", "html",
        "-d", str(salida / "doctrees"), str(salida / "fuente"), str(salida / "html"),
    ]  # fmt: skip
    hecho = subprocess.run(orden, capture_output=True, text=True, check=False)
    if hecho.returncode:
        raise RuntimeError("Sphinx avisa:\n" + hecho.stderr)
