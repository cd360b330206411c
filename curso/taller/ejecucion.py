"""Ejecutar los cuadernos, de uno en uno o en pareja, y guardar lo que salió mientras nada cambie.

Aquí va qué se ejecuta, cuándo se vuelve a ejecutar y qué salidas se rechazan. No va aquí cómo conversan dos
cuadernos: eso es `laboratorio.parejas`.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from laboratorio.parejas import conversan
from taller.lugares import CURSO, PAREJAS

_HUELLA = ("laboratorio", "charla", "java", "tarea")
_SOSPECHOSO = re.compile(r"\b\w*Warning\b|Exception in thread|Traceback \(most recent")
_RUIDO_PERMITIDO = "salida-con-error"  # etiqueta de una celda que enseña un fallo en su salida
# Las soluciones, y que el calificador no llame malo a un programa porque la máquina esté ocupada.
_ENTORNO = {"UNIDAD5_SOLUCIONES": str(CURSO / "tarea" / "soluciones"), "UNIDAD5_PACIENCIA": "4"}
_A_LA_VEZ = 2  # grupos de cuadernos que se ejecutan a la vez: los núcleos del procesador que se suponen


@dataclass(frozen=True, slots=True)
class Hecho:
    """Un cuaderno ejecutado, y los segundos que costó su grupo (0 si ya lo estaba)."""

    nombre: str
    cuaderno: NotebookNode
    segundos: float


class CuadernoFallido(Exception):
    """Una celda no hizo lo que debía; el mensaje dice cuál y por qué."""


def ejecuta(cuadernos: dict[str, NotebookNode], *, en: Path, guardado: Path) -> list[Hecho]:
    """Ejecuta los cuadernos en la carpeta `en`; lo que ya se ejecutó igual se toma de `guardado`."""
    guardado.mkdir(parents=True, exist_ok=True)
    return asyncio.run(_todos(cuadernos, en, guardado))


async def _todos(cuadernos: dict[str, NotebookNode], en: Path, guardado: Path) -> list[Hecho]:
    plaza = asyncio.Semaphore(_A_LA_VEZ)

    async def grupo(nombres: Sequence[str]) -> list[Hecho]:
        async with plaza:
            return await _grupo(nombres, [cuadernos[n] for n in nombres], en, guardado)

    resultados = await asyncio.gather(*(grupo(nombres) for nombres in grupos(cuadernos)))
    return [hecho for resultado in resultados for hecho in resultado]


def grupos(nombres: Iterable[str]) -> list[tuple[str, ...]]:
    """Quién se ejecuta con quién: las parejas juntas, los demás solos."""
    todos = list(nombres)
    acompanantes = {otro for uno, otro in PAREJAS.items() if uno in todos}
    juntos = [(n, PAREJAS[n]) if PAREJAS.get(n) in todos else (n,) for n in todos if n not in acompanantes]
    return [tuple(grupo) for grupo in juntos]


async def _grupo(
    nombres: Sequence[str], cuadernos: Sequence[NotebookNode], en: Path, guardado: Path
) -> list[Hecho]:
    sello = huella(cuadernos)
    ficheros = [guardado / f"{nombre}.{sello}.ipynb" for nombre in nombres]
    if all(f.is_file() for f in ficheros):
        leidos = [nbformat.read(f, as_version=4) for f in ficheros]  # type: ignore[no-untyped-call]
        return [Hecho(n, c, 0.0) for n, c in zip(nombres, leidos, strict=True)]
    comienzo = time.monotonic()
    try:
        await conversan(cuadernos, en=en, entorno=_ENTORNO)
    except Exception as error:
        raise CuadernoFallido(f"{' y '.join(nombres)}: {error}") from error
    for nombre, cuaderno, fichero in zip(nombres, cuadernos, ficheros, strict=True):
        if reparos := rechaza(cuaderno):
            raise CuadernoFallido(f"{nombre}: " + "; ".join(reparos))
        _guarda(nombre, cuaderno, fichero)
    segundos = time.monotonic() - comienzo
    return [Hecho(n, c, segundos) for n, c in zip(nombres, cuadernos, strict=True)]


def _guarda(nombre: str, cuaderno: NotebookNode, fichero: Path) -> None:
    for viejo in fichero.parent.glob(f"{nombre}.????????????????.ipynb"):
        viejo.unlink()
    nbformat.write(cuaderno, fichero)  # type: ignore[no-untyped-call]


def rechaza(cuaderno: NotebookNode) -> list[str]:
    """Lo que no debe quedar en una página: avisos de Python, trazas que nadie quiso, celdas sin ejecutar."""
    reparos = []
    for numero, celda in enumerate(cuaderno.cells):
        etiquetas = celda.metadata.get("tags", [])
        if celda.cell_type != "code":
            continue
        for salida in celda.outputs:
            texto = str(salida.get("text", ""))
            if salida.output_type == "error" and "raises-exception" not in etiquetas:
                reparos.append(f"celda {numero}: {salida.ename}: {salida.evalue}")
            elif _SOSPECHOSO.search(texto) and _RUIDO_PERMITIDO not in etiquetas:
                reparos.append(f"celda {numero}: {texto.strip()[-300:]}")
        if celda.get("execution_count") is None:
            reparos.append(f"celda {numero}: no se ejecutó")
    return reparos


def huella(cuadernos: Sequence[NotebookNode]) -> str:
    """Dieciséis letras que cambian si cambia algo de lo que depende la ejecución."""
    suma = hashlib.sha256(sys.version.encode())
    for cuaderno in cuadernos:
        for celda in cuaderno.cells:
            suma.update(f"{celda.cell_type}{celda.source}{celda.metadata}".encode())
    for carpeta in _HUELLA:
        for fichero in sorted((CURSO / carpeta).rglob("*")):
            if fichero.suffix in (".py", ".java"):
                suma.update(fichero.read_bytes())
    return suma.hexdigest()[:16]
