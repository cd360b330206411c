"""Lo que un camino malo le hace a cada datagrama, decidido con una semilla.

Aquí va la decisión, que es pura: la misma semilla da siempre el mismo destino. No va aquí ningún socket: eso
es `rele.py`.
"""

from __future__ import annotations

import random
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Estropicio:
    """Cuánto estropea el camino. Las partes van de 0 a 1; los tiempos, en milisegundos."""

    perdida: float = 0.0
    duplicado: float = 0.0
    desorden: float = 0.0  # parte de los datagramas que se entretienen `entretenido_ms` de más
    retraso_ms: float = 0.0
    variacion_ms: float = 0.0  # a cada uno se le suma entre nada y esto
    entretenido_ms: float = 30.0

    def __post_init__(self) -> None:
        for nombre in ("perdida", "duplicado", "desorden"):
            if not 0 <= getattr(self, nombre) <= 1:
                raise ValueError(f"{nombre} es una parte entre 0 y 1")
        if min(self.retraso_ms, self.variacion_ms, self.entretenido_ms) < 0:
            raise ValueError("un retraso no es negativo")


class Azar:
    """El destino de cada datagrama, en orden de llegada."""

    def __init__(self, estropicio: Estropicio, semilla: int) -> None:
        self.estropicio = estropicio
        self._dado = random.Random(semilla)

    def destino(self) -> list[float]:
        """Los retrasos en segundos de cada copia que se entrega: ninguna si se pierde, dos si se duplica.

        Tira siempre el mismo número de dados, así que cambiar la pérdida no cambia el resto de la suerte.
        """
        e, dado = self.estropicio, self._dado
        perdido, doble, tarde = (dado.random() for _ in range(3))
        variaciones = [dado.random() * e.variacion_ms for _ in range(2)]
        if perdido < e.perdida:
            return []
        copias = 2 if doble < e.duplicado else 1
        de_mas = e.entretenido_ms if tarde < e.desorden else 0.0
        return [(e.retraso_ms + de_mas + variacion) / 1000 for variacion in variaciones[:copias]]
