"""El diagrama de secuencia de una conversación: una línea de vida por participante, una flecha por mensaje.

Aquí va el dibujo. No va aquí de dónde salen los sucesos: `grabadora.py`, `captura.py` o un relé.
"""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes

from laboratorio.dibujo import COLORES, ROJO, SUAVE, TINTA, Dibujo, lienzo
from laboratorio.grabadora import Suceso
from laboratorio.rele import Paso

_ALTO_POR_FLECHA = 0.3  # pulgadas
_FLECHAS = 40  # las que caben en una figura que se pueda leer
_LETRAS = 46


def secuencia(sucesos: Sequence[Suceso], *, titulo: str = "", participantes: Sequence[str] = ()) -> Dibujo:
    """Las flechas en orden, una por renglón, con su instante a la izquierda (ms desde la primera)."""
    visibles = sorted(sucesos, key=lambda s: s.cuando)[:_FLECHAS]
    nombres = list(participantes) or list(dict.fromkeys(n for s in visibles for n in (s.de, s.a)))
    figura, (ejes,) = lienzo(1.0 + _ALTO_POR_FLECHA * max(len(visibles), 1))
    for x, nombre in enumerate(nombres):
        ejes.plot([x, x], [-0.6, len(visibles)], color=SUAVE, linewidth=1, zorder=1)
        ejes.text(x, -1.0, nombre, ha="center", va="center", weight="bold", color="white",
                  bbox={"boxstyle": "round,pad=0.4", "fc": COLORES[x % 8], "ec": "none"})  # fmt: skip
    comienzo = visibles[0].cuando if visibles else 0.0
    for renglon, suceso in enumerate(visibles):
        _flecha(ejes, suceso, renglon, nombres)
        ejes.text(-0.32, renglon, f"{(suceso.cuando - comienzo) * 1000:.1f} ms", ha="right", va="center",
                  fontsize=7.5, color=SUAVE)  # fmt: skip
    ejes.set_xlim(-0.55, max(len(nombres) - 1, 1) + 0.35)
    ejes.set_ylim(len(visibles) + 0.2, -1.7)
    ejes.axis("off")
    if titulo:
        ejes.set_title(titulo)
    perdidos = sum(s.perdido for s in visibles)
    return Dibujo(
        figura,
        f"Conversación entre {' y '.join(nombres) or 'nadie'}: {len(visibles)} mensajes"
        + (f", {perdidos} perdidos" if perdidos else "")
        + (f" (de {len(sucesos)}, los primeros)" if len(sucesos) > _FLECHAS else "") + ".",
    )  # fmt: skip


def de_pasos(pasos: Sequence[Paso], *, cliente: str = "cliente", servidor: str = "servidor") -> list[Suceso]:
    """Lo que vio un relé de UDP, como sucesos: los perdidos también están, y lo dicen."""
    sucesos = []
    for paso in pasos:
        de, a = (cliente, servidor) if paso.sentido == "ida" else (servidor, cliente)
        texto = paso.datos.decode("utf-8", "replace")
        for salida in paso.salidas or (None,):
            sucesos.append(Suceso(paso.llegada, de, a, texto, perdido=salida is None, hasta=salida))
    return sucesos


def _flecha(ejes: Axes, suceso: Suceso, renglon: int, nombres: Sequence[str]) -> None:
    desde, hasta = float(nombres.index(suceso.de)), float(nombres.index(suceso.a))
    if suceso.perdido:
        hasta = desde + (hasta - desde) * 0.55
        ejes.plot([hasta], [renglon], marker="x", color=ROJO, markersize=8, markeredgewidth=2, zorder=4)
    color = ROJO if suceso.perdido else TINTA
    estilo = {"arrowstyle": "-" if suceso.perdido else "-|>", "color": color, "shrinkA": 2, "shrinkB": 2}
    ejes.annotate("", xy=(hasta, renglon), xytext=(desde, renglon), arrowprops=estilo, zorder=3)
    entero = suceso.texto.replace("\n", " ⏎ ")
    texto = entero if len(entero) <= _LETRAS else entero[: _LETRAS - 1] + "…"
    ejes.text((desde + hasta) / 2, renglon - 0.14, texto.replace("$", r"\$"), ha="center", va="bottom",
              fontsize=8, color=color, zorder=5)  # fmt: skip
