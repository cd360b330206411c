"""Una clase entera: una carpeta de entregas entra; sale un CSV y un informe por alumno.

Aquí va qué es una entrega y cómo se escribe el resultado. No va aquí cómo se califica una.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path

from tarea.calificador.nota import Nota, califica, informe
from tarea.calificador.pruebas import PRUEBAS

_NOMBRES = ("servidor", "server")


def entregas(carpeta: Path) -> Iterator[tuple[str, Path]]:
    """Cada alumno con su programa: `ana.py`, `beto.java`, o una carpeta con un servidor dentro."""
    for cosa in sorted(carpeta.iterdir()):
        if cosa.suffix in (".py", ".java") and cosa.is_file():
            yield cosa.stem, cosa
        elif cosa.is_dir() and not cosa.name.startswith("."):
            yield cosa.name, _principal(cosa)


def _principal(carpeta: Path) -> Path:
    """El servidor de una carpeta: el que se llama así, o el único. Uno que no existe, si no se sabe."""
    programas = [f for f in sorted(carpeta.iterdir()) if f.suffix in (".py", ".java")]
    con_nombre = [f for f in programas if any(n in f.stem.lower() for n in _NOMBRES)]
    if con_nombre or len(programas) == 1:
        return (con_nombre or programas)[0]
    return carpeta / "servidor.py"


def califica_clase(
    carpeta: Path, salida: Path, *, avisa: Callable[[str, Nota], None] = lambda alumno, nota: None
) -> Path:
    """Califica todas las entregas; devuelve el CSV. Cada fila se escribe al acabarla."""
    salida.mkdir(parents=True, exist_ok=True)
    resumen = salida / "notas.csv"
    with resumen.open(
        "w", encoding="utf-8-sig", newline=""
    ) as fichero:  # con marca: Excel reconoce así UTF-8
        hoja = csv.writer(fichero)
        hoja.writerow(["alumno", "programa", "puntos", "de", *(p.nombre for p in PRUEBAS), "segundos"])
        for alumno, programa in entregas(carpeta):
            nota = califica(programa)
            (salida / f"{alumno}.md").write_text(informe(nota), encoding="utf-8")
            puntos = [0 if r.fallo is not None else r.prueba.puntos for r in nota.resultados]
            hoja.writerow(
                [_celda(alumno), nota.fichero, nota.puntos, nota.maximo, *puntos, round(nota.segundos)]
            )
            fichero.flush()
            avisa(alumno, nota)
    return resumen


def _celda(texto: str) -> str:
    """Un nombre que empieza por `=` sería una fórmula al abrir la hoja."""
    return "'" + texto if texto[:1] in "=+-@" else texto
