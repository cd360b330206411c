"""Cuadernos en conversación: el de un servidor y el de un cliente, a la vez, en dos núcleos y por turnos.

Aquí va quién ejecuta qué celda y cuándo, y cómo se dicen el puerto. No va aquí de dónde salen los cuadernos.

Una celda con la etiqueta `turno-3` se ejecuta a la vez que las del turno 3 del otro cuaderno; las que no
llevan turno, cuando le llega la vez en el suyo. Si una falla, los dos núcleos se paran.
"""

from __future__ import annotations

import asyncio
import copy
import os
import re
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import IO

from nbclient import NotebookClient
from nbformat import NotebookNode

from laboratorio.avisos import Falta

CARPETA = "UNIDAD5_ENCUENTRO"  # variable de entorno: la carpeta en la que se dejan los recados
CELDA_SEGUNDOS = 900  # solo para la que se cuelgue: un modelo en una máquina muy cargada tarda minutos
_DICHO_CON_ERROR = 2_000  # caracteres de lo que dijeron los núcleos, junto a un error
_INTENTOS = 3  # de abrir un núcleo
_TURNO = re.compile(r"turno-(\d+)")


# --- El recado del puerto ---------------------------------------------------------------------------------


def carpeta_de_encuentro() -> Path:
    """Donde servidor y cliente se dejan recados; la misma para dos cuadernos abiertos a mano."""
    usuario = os.environ.get("USER", "alumno")
    carpeta = Path(os.environ.get(CARPETA) or Path(tempfile.gettempdir()) / f"unidad5-{usuario}")
    carpeta.mkdir(parents=True, exist_ok=True)
    return carpeta


def anuncia(nombre: str, puerto: int) -> None:
    """Deja dicho el puerto de un servidor. Se escribe entero o no se escribe: nadie lee medio número."""
    carpeta = carpeta_de_encuentro()
    borrador = carpeta / f".{nombre}.{os.getpid()}"
    borrador.write_text(str(puerto), encoding="utf-8")
    borrador.replace(carpeta / f"{nombre}.puerto")


def puerto_de(nombre: str, *, segundos: float = 20.0) -> int:
    """El puerto que dejó dicho un servidor; `Falta` si en este tiempo nadie lo dice."""
    recado = carpeta_de_encuentro() / f"{nombre}.puerto"
    limite = time.monotonic() + segundos
    while time.monotonic() < limite:
        if recado.is_file():
            return int(recado.read_text(encoding="utf-8"))
        time.sleep(0.05)
    raise Falta(f"No hay ningún servidor «{nombre}»: abre primero el cuaderno del servidor y ejecútalo.")


def retira(nombre: str) -> None:
    """Quita el recado: el servidor ya no está."""
    (carpeta_de_encuentro() / f"{nombre}.puerto").unlink(missing_ok=True)


# --- Los turnos -------------------------------------------------------------------------------------------


def turno(celda: NotebookNode) -> int | None:
    """El número de turno de una celda, si tiene."""
    etiquetas: Iterable[str] = celda.get("metadata", {}).get("tags", [])
    return next((int(hallado[1]) for e in etiquetas if (hallado := _TURNO.fullmatch(e))), None)


def pasos(cuadernos: Sequence[NotebookNode]) -> list[list[list[int]]]:
    """El orden de ejecución: una lista de pasos; en cada uno, por cuaderno, los números de celda que tocan.

    Un paso prepara (las celdas sin turno que van delante) y el siguiente conversa. `ValueError` si los
    turnos de un cuaderno no van en orden.
    """
    por_cuaderno = [[turno(c) for c in cuaderno.cells] for cuaderno in cuadernos]
    for turnos in por_cuaderno:
        presentes = [t for t in turnos if t is not None]
        if presentes != sorted(presentes):
            raise ValueError(f"los turnos de un cuaderno van en orden, y estos no: {presentes}")
    todos = sorted({t for turnos in por_cuaderno for t in turnos if t is not None})
    resultado: list[list[list[int]]] = []
    hechas = [0] * len(cuadernos)
    for actual in todos:
        antes, ahora = [], []
        for n, turnos in enumerate(por_cuaderno):
            suyas = [i for i, t in enumerate(turnos) if t == actual]
            primera = suyas[0] if suyas else hechas[n]
            antes.append(list(range(hechas[n], primera)))
            ahora.append(list(range(primera, suyas[-1] + 1)) if suyas else [])
            hechas[n] = suyas[-1] + 1 if suyas else primera
        resultado += [antes, ahora]
    resultado.append([list(range(hechas[n], len(turnos))) for n, turnos in enumerate(por_cuaderno)])
    return [paso for paso in resultado if any(paso)]


