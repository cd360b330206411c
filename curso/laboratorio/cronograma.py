"""El cronograma: una fila por hilo, la espera rayada, la tenencia llena, y el círculo de un interbloqueo.

Aquí va cómo se dibuja lo que vio un testigo (o la grabadora de vuelo de Java, que da los mismos tramos). No
va aquí cómo se ve.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.patches import FancyArrowPatch, Patch

from laboratorio.dibujo import COLORES, ROJO, SUAVE, TINTA, Dibujo, lienzo
from laboratorio.testigo import Marca, Tramo

_ALTO_DE_FILA = 0.42  # pulgadas
_ALTO_DE_BARRA = 0.62  # parte de la fila
_MINIMO = 0.004  # parte del ancho total: por debajo un tramo no se vería


def cronograma(
    tramos: Sequence[Tramo],
    marcas: Sequence[Marca] = (),
    ciclo: Sequence[tuple[str, str]] = (),
    *,
    hasta: float,
    titulo: str = "",
) -> Dibujo:
    """Dibuja los tramos hasta el instante `hasta` (segundos); lo que sigue abierto llega hasta el borde."""
    hilos = _en_orden(tramos)
    fin = max((t.hasta or hasta for t in tramos), default=hasta) or 1.0
    alto = 1.5 + _ALTO_DE_FILA * max(len(hilos), 1)
    if ciclo:
        figura, (ejes, rueda) = lienzo(max(alto, 3.0), columnas=2, anchos=(2.3, 1))
        _dibuja_ciclo(rueda, ciclo)
    else:
        figura, (ejes,) = lienzo(alto)
    colores = _colores(tramos)
    for hilo in hilos:
        propios = [t for t in tramos if t.hilo == hilo]
        for tramo, sitio in zip(propios, _carriles(propios, fin), strict=True):
            _dibuja_tramo(ejes, tramo, hilos.index(hilo), sitio, fin, colores)
    for marca in marcas:
        if marca.hilo in hilos:
            _dibuja_marca(ejes, marca, hilos.index(marca.hilo))
    _viste(ejes, hilos, fin, titulo)
    _leyenda(ejes, tramos, colores)
    return Dibujo(figura, _palabras(tramos, hilos, ciclo, fin))


def _en_orden(tramos: Sequence[Tramo]) -> list[str]:
    """Los hilos por orden de aparición."""
    return list(dict.fromkeys(t.hilo for t in tramos))


def _colores(tramos: Sequence[Tramo]) -> dict[str, str]:
    """Un color por recurso; «sitio en la cola» y «algo en la cola» comparten el de la cola."""
    recursos = dict.fromkeys(_base(t.recurso) for t in tramos if t.clase != "vive")
    return {recurso: COLORES[n % len(COLORES)] for n, recurso in enumerate(recursos)}


def _base(recurso: str) -> str:
    for principio in ("sitio en ", "algo en ", "aviso de "):
        recurso = recurso.removeprefix(principio)
    return recurso


def _carriles(tramos: Sequence[Tramo], fin: float) -> list[tuple[float, float]]:
    """De cada tramo, dónde empieza y cuánto ocupa a lo alto en su fila: los que coinciden van en carriles."""
    libres: list[float] = []  # cuándo queda libre cada carril
    elegidos = []
    for tramo in tramos:
        if tramo.clase == "vive":
            elegidos.append(-1)
            continue
        carril = next((n for n, hasta in enumerate(libres) if hasta <= tramo.desde), len(libres))
        libres[carril : carril + 1] = [fin if tramo.hasta is None else tramo.hasta]
        elegidos.append(carril)
    alto = _ALTO_DE_BARRA / max(len(libres), 1)
    return [(-0.06, 0.12) if n < 0 else (n * alto - _ALTO_DE_BARRA / 2, alto) for n in elegidos]


def _dibuja_tramo(
    ejes: Axes, tramo: Tramo, fila: int, sitio: tuple[float, float], fin: float, colores: dict[str, str]
) -> None:
    desplazado, alto = sitio
    ancho = max((fin if tramo.hasta is None else tramo.hasta) - tramo.desde, fin * _MINIMO)
    aspecto: dict[str, Any] = {"left": tramo.desde, "height": alto, "align": "edge"}
    if tramo.clase == "vive":
        ejes.barh(fila + desplazado, ancho, color="#cbd2d9", zorder=1, **aspecto)
        return
    color = colores[_base(tramo.recurso)]
    if tramo.clase == "tiene":
        ejes.barh(fila + desplazado, ancho, color=color, edgecolor=color, zorder=3, **aspecto)
    elif tramo.clase == "trabaja":
        # Claro pero opaco: la línea de la vida no se ve a través.
        ejes.barh(fila + desplazado, ancho, color=_claro(color), zorder=2, **aspecto)
    else:
        ejes.barh(
            fila + desplazado, ancho, facecolor="white",
            edgecolor=ROJO if tramo.en_circulo else color,
            hatch="...." if tramo.clase == "arma" else "////",
            linewidth=1.6 if tramo.en_circulo else 0.9, zorder=2, **aspecto,
        )  # fmt: skip


def _claro(color: str) -> tuple[float, ...]:
    """El color aclarado hacia el blanco."""
    return tuple(1 - 0.55 * (1 - parte) for parte in to_rgb(color))


def _dibuja_marca(ejes: Axes, marca: Marca, fila: int) -> None:
    rota = "rota" in marca.texto or marca.texto.startswith("✗")
    color = ROJO if rota else TINTA
    if "barrera" in marca.texto and not rota:
        ejes.axvline(marca.cuando, color=TINTA, linewidth=1.4, linestyle="--", zorder=4)
    ejes.plot([marca.cuando], [fila - 0.36], marker="x" if rota else "v", markersize=5, color=color, zorder=5)


def _viste(ejes: Axes, hilos: Sequence[str], fin: float, titulo: str) -> None:
    ejes.set_yticks(range(len(hilos)), hilos)
    ejes.set_ylim(len(hilos) - 0.4, -0.6)
    ejes.set_xlim(0, fin * 1.01)
    ejes.set_xlabel("segundos")
    ejes.tick_params(axis="y", length=0)
    if titulo:
        ejes.set_title(titulo)


def _leyenda(ejes: Axes, tramos: Sequence[Tramo], colores: dict[str, str]) -> None:
    usadas = {t.clase for t in tramos}
    muestras = [Patch(facecolor=color, label=recurso) for recurso, color in colores.items()][:8]
    if "tiene" in usadas:
        muestras.append(Patch(facecolor=SUAVE, edgecolor=SUAVE, label="lleno: lo tiene"))
    if "espera" in usadas:
        muestras.append(Patch(facecolor="white", edgecolor=SUAVE, hatch="////", label="rayado: espera"))
    if "arma" in usadas:
        muestras.append(Patch(facecolor="white", edgecolor=SUAVE, hatch="....", label="punteado: armado"))
    if muestras:
        columnas = min(len(muestras), 5)
        ejes.legend(
            handles=muestras, ncols=columnas, loc="upper left", bbox_to_anchor=(0, -0.22), fontsize=8.5
        )


def _dibuja_ciclo(ejes: Axes, ciclo: Sequence[tuple[str, str]]) -> None:
    """Hilos redondos y recursos cuadrados: cada hilo espera un recurso que tiene el siguiente."""
    nodos = [nodo for hilo, recurso in ciclo for nodo in ((hilo, True), (recurso, False))]
    sitios = [
        (math.sin(2 * math.pi * n / len(nodos)), math.cos(2 * math.pi * n / len(nodos)))
        for n in range(len(nodos))
    ]
    for n, (x, y) in enumerate(sitios):
        siguiente = sitios[(n + 1) % len(sitios)]
        espera = nodos[n][1]
        ejes.add_patch(
            FancyArrowPatch(
                (x, y), siguiente, arrowstyle="-|>", mutation_scale=14, shrinkA=24, shrinkB=24,
                color=ROJO if espera else TINTA, linestyle="--" if espera else "-",
                connectionstyle="arc3,rad=-0.25",
            )
        )  # fmt: skip
        medio = ((x + siguiente[0]) * 0.88, (y + siguiente[1]) * 0.88)
        ejes.text(*medio, "espera" if espera else "lo tiene", ha="center", va="center", fontsize=7.5,
                  color=ROJO if espera else TINTA)  # fmt: skip
    for (texto, es_hilo), (x, y) in zip(nodos, sitios, strict=True):
        caja = {"boxstyle": "circle,pad=0.4" if es_hilo else "square,pad=0.5", "fc": "white", "ec": ROJO}
        ejes.text(x, y, texto, ha="center", va="center", fontsize=8, bbox=caja, zorder=5)
    ejes.set_xlim(-1.7, 1.7)
    ejes.set_ylim(-1.6, 1.6)
    ejes.set_aspect("equal")
    ejes.axis("off")
    ejes.set_title("El círculo", loc="center")


def _palabras(
    tramos: Sequence[Tramo], hilos: Sequence[str], ciclo: Sequence[tuple[str, str]], fin: float
) -> str:
    """Lo que se ve, en una frase con cifras."""
    esperas = [t for t in tramos if t.clase == "espera"]
    suma = sum((fin if t.hasta is None else t.hasta) - t.desde for t in esperas)
    frase = f"{_cuantos(len(hilos), 'hilo')} durante {fin:.2f} s; "
    frase += f"{_cuantos(len(esperas), 'espera')}, {suma:.2f} s en total" if esperas else "nadie espera"
    if ciclo:
        frase += "; interbloqueo: " + ", ".join(f"{hilo} espera {recurso}" for hilo, recurso in ciclo)
    return frase + "."


def _cuantos(numero: int, que: str) -> str:
    return f"{numero} {que}" + ("" if numero == 1 else "s")
