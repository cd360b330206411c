"""De una página escrita en MyST a un cuaderno: para el sitio, para ejecutarlo y para llevárselo.

Aquí van las conversiones de texto. No va aquí la ejecución (`ejecucion.py`) ni Sphinx (`sitio.py`).

En una página se puede escribir, además de MyST:

- `[server/throttle.py](../../src/tertulia/server/throttle.py#Throttle)`: lleva a esa línea del código del
  producto, en una copia que forma parte del sitio; falla si el fichero o el nombre no existen;
- `` ```{codigo} ../charla/servidor.py#ServidorHilos.atiende``: el texto actual de ese trozo de programa.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from pathlib import Path

import jupytext
import nbformat
from nbformat import NotebookNode

from taller.lugares import LIBRO, RAIZ

_ENLACE = re.compile(r"\[([^\]]+)\]\((\.\./\.\./[^)#\s]+)(?:#([\w.]+))?\)")
_ENTRE_PAGINAS = re.compile(r"\]\(([\w.]+?)\.md(#[^)\s]*)?\)")
_CODIGO = re.compile(r"^```\{codigo\}[ \t]+([^\s#]+)(?:#([\w.]+))?[ \t]*\n```$", re.MULTILINE)
_DIRECTIVA = re.compile(r"^(:{3,})\{([\w-]+)\}[ \t]*(.*)$")
_OPCION = re.compile(r"^:[\w-]+:")
_LENGUAS = {".py": "python", ".java": "java", ".toml": "toml", ".sh": "sh"}
_ROTULOS = {"note": "Nota", "tip": "Pista", "warning": "Cuidado", "important": "Importante", "admonition": ""}


@dataclass(frozen=True, slots=True)
class Referencia:
    """Un enlace al código: qué fichero del repositorio y qué línea (1 si no se nombra nada)."""

    fichero: str
    linea: int

    @property
    def pagina(self) -> str:
        return "fuente/" + self.fichero.replace("/", "-")


def es_cuaderno(texto: str) -> bool:
    return texto.startswith("---\n") and "kernelspec:" in texto.split("---\n", 2)[1]


def cuaderno(texto: str) -> NotebookNode:
    """El cuaderno de una página, con el código incluido en su sitio y las celdas numeradas por orden."""
    hecho: NotebookNode = jupytext.reads(incluye(texto), fmt="md:myst")
    for numero, celda in enumerate(hecho.cells):
        celda.id = f"celda-{numero}"  # siempre las mismas: así se sabe si una página cambió
    return hecho


def incluye(texto: str, *, desde: Path = LIBRO) -> str:
    """Sustituye cada `{codigo}` por el texto del trozo que nombra."""

    def trozo(hallado: re.Match[str]) -> str:
        fichero = (desde / hallado[1]).resolve()
        if fichero.suffix == ".md":  # un texto entra como texto, sin su título
            return extracto(fichero, None).split("\n", 1)[1].strip()
        lengua = _LENGUAS.get(fichero.suffix, "text")
        return f"```{lengua}\n{extracto(fichero, hallado[2])}\n```"

    return _CODIGO.sub(trozo, texto)


def extracto(fichero: Path, nombre: str | None) -> str:
    """El texto de una definición (`Clase.metodo`), sin su sangría, o del fichero entero."""
    texto = fichero.read_text(encoding="utf-8")
    if nombre is None:
        return texto.rstrip("\n")
    desde, hasta = _lineas(fichero, texto, nombre)
    lineas = texto.splitlines()[desde - 1 : hasta]
    sangria = len(lineas[0]) - len(lineas[0].lstrip())
    return "\n".join(linea[sangria:] for linea in lineas)


def _lineas(fichero: Path, texto: str, nombre: str) -> tuple[int, int]:
    """La primera y la última línea de una definición. `ValueError` si no está."""
    hallado = _en_python(texto, nombre) if fichero.suffix == ".py" else _con_llaves(texto, nombre)
    if hallado is None:
        raise ValueError(f"{fichero.name} no define {nombre}")
    return hallado


def _en_python(texto: str, nombre: str) -> tuple[int, int] | None:
    cuerpo: list[ast.stmt] = ast.parse(texto).body
    hallado: tuple[int, int] | None = None
    for parte in nombre.split("."):
        hallado = None
        for nodo in cuerpo:
            nombres = (
                [nodo.name] if isinstance(nodo, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) else []
            )
            if isinstance(nodo, ast.Assign):
                nombres = [o.id for o in nodo.targets if isinstance(o, ast.Name)]
            elif isinstance(nodo, ast.AnnAssign) and isinstance(nodo.target, ast.Name):
                nombres = [nodo.target.id]
            if parte in nombres:
                decoradores = getattr(nodo, "decorator_list", [])
                hallado = (
                    min([nodo.lineno, *(d.lineno for d in decoradores)]),
                    nodo.end_lineno or nodo.lineno,
                )
                cuerpo = getattr(nodo, "body", [])
                break
        if hallado is None:
            return None
    return hallado


def _con_llaves(texto: str, nombre: str) -> tuple[int, int] | None:
    """Una clase, un método o un campo de Java, por la línea que lo declara y sus llaves."""
    lineas = texto.splitlines()
    palabra = re.escape(nombre.rsplit(".", 1)[-1])
    declara = re.compile(
        rf"^\s*(?!return|new|throw|//|\*)[\w<>\[\], .@]*\b{palabra}\b\s*(\(|\{{|extends|implements|=|;)"
    )
    for n, linea in enumerate(lineas):
        if not declara.match(linea) or linea.strip().startswith(palabra + "("):
            continue
        hondo = 0
        for m in range(n, len(lineas)):
            hondo += lineas[m].count("{") - lineas[m].count("}")
            if hondo <= 0 and (";" in lineas[m] or "}" in lineas[m]):
                return n + 1, m + 1
    return None


# --- Enlaces ----------------------------------------------------------------------------------------------


def referencia(camino: str, nombre: str | None) -> Referencia:
    """Adónde lleva un enlace al código. `ValueError` si no existe."""
    fichero = (LIBRO / camino).resolve()
    if not fichero.is_file():
        raise ValueError(f"no existe {camino}")
    linea = _lineas(fichero, fichero.read_text(encoding="utf-8"), nombre)[0] if nombre else 1
    return Referencia(fichero.relative_to(RAIZ).as_posix(), linea)


def referencias(texto: str) -> list[Referencia]:
    return [referencia(camino, nombre or None) for _, camino, nombre in _ENLACE.findall(texto)]


def para_el_sitio(texto: str, cuadernos: frozenset[str]) -> str:
    """Los enlaces al código llevan a la copia del sitio; los de una página a otra, a su cuaderno si lo es."""

    def al_codigo(hallado: re.Match[str]) -> str:
        ref = referencia(hallado[2], hallado[3])
        lugar, texto = f"{ref.pagina}.html#linea-{ref.linea}", hallado[1].strip("`")
        return f'<a class="fuente" href="{lugar}"><code>{texto}</code></a>'

    def entre_paginas(hallado: re.Match[str]) -> str:
        extension = "ipynb" if hallado[1] in cuadernos else "md"
        return f"]({hallado[1]}.{extension}{hallado[2] or ''})"

    return _ENTRE_PAGINAS.sub(entre_paginas, _ENLACE.sub(al_codigo, texto))


# --- Para llevar ------------------------------------------------------------------------------------------


def para_llevar(texto: str, cuadernos: frozenset[str]) -> str:
    """Lo mismo en Markdown corriente, que es lo que Jupyter entiende: sin directivas."""
    texto = _ENLACE.sub(lambda hallado: f"`{referencia(hallado[2], hallado[3]).fichero}`", texto)
    texto = _ENTRE_PAGINAS.sub(lambda h: f"]({h[1]}.ipynb)" if h[1] in cuadernos else "](#)", texto)
    return _sin_directivas(texto)


def _sin_directivas(texto: str) -> str:
    """Un desplegable se vuelve `<details>`; un aviso, un párrafo con su rótulo; lo demás queda como texto."""
    salida: list[str] = []
    cierres: list[tuple[str, str]] = []
    for linea in texto.splitlines():
        abre = _DIRECTIVA.match(linea)
        if abre:
            antes, despues = _en_corriente(abre[2], abre[3].strip())
            salida.append(antes)
            cierres.append((abre[1], despues))
        elif cierres and linea.strip() == cierres[-1][0]:
            salida.append(cierres.pop()[1])
        elif not (cierres and _OPCION.match(linea)):
            salida.append(linea)
    return "\n".join(salida)


def _en_corriente(directiva: str, titulo: str) -> tuple[str, str]:
    if directiva == "dropdown":
        return f"<details><summary>{titulo or 'Respuesta'}</summary>\n", "\n</details>"
    if directiva in _ROTULOS:
        return f"**{' '.join(p for p in (_ROTULOS[directiva], titulo) if p)}**\n", ""
    return f"**{titulo}**\n" if titulo else "", ""


def con_textos(hecho: NotebookNode, cambia: object) -> NotebookNode:
    """Una copia del cuaderno con el texto de cada celda de Markdown pasado por `cambia`."""
    copia = nbformat.from_dict(hecho)  # type: ignore[no-untyped-call]
    assert callable(cambia)
    for celda in copia.cells:
        if celda.cell_type == "markdown":
            celda.source = cambia(celda.source)
    assert isinstance(copia, NotebookNode)
    return copia
