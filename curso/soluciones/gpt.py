"""Ejercicios de GPTChatServer y GPTChatClient: cuánto gasta, el suplente, y a quién se contesta.

Aquí van las decisiones, sin red. No va aquí el servidor, que ya está en `charla/servidor_gpt.py`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence

from charla.modelo import ErrorDelModelo, Mensaje, Proveedor

PALABRAS = 1_000
FALLOS = 3
DESCANSO_SEGUNDOS = 60.0


class Gasto:
    """Las palabras de un cliente. Se cuenta antes de preguntar: después ya se han gastado."""

    def __init__(self, tope: int = PALABRAS) -> None:
        self._quedan = tope

    def cabe(self, conversacion: Sequence[Mensaje]) -> bool:
        """Cierto si se puede enviar, y lo apunta."""
        cuesta = sum(len(m["content"].split()) for m in conversacion)
        if cuesta > self._quedan:
            return False
        self._quedan -= cuesta
        return True

    def recibe(self, respuesta: str) -> None:
        self._quedan -= len(respuesta.split())


class ConSuplente:
    """Un cortacircuitos: tras tres fallos seguidos contesta el suplente durante un minuto."""

    def __init__(self, titular: Proveedor, suplente: Proveedor, reloj: Callable[[], float]) -> None:
        self._titular, self._suplente, self._reloj = titular, suplente, reloj
        self._fallos, self._hasta = 0, float("-inf")

    @property
    def nombre(self) -> str:
        """Quién contesta ahora: se dice."""
        return self._suplente.nombre if self._reloj() < self._hasta else self._titular.nombre

    def responde(self, mensajes: Sequence[Mensaje], parar: threading.Event) -> Iterator[str]:
        if self._reloj() < self._hasta:
            yield from self._suplente.responde(mensajes, parar)
            return
        try:
            yield from self._titular.responde(mensajes, parar)
        except ErrorDelModelo:
            self._fallos += 1
            if self._fallos >= FALLOS:
                self._fallos, self._hasta = 0, self._reloj() + DESCANSO_SEGUNDOS
            raise
        self._fallos = 0

    def cierra(self) -> None:
        self._titular.cierra()
        self._suplente.cierra()


class Educado:
    """A quién contesta un miembro que es un programa: a quien lo nombra, y no dos veces seguidas al mismo."""

    def __init__(self, nombre: str) -> None:
        self._nombre, self._ultimo = nombre.casefold(), ""

    def contesta(self, quien: str, texto: str) -> bool:
        repite, self._ultimo = quien == self._ultimo, quien
        nombrado = texto.casefold().startswith((self._nombre + ":", self._nombre + ","))
        return nombrado and not repite and quien.casefold() != self._nombre
