"""Los dibujos de la red: TCP y UDP bajo pérdida, la ventana de congestión, y el orden de llegada.

Aquí va cómo se dibuja lo que midieron el cable y el relé. No va aquí ninguna medida.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from laboratorio.dibujo import COLORES, ROJO, SUAVE, TINTA, Dibujo, lienzo
from laboratorio.graficas import pinta_barras


def lado_a_lado(
    medido: Mapping[str, Sequence[tuple[int, float]]], *, tramas: int, titulo: str = ""
) -> Dibujo:
    """Cada trama de una llamada: a la izquierda por TCP, a la derecha por UDP; las perdidas, con un aspa."""
    figura, ejes = lienzo(3.1, columnas=2)
    maximo = max((ms for por in medido.values() for _, ms in por), default=1.0) * 1.08
    frases = []
    for n, por in enumerate(("tcp", "udp")):
        llegadas = medido[por]
        perdidas = sorted(set(range(tramas)) - {numero for numero, _ in llegadas})
        ejes[n].scatter([a for a, _ in llegadas], [b for _, b in llegadas], s=9, color=COLORES[n])
        ejes[n].plot(perdidas, [0] * len(perdidas), "x", color=ROJO, markersize=6, clip_on=False)
        ejes[n].set_ylim(0, maximo)
        ejes[n].set_xlim(-2, tramas + 1)
        ejes[n].set_xlabel("trama")
        ejes[n].set_title(f"{por.upper()}: llegan {len(llegadas)} de {tramas}")
        peor = max((ms for _, ms in llegadas), default=0.0)
        frases.append(f"{por.upper()} entrega {len(llegadas)} de {tramas}; la que más tarda, {peor:.0f} ms")
    ejes[0].set_ylabel("ms hasta poder leerla")
    if titulo:
        figura.suptitle(titulo, x=0.01, ha="left", fontsize=11, color=TINTA)
    return Dibujo(figura, ". ".join(frases) + ". Las aspas rojas son tramas perdidas.")


def fiabilidad(medidas: Mapping[float, Mapping[str, Any]]) -> Dibujo:
    """Por cada pérdida del cable: qué parte entregó cada uno, y cuánto tuvo que repetir TCP."""
    figura, ejes = lienzo(3.0, columnas=2)
    perdidas = sorted(medidas)
    nombres = [f"{100 * p:g} %" for p in perdidas]
    for n, por in enumerate(("tcp", "udp")):
        partes = [_entregado(medidas[p], por) for p in perdidas]
        sitios = [i + (n - 0.5) * 0.36 for i in range(len(perdidas))]
        barras = ejes[0].bar(sitios, partes, width=0.34, color=COLORES[n], label=por.upper())
        ejes[0].bar_label(barras, [f"{parte:.0f}" for parte in partes], fontsize=8)
    ejes[0].set_xticks(range(len(nombres)), nombres)
    ejes[0].set_ylim(0, 140)
    ejes[0].set_xlabel("pérdida del cable")
    ejes[0].set_title("Entregado (%)")
    ejes[0].legend(loc="upper center", ncols=2, fontsize=8.5)
    repetidos = {
        n: float(medidas[p]["tcp"]["retransmitidos"]) for n, p in zip(nombres, perdidas, strict=True)
    }
    pinta_barras(ejes[1], repetidos, titulo="Segmentos que TCP repitió", unidad="", decimales=0)
    frases = [
        f"con {n}: TCP {_entregado(medidas[p], 'tcp'):.0f} %, UDP {_entregado(medidas[p], 'udp'):.0f} %"
        for n, p in zip(nombres, perdidas, strict=True)
    ]
    return Dibujo(figura, "; ".join(frases) + ".")


def _entregado(medida: Mapping[str, Any], por: str) -> float:
    if por == "udp":
        return 100.0 * len(set(medida["udp"]["recibidos"])) / float(medida["udp"]["enviados"])
    return 100.0 if medida["tcp"]["integro"] else 0.0


def orden_de_llegada(enviados: int, llegados: Sequence[int], *, titulo: str) -> Dibujo:
    """Un punto por llegada: el lugar en que llegó, y el número con el que se envió. En orden, una recta."""
    figura, (ejes,) = lienzo(3.0)
    ejes.plot([0, enviados], [0, enviados], color=SUAVE, linestyle="--", linewidth=1, label="en orden")
    maximos, mayor = [], -1
    for numero in llegados:
        maximos.append(numero < mayor)
        mayor = max(mayor, numero)
    for tarde, color, rotulo in ((False, COLORES[0], "a tiempo"), (True, ROJO, "adelantado por otro")):
        sitios = [(i, n) for i, (n, t) in enumerate(zip(llegados, maximos, strict=True)) if t == tarde]
        ejes.scatter(
            [a for a, _ in sitios], [b for _, b in sitios], s=14, color=color, label=rotulo, zorder=3
        )
    ejes.set_xlabel("lugar en que llegó")
    ejes.set_ylabel("número con que salió")
    ejes.set_title(titulo)
    ejes.legend(fontsize=8.5)
    return Dibujo(
        figura, f"{titulo}: de {len(llegados)} que llegan, {sum(maximos)} llegan después de otro posterior."
    )
