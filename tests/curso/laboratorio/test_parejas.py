"""Dos cuadernos conversan por turnos, y si uno falla se paran los dos.

Aquí van el orden y el recado del puerto. No van aquí los cuadernos del curso (`test_curso.py`).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path

import nbformat
import pytest
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from laboratorio import parejas
from laboratorio.avisos import Falta


def cuaderno(*celdas: tuple[str, str]) -> NotebookNode:
    """Celdas como (etiqueta, código)."""
    hecho = new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
    for etiqueta, codigo in celdas:
        hecho.cells.append(new_code_cell(codigo, metadata={"tags": [etiqueta] if etiqueta else []}))
    assert isinstance(hecho, NotebookNode)
    return hecho


def test_los_turnos_van_juntos_y_lo_demas_cuando_le_toca() -> None:
    uno = cuaderno(("", ""), ("turno-1", ""), ("", ""), ("turno-3", ""), ("", ""))
    otro = cuaderno(("turno-1", ""), ("turno-1", ""), ("turno-2", ""))
    assert parejas.pasos([uno, otro]) == [
        [[0], []],
        [[1], [0, 1]],
        [[], [2]],
        [[2], []],
        [[3], []],
        [[4], []],
    ]


def test_los_turnos_desordenados_se_rechazan() -> None:
    with pytest.raises(ValueError, match="en orden"):
        parejas.pasos([cuaderno(("turno-2", ""), ("turno-1", ""))])


def test_solo_la_conversacion() -> None:
    entero = cuaderno(("preparacion", "a"), ("", "b"), ("turno-1", "c"))
    assert [c.source for c in parejas.solo_conversacion(entero).cells] == ["a", "c"]
    assert len(entero.cells) == 3


def test_el_puerto_se_deja_dicho(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(parejas.CARPETA, str(tmp_path / "x"))
    with pytest.raises(Falta, match="abre primero"):
        parejas.puerto_de("charla", segundos=0)
    parejas.anuncia("charla", 4321)
    assert parejas.puerto_de("charla") == 4321
    parejas.retira("charla")
    parejas.retira("charla")
    assert list((tmp_path / "x").iterdir()) == []


class SinSuerte:
    """Un núcleo que muere tantas veces al nacer."""

    def __init__(self, muere: int) -> None:
        self.nb, self.muere = cuaderno(), muere

    @asynccontextmanager
    async def async_setup_kernel(self, **_: object) -> AsyncIterator[None]:
        self.muere -= 1
        if self.muere >= 0:
            raise RuntimeError("Kernel died before replying to kernel_info")
        yield


@pytest.mark.parametrize(("muere", "abre"), [(0, True), (2, True), (3, False)])
def test_a_un_nucleo_que_muere_al_nacer_se_le_da_otra_vida(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, muere: int, abre: bool
) -> None:
    monkeypatch.setattr(parejas, "NotebookClient", lambda *_, **__: SinSuerte(muere))
    with nullcontext() if abre else pytest.raises(RuntimeError, match="died"):
        asyncio.run(parejas.conversan([cuaderno()], en=tmp_path))


@pytest.mark.slow
def test_dos_cuadernos_conversan(tmp_path: Path) -> None:
    servidor = cuaderno(
        ("", "import socket, sys; sys.path.insert(0, 'RUTA')\nfrom laboratorio import parejas"),
        ("turno-1", "s = socket.create_server(('127.0.0.1', 0)); s.settimeout(300)\n"
                    "parejas.anuncia('x', s.getsockname()[1]); c, _ = s.accept(); print(c.recv(9))"),
        ("turno-2", "c.close(); s.close()"),
    )  # fmt: skip
    cliente = cuaderno(
        ("", "import socket, sys; sys.path.insert(0, 'RUTA')\nfrom laboratorio import parejas"),
        ("turno-1", "c = socket.create_connection(('127.0.0.1', parejas.puerto_de('x', segundos=300)), 300)\n"
                    "c.sendall(b'hola')"),
        ("turno-2", "print(c.recv(9)); c.close()"),
    )  # fmt: skip
    for uno in (servidor, cliente):
        uno.cells[0].source = uno.cells[0].source.replace("RUTA", str(Path(parejas.__file__).parents[1]))
    asyncio.run(parejas.conversan([servidor, cliente], en=tmp_path))
    assert servidor.cells[1].outputs[0].text == "b'hola'\n"
    assert cliente.cells[2].outputs[0].text == "b''\n"
    nbformat.validate(servidor)  # type: ignore[no-untyped-call]


@pytest.mark.slow
def test_si_uno_falla_se_paran_los_dos(tmp_path: Path) -> None:
    falla = cuaderno(("turno-1", "1 / 0"))
    espera = cuaderno(("turno-1", "import threading; threading.Event().wait(60)"))
    with pytest.raises(CellExecutionError, match="ZeroDivisionError"):
        asyncio.run(parejas.conversan([espera, falla], en=tmp_path))
