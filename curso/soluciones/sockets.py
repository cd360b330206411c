"""Ejercicios de los cuadernos de sockets: calculadora, salas, freno, reconexión, colchón y orden.

Aquí va lo que se puede probar sin red. No va aquí cómo se conecta con un servidor: eso no cambia.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Sequence

from charla.sala import Envio, Sala

# --- SocketsBasicoPython ----------------------------------------------------------------------------------


class EcoConMemoria:
    """Devuelve cada línea al revés; a `fin`, cuántas fueron. Las líneas las corta `Lineas`."""

    def __init__(self) -> None:
        self._cuantas = 0

    def responde(self, linea: str) -> str:
        if linea == "fin":
            return f"fueron {self._cuantas}"
        self._cuantas += 1
        return linea[::-1]  # el texto, no los bytes: una ñ al revés sigue siendo una ñ


_OPERACIONES: dict[str, Callable[[float, float], float]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
}


def calcula(pedido: bytes) -> bytes:
    """La respuesta a `{"op": "+", "a": 2, "b": 3}`. A lo que no se entiende, un error con palabras."""
    try:
        dicho = json.loads(pedido)
        resultado = {"resultado": _OPERACIONES[dicho["op"]](float(dicho["a"]), float(dicho["b"]))}
    except (ValueError, TypeError, KeyError):
        return json.dumps({"error": "no lo entiendo: envía op, a y b"}).encode()
    except ZeroDivisionError:
        return json.dumps({"error": "no se divide entre cero"}).encode()
    return json.dumps(resultado).encode()


class VentanaDeDos:
    """El lado que envía, con hasta `ancho` sobres en camino. Quien lo usa pone el reloj y la red."""

    def __init__(self, cuantos: int, plazo: float, ancho: int = 2) -> None:
        self._cuantos, self._plazo, self._ancho = cuantos, plazo, ancho
        self._siguiente = 0
        self._sin_acuse: dict[int, float] = {}  # número -> hora de su último envío

    def toca_enviar(self, ahora: float) -> list[int]:
        """Los números que hay que enviar ahora: los que llevan demasiado sin acuse, y los que caben."""
        tocan = [n for n, enviado in self._sin_acuse.items() if ahora - enviado >= self._plazo]
        while len(self._sin_acuse) < self._ancho and self._siguiente < self._cuantos:
            tocan.append(self._siguiente)
            self._sin_acuse[self._siguiente] = ahora
            self._siguiente += 1
        self._sin_acuse.update(dict.fromkeys(tocan, ahora))
        return tocan

    def acuse(self, hasta: int) -> None:
        """`tengo hasta n`: se borran todos los de hasta n."""
        self._sin_acuse = {n: hora for n, hora in self._sin_acuse.items() if n > hasta}

    @property
    def acabado(self) -> bool:
        return self._siguiente == self._cuantos and not self._sin_acuse


# --- SocketsServerPython ----------------------------------------------------------------------------------


class SalaConSalas(Sala):
    """La misma, con `/sala nombre`: cada frase se oye solo en la sala de quien la dice."""

    def __init__(self) -> None:
        super().__init__()
        self._sala: dict[int, str] = {}

    def recibe(self, quien: int, linea: str) -> list[Envio]:
        orden, _, nombre = linea.partition(" ")
        if orden == "/sala" and nombre.strip():
            self._sala[quien] = nombre.strip()
            return [Envio(quien, f"* Ahora estás en {nombre.strip()}.")]
        envios = super().recibe(quien, linea)
        aqui = self._sala.get(quien, "")
        return [e for e in envios if not (e.texto or "").startswith("<") or self._sala.get(e.a, "") == aqui]

    def se_va(self, quien: int) -> list[Envio]:
        self._sala.pop(quien, None)
        return super().se_va(quien)


class Freno:
    """Un cubo de fichas: se llena a cinco por segundo, hasta diez, y cada frase gasta una."""

    def __init__(self, por_segundo: float = 5, cabida: float = 10) -> None:
        self._por_segundo, self._cabida = por_segundo, cabida
        self._fichas, self._hora = cabida, 0.0

    def deja(self, ahora: float) -> bool:
        """Cierto si esta frase cabe. El reloj lo trae quien llama: así se prueba sin esperar."""
        self._fichas = min(self._cabida, self._fichas + (ahora - self._hora) * self._por_segundo)
        self._hora = ahora
        if self._fichas < 1:
            return False
        self._fichas -= 1
        return True


# --- SocketsClientePython y Unidad5 -----------------------------------------------------------------------


def esperas(azar: random.Random, techo: float = 60.0) -> Iterator[float]:
    """Los segundos antes de cada intento de volver: 1, 2, 4..., cada uno entre su mitad y su total."""
    base = 1.0
    while True:
        yield base * azar.uniform(0.5, 1.0)
        base = min(base * 2, techo)


def colchon(ahora_ms: float, tarde: int, de: int) -> float:
    """El colchón para el segundo que viene: crece si más del 2 % llegó tarde y mengua si ninguna."""
    if tarde * 50 > de:
        return min(ahora_ms + 20, 200)
    return max(ahora_ms - 5, 20) if tarde == 0 else ahora_ms


def guardados(llegados: Sequence[int]) -> int:
    """Cuántos datagramas hay que guardar, como mucho, para entregarlos en orden."""
    esperado, pendientes, maximo = 0, set[int](), 0
    for numero in llegados:
        pendientes.add(numero)
        while esperado in pendientes:
            pendientes.remove(esperado)
            esperado += 1
        maximo = max(maximo, len(pendientes))
    return maximo