def solo_conversacion(cuaderno: NotebookNode) -> NotebookNode:
    """El cuaderno con solo lo que hace falta para conversar: celdas de turno y de `preparacion`."""
    copia: NotebookNode = copy.copy(cuaderno)
    copia.cells = [
        celda
        for celda in cuaderno.cells
        if turno(celda) is not None or "preparacion" in celda.get("metadata", {}).get("tags", [])
    ]
    return copia


async def conversan(
    cuadernos: Sequence[NotebookNode],
    *,
    en: Path,
    celda_segundos: int = CELDA_SEGUNDOS,
    entorno: Mapping[str, str] | None = None,
) -> None:
    """Ejecuta los cuadernos a la vez y les deja dentro sus salidas. El primer error para todos y se lanza.

    `en` es la carpeta de trabajo de los núcleos; `entorno`, variables de más. También vale para un solo
    cuaderno.
    """
    with tempfile.TemporaryDirectory(prefix="encuentro-") as carpeta:
        entorno = {**os.environ, CARPETA: carpeta, **(entorno or {})}
        clientes = [
            NotebookClient(
                c,
                timeout=celda_segundos,
                startup_timeout=celda_segundos,
                resources={"metadata": {"path": str(en)}},
                extra_arguments=_callado(c),
            )
            for c in cuadernos
        ]
        async with _Abiertos(clientes, entorno, Path(carpeta) / "nucleos.txt"):
            for paso in pasos(cuadernos):
                tareas = [
                    asyncio.ensure_future(_ejecuta(cliente, celdas))
                    for cliente, celdas in zip(clientes, paso, strict=True)
                ]
                try:
                    await asyncio.gather(*tareas)
                finally:
                    for tarea in tareas:
                        tarea.cancel()
                    await asyncio.gather(*tareas, return_exceptions=True)


def _callado(cuaderno: NotebookNode) -> list[str]:
    """El núcleo de Python avisa de que habla por TCP sin cifrar: aquí es dentro de esta máquina."""
    nombre = cuaderno.metadata.get("kernelspec", {}).get("name", "")
    return ["--log-level=ERROR"] if nombre.startswith("python") else []


async def _ejecuta(cliente: NotebookClient, celdas: Sequence[int]) -> None:
    for numero in celdas:
        await cliente.async_execute_cell(cliente.nb.cells[numero], numero)


class _Abiertos:
    """Todos los núcleos abiertos mientras dura el bloque, y cerrados después pase lo que pase.

    Lo que dicen de sí mismos va al fichero `dicho`; su final acompaña al error, si lo hay.
    """

    def __init__(self, clientes: Sequence[NotebookClient], entorno: dict[str, str], dicho: Path) -> None:
        self._clientes, self._entorno, self._dicho, self._pila = clientes, entorno, dicho, AsyncExitStack()

    async def __aenter__(self) -> None:
        salida = self._pila.enter_context(self._dicho.open("ab"))
        try:
            for cliente in self._clientes:
                await self._abre(cliente, salida)
        except BaseException as error:
            await self.__aexit__(type(error), error, None)
            raise

    async def _abre(self, cliente: NotebookClient, salida: IO[bytes]) -> None:
        """Si muere al nacer, otra vez: sus puertos se eligen antes de abrirlos, y otro pudo tomar uno."""
        for quedan in reversed(range(_INTENTOS)):
            abierto = cliente.async_setup_kernel(env=self._entorno, stdout=salida, stderr=salida)
            try:
                await self._pila.enter_async_context(abierto)
                return
            except RuntimeError:
                if not quedan:
                    raise

    async def __aexit__(self, clase: object, error: BaseException | None, traza: object) -> None:
        await self._pila.aclose()
        if error is not None and (dicho := self._dicho.read_text(encoding="utf-8", errors="replace")):
            error.add_note("Lo último que dijeron los núcleos:\n" + dicho[-_DICHO_CON_ERROR:])
