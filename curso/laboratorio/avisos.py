"""Avisos amables: lo que una celda dice cuando a esta máquina le falta algo, y sigue.

Aquí va cómo se dice. No va aquí qué hace falta: lo sabe quien lo pide.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")


class Falta(Exception):
    """A esta máquina le falta algo (un puerto, Java, un permiso): el mensaje dice qué y qué hacer."""


class Aviso:
    """Un recuadro en un cuaderno; una línea en un terminal."""

    def __init__(self, texto: str) -> None:
        self.texto = texto

    def __repr__(self) -> str:
        return f"⚠ {self.texto}"

    def _repr_html_(self) -> str:
        return f'<p class="aviso">⚠ {html.escape(self.texto)}</p>'


def intenta(que: Callable[[], T]) -> T | Aviso:
    """Lo que `que()` devuelve, o un aviso si falta algo."""
    try:
        return que()
    except Falta as falta:
        return Aviso(str(falta))


@contextmanager
def si_se_puede() -> Iterator[None]:
    """Un bloque que, si falta algo, deja un aviso en la página en vez de un error."""
    try:
        yield
    except Falta as falta:
        ensena(Aviso(str(falta)))


def ensena(cosa: object) -> None:
    """Enseña algo en el cuaderno; fuera de uno, lo escribe."""
    try:
        from IPython.core.getipython import get_ipython
        from IPython.display import display
    except ImportError:
        print(cosa)
        return
    if get_ipython() is None:
        print(cosa)
    else:
        display(cosa)  # type: ignore[no-untyped-call]
