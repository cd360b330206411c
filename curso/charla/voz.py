"""Voz por UDP: tramas numeradas, un colchón que absorbe las variaciones, y disimulo de las que faltan.

Aquí va el formato, el colchón y el disimulo, que son puros, y un envío de verdad. No va aquí el camino malo:
eso es el relé del laboratorio.
"""

from __future__ import annotations

import array
import math
import socket
import struct
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

MUESTRAS = 160  # 20 ms a 8000 por segundo, como en el teléfono
TRAMA_MS = 20.0
_CABECERA = struct.Struct("!Id")
_REZAGADAS_SEGUNDOS = 0.3  # lo que se espera, al acabar, a las que aún van por el camino
_ATENUA = 0.6  # una trama repetida suena más baja que la anterior: si faltan muchas, silencio


class Llegada(NamedTuple):
    """Una trama recibida: su número, los ms que tardó por el camino, y sus muestras."""

    numero: int
    tardo_ms: float
    muestras: array.array[int]


@dataclass(frozen=True, slots=True)
class Escucha:
    """Lo que oiría quien reproduce con un colchón de este tamaño."""

    colchon_ms: float
    tarde: int  # llegaron, pero después de su hora
    perdidas: int  # no llegaron
    repetidas: int  # copias que se tiraron
    senal_ruido_db: float
    sonido: array.array[int]


def tono(trama: int) -> array.array[int]:
    """La trama de un tono que sube y baja despacio, en 16 bits: lo que «dice» quien habla."""
    primera = trama * MUESTRAS
    return array.array("h", (_muestra(n) for n in range(primera, primera + MUESTRAS)))


def _muestra(n: int) -> int:
    t = n / 8000
    return int(9000 * math.sin(2 * math.pi * (220 * t + 8 * math.sin(2 * math.pi * 0.7 * t))))


def empaqueta(numero: int, hora: float, muestras: array.array[int]) -> bytes:
    return _CABECERA.pack(numero, hora) + muestras.tobytes()


def desempaqueta(datagrama: bytes, hora: float) -> Llegada | None:
    """None si no es una trama nuestra: por UDP llega cualquier cosa."""
    if len(datagrama) != _CABECERA.size + 2 * MUESTRAS:
        return None
    numero, salida = _CABECERA.unpack_from(datagrama)
    return Llegada(numero, (hora - salida) * 1000, array.array("h", datagrama[_CABECERA.size :]))


def habla_y_escucha(
    destino: tuple[str, int], oido: socket.socket, *, tramas: int, cada_ms: float = TRAMA_MS
) -> list[Llegada]:
    """Envía las tramas a su hora y recoge las que llegan a `oido`. Puede ir más deprisa que la voz."""
    llegadas: list[Llegada] = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as boca:
        siguiente = time.perf_counter()
        for numero in range(tramas):
            boca.sendto(empaqueta(numero, time.perf_counter(), tono(numero)), destino)
            siguiente += cada_ms / 1000
            _recoge(oido, llegadas, hasta=siguiente)
        # Desde ahora, y no desde la hora de la última: quizá esta máquina se paró y vamos con retraso.
        _recoge(oido, llegadas, hasta=time.perf_counter() + _REZAGADAS_SEGUNDOS)
    return llegadas


def _recoge(oido: socket.socket, llegadas: list[Llegada], *, hasta: float) -> None:
    """Recoge hasta esa hora; si ya pasó, lo que haya."""
    while True:
        oido.settimeout(max(hasta - time.perf_counter(), 0))
        try:
            llegada = desempaqueta(oido.recv(65_535), time.perf_counter())
        except (TimeoutError, BlockingIOError):
            return
        if llegada is not None:
            llegadas.append(llegada)


def reproduce(
    llegadas: Sequence[Llegada], tramas: int, colchon_ms: float, *, disimula: bool = True
) -> Escucha:
    """Lo que suena si cada trama se reproduce `colchon_ms` después de salir: la que tarda más, no está.

    Con un colchón grande casi todo llega a tiempo, pero la conversación va con ese retraso.
    """
    primeras: dict[int, Llegada] = {}
    for llegada in llegadas:
        primeras.setdefault(llegada.numero, llegada)
    sonido, anterior = array.array("h"), array.array("h", [0] * MUESTRAS)
    tarde = 0
    for numero in range(tramas):
        presente = primeras.get(numero)
        if presente is not None and presente.tardo_ms <= colchon_ms:
            anterior = presente.muestras
        else:
            tarde += presente is not None
            factor = _ATENUA if disimula else 0.0
            anterior = array.array("h", (int(m * factor) for m in anterior))
        sonido += anterior
    perdidas = tramas - len(primeras)
    return Escucha(
        colchon_ms, tarde, perdidas, len(llegadas) - len(primeras), _senal_ruido(sonido, tramas), sonido
    )


def _senal_ruido(sonido: array.array[int], tramas: int) -> float:
    """Decibelios de lo dicho sobre el error de lo oído; 99 si es idéntico."""
    dicho = [_muestra(n) for n in range(tramas * MUESTRAS)]
    error = sum((a - b) ** 2 for a, b in zip(dicho, sonido, strict=True))
    return 99.0 if error == 0 else 10 * math.log10(sum(a * a for a in dicho) / error)
