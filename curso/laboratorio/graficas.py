"""Gráficas corrientes con el aspecto del curso: barras y líneas de lo que se acaba de medir.

Aquí van las que sirven a varios cuadernos. No van aquí las que dibujan hilos (`cronograma.py`) ni
conversaciones (`secuencia.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes

from laboratorio.dibujo import COLORES, TINTA, Dibujo, lienzo


def barras(
    valores: Mapping[str, float], *, titulo: str, unidad: str, decimales: int = 2, rojas: Sequence[str] = ()
) -> Dibujo:
    """Una barra tumbada por cada nombre, con su cifra al lado. Las de `rojas` van en rojo."""
    figura, (ejes,) = lienzo(0.9 + 0.36 * len(valores))
    pinta_barras(ejes, valores, titulo=titulo, unidad=unidad, decimales=decimales, rojas=rojas)
    return Dibujo(figura, f"{titulo}: {_en_palabras(valores, unidad, decimales)}.")


def barras_dobles(
    izquierda: Mapping[str, float], derecha: Mapping[str, float], *, titulos: tuple[str, str],
    unidades: tuple[str, str], decimales: tuple[int, int] = (2, 2),
) -> Dibujo:  # fmt: skip
    """Dos grupos de barras, uno al lado del otro."""
    figura, ejes = lienzo(0.9 + 0.4 * max(len(izquierda), len(derecha)), columnas=2)
    for n, valores in enumerate((izquierda, derecha)):
        pinta_barras(ejes[n], valores, titulo=titulos[n], unidad=unidades[n], decimales=decimales[n])
    palabras = [
        f"{titulos[n]}: {_en_palabras(v, unidades[n], decimales[n])}"
        for n, v in enumerate((izquierda, derecha))
    ]
    return Dibujo(figura, "; ".join(palabras) + ".")


def lineas(
    series: Mapping[str, Sequence[tuple[float, float]]], *, titulo: str, x: str, y: str, puntos: bool = True,
    entero: bool = False,
) -> Dibujo:  # fmt: skip
    """Una línea por serie de pares (x, y). `entero`: las marcas del eje x son los valores de x."""
    figura, (ejes,) = lienzo(3.0)
    for n, (nombre, pares) in enumerate(series.items()):
        xs, ys = [a for a, _ in pares], [b for _, b in pares]
        marca = "o" if puntos else ""
        discontinua = "--" if "ideal" in nombre or "Amdahl" in nombre else "-"
        ejes.plot(
            xs, ys, discontinua, marker=marca, markersize=4.5, color=COLORES[n % len(COLORES)], label=nombre
        )
    if entero:
        ejes.set_xticks(sorted({a for pares in series.values() for a, _ in pares}))
    ejes.set_xlabel(x)
    ejes.set_ylabel(y)
    ejes.set_ylim(bottom=0)
    ejes.set_title(titulo)
    if len(series) > 1:
        ejes.legend()
    finales = "; ".join(f"{n} acaba en {p[-1][1]:.2f}" for n, p in series.items() if p)
    return Dibujo(figura, f"{titulo}: {finales}.")


def pinta_barras(
    ejes: Axes, valores: Mapping[str, float], *, titulo: str, unidad: str, decimales: int = 2,
    rojas: Sequence[str] = (),
) -> None:  # fmt: skip
    """Las barras en unos ejes que ya existen."""
    nombres = list(valores)
    colores = ["#c81e1e" if n in rojas else COLORES[i % len(COLORES)] for i, n in enumerate(nombres)]
    ejes.barh(range(len(nombres)), list(valores.values()), color=colores, height=0.6)
    maximo = max(valores.values(), default=1) or 1
    for fila, valor in enumerate(valores.values()):
        texto = f" {valor:,.{decimales}f} {unidad}".replace(",", " ")
        ejes.text(valor, fila, texto, va="center", color=TINTA, fontsize=9)
    ejes.set_yticks(range(len(nombres)), nombres)
    ejes.set_xlim(0, maximo * 1.28)
    ejes.set_ylim(len(nombres) - 0.5, -0.5)
    ejes.set_xticks([])
    ejes.spines["bottom"].set_visible(False)
    ejes.tick_params(axis="y", length=0)
    ejes.set_title(titulo)


def _en_palabras(valores: Mapping[str, float], unidad: str, decimales: int) -> str:
    return ", ".join(f"{nombre} {valor:.{decimales}f} {unidad}".strip() for nombre, valor in valores.items())
