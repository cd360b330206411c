"""El servidor de un lenguaje con el cliente del otro, cuaderno con cuaderno, por turnos.

Aquí van las dos parejas cruzadas. Las del mismo lenguaje conversan al construir el curso (`test_curso.py`).
"""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest

from laboratorio.parejas import conversan, solo_conversacion, turno
from taller import alumno, paginas
from taller.ejecucion import rechaza
from taller.lugares import LIBRO

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("javac") is None, reason="aquí no hay compilador de Java"),
]


# Lo que se retrasa el servidor en contar a la multitud: quien cuenta tarde tiene que contar lo mismo.
RETRASO = {"Python": "time.sleep(3)\n", "Java": "Thread.sleep(3000);\n"}


@pytest.mark.parametrize(("servidor", "cliente"), [("Python", "Java"), ("Java", "Python")])
def test_se_entienden(tmp_path: Path, servidor: str, cliente: str) -> None:
    nombres = (f"SocketsServer{servidor}", f"SocketsCliente{cliente}")
    enteros = {n: paginas.cuaderno((LIBRO / f"{n}.md").read_text(encoding="utf-8")) for n in nombres}
    alumno.prepara(tmp_path, enteros)
    hablan = [solo_conversacion(cuaderno) for cuaderno in enteros.values()]
    (cuenta,) = (celda for celda in hablan[0].cells if turno(celda) == 3)
    cuenta.source = RETRASO[servidor] + cuenta.source
    asyncio.run(conversan(hablan, en=tmp_path))
    assert [rechaza(cuaderno) for cuaderno in hablan] == [[], []]
    del_servidor, del_cliente = (
        "".join(o.get("text", "") for c in h.cells for o in c.outputs) for h in hablan
    )
    assert "han entrado: " in del_servidor
    assert "a la vez en la sala: " in del_servidor
    assert "beto oye: <ana> ¿Qué tal, beto? Aquí llueve en Ñuñoa ☔" in del_cliente
    assert "15 hablaron a la vez" in del_cliente
    assert "* El servidor cierra" in del_cliente
