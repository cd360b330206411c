"""De una página a un cuaderno: enlaces al código, trozos de programa, y Markdown corriente para llevar.

Aquí va el texto. No va aquí la ejecución.
"""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from taller import ejecucion, paginas
from taller.lugares import LIBRO, RAIZ

HUB = "../../src/tertulia/server/hub.py"


def test_un_enlace_al_codigo_lleva_a_su_linea() -> None:
    ref = paginas.referencia(HUB, "Hub")
    assert (
        (RAIZ / ref.fichero).read_text(encoding="utf-8").splitlines()[ref.linea - 1].startswith("class Hub")
    )
    sitio = paginas.para_el_sitio(f"[hub]({HUB}#Hub) y [otra](Hilos.md)", frozenset({"Hilos"}))
    assert f'href="fuente/src-tertulia-server-hub.py.html#linea-{ref.linea}"' in sitio
    assert "[otra](Hilos.ipynb)" in sitio


@pytest.mark.parametrize("enlace", [(HUB, "NoExiste"), ("../../src/no.py", None)])
def test_un_enlace_roto_es_un_error(enlace: tuple[str, str | None]) -> None:
    with pytest.raises(ValueError, match="no "):
        paginas.referencia(*enlace)


def test_un_trozo_de_python_y_uno_de_java(tmp_path: Path) -> None:
    python = tmp_path / "a.py"
    python.write_text(
        "X = 1\n\n\nclass A:\n    y: int = 2\n\n    @property\n    def b(self):\n        return 1\n"
    )
    assert paginas.extracto(python, "A.b") == "@property\ndef b(self):\n    return 1"
    assert paginas.extracto(python, "A.y") == "y: int = 2"
    assert paginas.extracto(python, "X") == "X = 1"
    java = tmp_path / "A.java"
    java.write_text(
        "class A {\n  void usa() {\n    b(1);\n  }\n"
        "  int b(int n) {\n    if (n > 0) {\n      return 1;\n    }\n    return 2;\n  }\n}\n"
    )
    assert paginas.extracto(java, "A.b").splitlines()[0] == "int b(int n) {"
    assert paginas.extracto(java, "b").splitlines()[-1] == "}"
    assert len(paginas.extracto(java, "b").splitlines()) == 6
    pagina = "antes\n```{codigo} a.py#X\n```\ndespués"
    assert paginas.incluye(pagina, desde=tmp_path) == "antes\n```python\nX = 1\n```\ndespués"


def test_para_llevar_no_quedan_directivas() -> None:
    texto = (
        ":::{dropdown} ¿Por qué?\nPorque sí.\n:::\n"
        "::::{admonition} Metas\n:class: tip\n:::{note}\nUna.\n:::\n::::\n"
        f"Ver [hub]({HUB}#Hub) y [hilos](Hilos.md#algo)."
    )
    corriente = paginas.para_llevar(texto, frozenset({"Hilos"}))
    assert ":::" not in corriente
    assert "<details><summary>¿Por qué?</summary>\n\nPorque sí.\n\n</details>" in corriente
    assert "**Metas**" in corriente
    assert ":class:" not in corriente
    assert "`src/tertulia/server/hub.py`" in corriente
    assert "[hilos](Hilos.ipynb)" in corriente


def test_todas_las_paginas_se_leen() -> None:
    textos = {f.stem: f.read_text(encoding="utf-8") for f in LIBRO.glob("*.md")}
    for nombre, texto in textos.items():
        paginas.referencias(texto)
        paginas.incluye(texto)
        if paginas.es_cuaderno(texto):
            hecho = paginas.cuaderno(texto)
            nbformat.validate(hecho)  # type: ignore[no-untyped-call]
            assert any(c.cell_type == "code" for c in hecho.cells), nombre


def test_las_salidas_que_no_deben_quedar_se_rechazan() -> None:
    salidas = {
        "bien": [new_output("stream", name="stdout", text="todo bien")],
        "aviso": [new_output("stream", name="stderr", text="x.py:1: DeprecationWarning: viejo")],
        "traza": [new_output("error", ename="ValueError", evalue="mal", traceback=[])],
    }
    for nombre, salida in salidas.items():
        hecho = new_notebook(cells=[new_code_cell("1", outputs=salida, execution_count=1)])
        assert bool(ejecucion.rechaza(hecho)) == (nombre != "bien"), nombre
    permitida = new_code_cell(
        "1", outputs=salidas["traza"], execution_count=1, metadata={"tags": ["raises-exception"]}
    )
    assert ejecucion.rechaza(new_notebook(cells=[permitida])) == []
    assert ejecucion.rechaza(new_notebook(cells=[new_code_cell("1")])) == ["celda 0: no se ejecutó"]


def test_quien_se_ejecuta_con_quien() -> None:
    nombres = ["HilosPython2.0", "SocketsClientePython", "SocketsServerPython"]
    assert ejecucion.grupos(nombres) == [("HilosPython2.0",), ("SocketsServerPython", "SocketsClientePython")]
