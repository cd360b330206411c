"""El curso entero, construido desde nada: todas las celdas, las parejas en conversación y el sitio.

Aquí va lo que solo se ve construyendo. No van aquí las piezas: cada una tiene sus pruebas.
"""

from __future__ import annotations

import fcntl
import os
import re
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

from taller.lugares import CUADERNOS
from taller.sitio import construye

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def sitio(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Se construye una vez, aunque las pruebas corran en varios procesos: los demás esperan al primero."""
    en_varios = "PYTEST_XDIST_WORKER" in os.environ
    comun = tmp_path_factory.getbasetemp().parent if en_varios else tmp_path_factory.mktemp("sitio")
    with (comun / "curso.cerrojo").open("w") as cerrojo:
        fcntl.flock(cerrojo, fcntl.LOCK_EX)
        hecho = comun / "curso.hecho"
        if not hecho.exists():
            with pytest.MonkeyPatch.context() as parche:
                parche.delenv("OPENAI_API_KEY", raising=False)
                parche.setenv(
                    "UNIDAD5_PROVEEDOR", "guion"
                )  # de un modelo no se sabe qué dice ni cuánto tarda
                construye(comun / "curso")
            hecho.touch()
    return comun / "curso" / "html"


class Enlaces(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.enlaces: list[str] = []
        self.cargados: list[str] = []
        self.nombres: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        datos = dict(attrs)
        if datos.get("id"):
            self.nombres.add(datos["id"] or "")
        if tag == "a" and datos.get("href"):
            self.enlaces.append(datos["href"] or "")
        if tag in ("script", "img", "link", "iframe"):
            self.cargados.append(datos.get("src") or datos.get("href") or "")


def leido(pagina: Path) -> Enlaces:
    lector = Enlaces()
    lector.feed(pagina.read_text(encoding="utf-8"))
    return lector


def test_estan_todos_los_cuadernos_y_se_descargan(sitio: Path) -> None:
    presentes = [n for n in CUADERNOS if (sitio / f"{n}.html").is_file()]
    assert presentes == list(CUADERNOS)
    with zipfile.ZipFile(sitio / "descargas" / "unidad5.zip") as paquete:
        nombres = set(paquete.namelist())
    for nombre in presentes:
        assert f"unidad5/{nombre}.ipynb" in nombres
        assert (sitio / "descargas" / f"{nombre}.ipynb").is_file()
    assert not [n for n in nombres if "soluciones" in n]


def test_las_figuras_se_llevan_sueltas(sitio: Path) -> None:
    with zipfile.ZipFile(sitio / "descargas" / "figuras.zip") as paquete:
        figuras = [n for n in paquete.namelist() if n.endswith(".svg")]
        for nombre in figuras:
            ElementTree.fromstring(paquete.read(nombre))
        lista = paquete.read("FIGURAS.md").decode()
    assert {n.rsplit("-", 1)[0] for n in figuras} >= set(CUADERNOS)
    assert [n for n in figuras if f"`{n}`" not in lista] == []


def test_ninguna_pagina_pide_nada_a_la_red(sitio: Path) -> None:
    for pagina in sitio.rglob("*.html"):
        assert [c for c in leido(pagina).cargados if re.match(r"(https?:)?//", c)] == [], pagina.name


def test_ningun_enlace_esta_roto(sitio: Path) -> None:
    leidas = {pagina.resolve(): leido(pagina) for pagina in sitio.rglob("*.html")}
    rotos = []
    for pagina, lector in leidas.items():
        for enlace in lector.enlaces:
            if re.match(r"[a-z]+:|//", enlace):
                continue
            camino, _, ancla = enlace.partition("#")
            destino = (pagina.parent / camino).resolve() if camino else pagina
            if not destino.exists() or (ancla and destino in leidas and ancla not in leidas[destino].nombres):
                rotos.append(f"{pagina.name}: {enlace}")
    assert rotos == []


def test_cada_cuaderno_tiene_figuras(sitio: Path) -> None:
    for nombre in CUADERNOS:
        pagina = sitio / f"{nombre}.html"
        if pagina.is_file():
            assert re.search(r"<figure class=.dibujo", pagina.read_text(encoding="utf-8")), nombre
