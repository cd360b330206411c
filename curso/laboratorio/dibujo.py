"""Un dibujo: la figura, sus palabras, y cómo se enseña en una página y en un cuaderno.

Aquí va lo que todas las figuras comparten. No va aquí qué dibuja cada una.
"""

from __future__ import annotations

import html
import io
from pathlib import Path

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure

ANCHO = 8.6  # pulgadas: lo que cabe en la columna de texto de la página
TINTA = "#1f2933"
SUAVE = "#9aa5b1"
ROJO = "#c81e1e"
COLORES = ("#2563eb", "#d97706", "#059669", "#7c3aed", "#db2777", "#0891b2", "#65a30d", "#b45309")
# Para todo lo que se dibuje después de importar el laboratorio: que las figuras parezcan de un mismo libro.
matplotlib.rcParams.update(
    {
        "font.family": "DejaVu Sans",
        "font.size": 9.5,
        "axes.edgecolor": SUAVE,
        "axes.labelcolor": TINTA,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.titlelocation": "left",
        "axes.titlesize": 11,
        "axes.titleweight": "bold",
        "axes.titlecolor": TINTA,
        "axes.grid": False,
        "xtick.color": TINTA,
        "ytick.color": TINTA,
        "hatch.linewidth": 0.8,
        "legend.frameon": False,
        "figure.facecolor": "white",
        "svg.fonttype": "path",
    }
)


class Dibujo:
    """Una figura con su descripción. Un cuaderno la enseña si es lo último de la celda.

    `descripcion` dice con palabras lo que se ve: la lee quien no ve la figura, y la tiene quien lee el texto.
    """

    def __init__(self, figura: Figure, descripcion: str) -> None:
        self.figura = figura
        self.descripcion = descripcion
        if self.vacio():
            raise ValueError("una figura vacía no enseña nada: " + descripcion)

    def svg(self) -> str:
        """La figura como `<svg>...</svg>`, sin la cabecera de XML."""
        salida = io.StringIO()
        self.figura.savefig(salida, format="svg", bbox_inches="tight", metadata={"Date": None})
        texto = salida.getvalue()
        return texto[texto.index("<svg") :]

    def guardar(self, fichero: Path | str, *, puntos: int = 160) -> None:
        """Escribe la figura en el formato que diga la extensión: `.svg`, `.png`, `.pdf`."""
        self.figura.savefig(fichero, bbox_inches="tight", dpi=puntos)

    def vacio(self) -> bool:
        """Cierto si no hay nada dibujado dentro de los ejes."""
        return not any(
            ejes.lines or ejes.patches or ejes.collections or ejes.texts or ejes.images
            for ejes in self.figura.axes
        )

    def __repr__(self) -> str:
        return f"[Figura: {self.descripcion}]"

    def _repr_html_(self) -> str:
        palabras = html.escape(self.descripcion, quote=True)
        return (
            f'<figure class="dibujo" role="img" aria-label="{palabras}">{self.svg()}'
            f"<figcaption>{palabras}</figcaption></figure>"
        )


def lienzo(
    alto: float, *, filas: int = 1, columnas: int = 1, anchos: tuple[float, ...] = ()
) -> tuple[Figure, list[Axes]]:
    """Una figura nueva de `alto` pulgadas y sus ejes, de izquierda a derecha y de arriba abajo."""
    figura = Figure(figsize=(ANCHO, alto), layout="constrained")
    rejilla = figura.add_gridspec(filas, columnas, width_ratios=anchos or None)
    return figura, [figura.add_subplot(rejilla[f, c]) for f in range(filas) for c in range(columnas)]
