"""Un relé de UDP que estropea: se pone en medio de dos programas y les hace un camino malo, con semilla.

Aquí van sus sockets y su hilo. No va aquí la suerte de cada datagrama (`azar.py`). No hacen falta permisos.
"""

from __future__ import annotations

import heapq
import selectors
import socket
import threading
import time
from dataclasses import dataclass
from types import TracebackType
from typing import Literal, Self

from laboratorio.azar import Azar, Estropicio

Direccion = tuple[str, int]
_DATAGRAMA_BYTES = 65_535
_EN_CAMINO = 10_000  # datagramas retenidos a la vez; los que lleguen de más se pierden, como en un router


@dataclass(frozen=True, slots=True)
class Paso:
    """Un datagrama visto por el relé. `salidas` son los instantes en que se entregan sus copias."""

    numero: int
    sentido: Literal["ida", "vuelta"]
    datos: bytes
    llegada: float
    salidas: tuple[float, ...]

    @property
    def perdido(self) -> bool:
        return not self.salidas


class Rele:
    """Escucha en `direccion` y reenvía a `destino` lo que llegue; las respuestas vuelven a quien habló.

    Con `with`, se cierra solo. `pasos` guarda lo que ocurrió; los instantes son segundos desde que se abrió.
    """

    def __init__(
        self,
        destino: Direccion,
        estropicio: Estropicio,
        *,
        semilla: int = 1,
        vuelta: Estropicio | None = None,
    ) -> None:
        self.pasos: list[Paso] = []
        self._destino = destino
        self._azares = {"ida": Azar(estropicio, semilla), "vuelta": Azar(vuelta or estropicio, semilla + 1)}
        self._cliente: Direccion | None = None
        self._frente = self._abre()
        self._espalda = self._abre()
        self._despertador, self._timbre = socket.socketpair()
        self._cola: list[tuple[float, int, str, bytes]] = []
        self._entregas = 0
        self._comienzo = time.perf_counter()
        self._hilo = threading.Thread(target=self._trabaja, name="relé", daemon=True)
        self._hilo.start()

    @property
    def direccion(self) -> Direccion:
        """Adonde hay que enviar para que pase por aquí."""
        anfitrion, puerto = self._frente.getsockname()
        return anfitrion, puerto

    def cierra(self) -> None:
        """Deja de reenviar y suelta los sockets; lo retenido se pierde. Se puede llamar dos veces."""
        if self._hilo.is_alive():
            self._timbre.send(b"x")
            self._hilo.join(5)
        for enchufe in (self._frente, self._espalda, self._despertador, self._timbre):
            enchufe.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.cierra()

    @staticmethod
    def _abre() -> socket.socket:
        enchufe = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        enchufe.bind(("127.0.0.1", 0))
        enchufe.setblocking(False)
        return enchufe

    def _trabaja(self) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self._frente, selectors.EVENT_READ, "ida")
            selector.register(self._espalda, selectors.EVENT_READ, "vuelta")
            selector.register(self._despertador, selectors.EVENT_READ, None)
            while True:
                espera = max(self._cola[0][0] - time.perf_counter(), 0) if self._cola else None
                for llave, _ in selector.select(espera):
                    if llave.data is None:
                        return
                    self._recibe(llave.data)
                self._entrega()

    def _recibe(self, sentido: Literal["ida", "vuelta"]) -> None:
        enchufe = self._frente if sentido == "ida" else self._espalda
        while True:
            try:
                datos, quien = enchufe.recvfrom(_DATAGRAMA_BYTES)
            except (BlockingIOError, ConnectionRefusedError):
                return
            if sentido == "ida":
                self._cliente = quien
            ahora = time.perf_counter()
            retrasos = self._azares[sentido].destino() if len(self._cola) < _EN_CAMINO else []
            for retraso in retrasos:
                self._entregas += 1
                heapq.heappush(self._cola, (ahora + retraso, self._entregas, sentido, datos))
            llegada = ahora - self._comienzo
            salidas = tuple(llegada + retraso for retraso in retrasos)
            self.pasos.append(Paso(len(self.pasos), sentido, datos, llegada, salidas))

    def _entrega(self) -> None:
        while self._cola and self._cola[0][0] <= time.perf_counter():
            _, _, sentido, datos = heapq.heappop(self._cola)
            try:
                if sentido == "ida":
                    self._espalda.sendto(datos, self._destino)
                elif self._cliente is not None:
                    self._frente.sendto(datos, self._cliente)
            except OSError:
                continue  # el otro lado ya no está: en UDP eso no es asunto del que envía
