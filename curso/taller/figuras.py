"""Las figuras de los cuadernos ejecutados, sueltas, para las diapositivas de quien enseña.

Aquí va cómo se sacan y cómo se llaman. No va aquí quién las dibuja: eso es el laboratorio.
"""

from __future__ import annotations

import html
import re
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from taller.ejecucion import Hecho

_SVG = re.compile(r"<svg.*?</svg>", re.DOTALL)
_PIE = re.compile(r"<figcaption>(.*?)</figcaption>", re.DOTALL)
_ESPACIO = '<svg xmlns="http://www.w3.org/2000/svg" '  # un SVG suelto lo necesita; dentro de una página, no


def de(hecho: Hecho) -> Iterator[tuple[str, str]]:
    """De cada figura de un cuaderno, en su orden, el `<svg>` entero y su descripción (o nada)."""
    for celda in hecho.cuaderno.cells:
        for salida in celda.get("outputs", []):
            pagina = "".join(salida.get("data", {}).get("text/html", ""))
            for svg in _SVG.findall(pagina):
                pie = _PIE.search(pagina)
                entero = svg if "xmlns=" in svg.split(">")[0] else _ESPACIO + svg.removeprefix("<svg ")
                yield entero, html.unescape(pie[1]) if pie else ""


def empaqueta(hechos: Sequence[Hecho], fichero: Path) -> None:
    """Un zip con `HilosPython2.0-03.svg` y los demás, y `FIGURAS.md`, que dice qué se ve en cada una."""
    lista = ["# Las figuras de la Unidad 5", "", "Se hicieron con lo que pasó al construir el curso.", ""]
    with zipfile.ZipFile(fichero, "w", zipfile.ZIP_DEFLATED) as paquete:
        for hecho in hechos:
            for numero, (svg, pie) in enumerate(de(hecho), 1):
                nombre = f"{hecho.nombre}-{numero:02}.svg"
                paquete.writestr(nombre, svg)
                lista.append(f"- `{nombre}`: {pie}" if pie else f"- `{nombre}`")
        paquete.writestr("FIGURAS.md", "\n".join(lista) + "\n")
