"""Ayudas para celdas con hilos: esperarlos sin colgarse, y escribir sin que las líneas se mezclen.

Aquí va lo que casi todo cuaderno necesita. No va aquí el testigo.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterable

from laboratorio.testigo import EsperaAgotada


def espera(*hilos: threading.Thread, segundos: float = 60.0) -> None:
    """`join` a todos, con un límite para el conjunto. `EsperaAgotada` dice cuáles no terminaron."""
    limite = time.monotonic() + segundos
    for hilo in hilos:
        hilo.join(max(limite - time.monotonic(), 0))
    vivos = [hilo.name for hilo in hilos if hilo.is_alive()]
    if vivos:
        raise EsperaAgotada(f"pasaron {segundos:g} s y no han terminado: {', '.join(vivos)}")


def arranca(hilos: Iterable[threading.Thread], *, segundos: float = 60.0) -> None:
    """Los arranca todos y los espera a todos."""
    lista = list(hilos)
    for hilo in lista:
        hilo.start()
    espera(*lista, segundos=segundos)


def di(*palabras: object) -> None:
    """Escribe una línea entera de una vez: las de dos hilos no se mezclan, como sí le pasa a `print`."""
    sys.stdout.write(" ".join(str(p) for p in palabras) + "\n")
    sys.stdout.flush()
