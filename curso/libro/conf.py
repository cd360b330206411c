"""La configuración de Sphinx: español, sin red, sin ejecutar (los cuadernos llegan ejecutados).

Aquí va también la copia del código enlazado, que hace que «dónde lo hace Tertulia» funcione sin conexión.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_for_filename
from sphinx.application import Sphinx

project = "Unidad 5: Hilos 2.0 y Sockets"
author = "Tertulia"
language = "es"
extensions = ["myst_nb", "sphinx_design"]
exclude_patterns = ["enlazado.json"]
myst_enable_extensions = ["colon_fence", "deflist", "attrs_inline", "attrs_block"]
myst_heading_anchors = 3
nb_execution_mode = "off"
nb_merge_streams = True

html_theme = "sphinx_book_theme"
html_title = "Unidad 5"
html_static_path = ["_static"]
html_css_files = ["curso.css"]
html_extra_path = [str(Path(__file__).parent.parent / "extra")]
html_copy_source = False
html_show_sourcelink = False
html_show_copyright = False
html_theme_options = {
    "show_toc_level": 2,
    "use_download_button": False,
    "use_fullscreen_button": False,
    "home_page_in_toc": True,
    "navbar_persistent": [],
    "toc_title": "En esta página",
}
# Las fórmulas del curso van en texto: MathJax se pediría a un servidor ajeno, y el curso se lee sin red.
html_math_renderer = "mathjax"
mathjax_path = "no-hace-falta.js"


def paginas_de_codigo(_: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Una página por cada fichero del repositorio al que se enlaza, con sus líneas numeradas."""
    enlazado = json.loads((Path(__file__).parent / "enlazado.json").read_text(encoding="utf-8"))
    for fichero in enlazado["ficheros"]:
        texto = (Path(enlazado["raiz"]) / fichero).read_text(encoding="utf-8")
        pinta = HtmlFormatter(
            linenos="inline",
            lineanchors="linea",
            anchorlinenos=True,
            wrapcode=True,
            cssclass="highlight fuente",
        )
        cuerpo = highlight(texto, get_lexer_for_filename(fichero, stripnl=False), pinta)
        titulo = f"<h1><code>{fichero}</code></h1>"
        nota = "<p>Copia del fichero tal como estaba al construir el curso.</p>"
        pagina = {"title": fichero, "body": titulo + nota + cuerpo, "metatags": ""}
        yield "fuente/" + fichero.replace("/", "-"), pagina, "page.html"


def setup(app: Sphinx) -> None:
    app.connect("html-collect-pages", paginas_de_codigo)
