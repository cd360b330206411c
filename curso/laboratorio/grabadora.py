"""Una grabadora para TCP: se pone en medio de una conversación, la deja pasar y apunta cada trozo.

Aquí va el relé que graba y `Suceso`, que es lo que se apunta. No va aquí el dibujo (`secuencia.py`) ni la
captura de paquetes, que necesita permisos (`captura.py`).
"""

from __future__ import annotations

import socket
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Self

_TROZO_BYTES = 65_536
_SUCESOS = 10_000  # lo que se apunta como mucho; lo demás pasa sin apuntarse


@dataclass(frozen=True, slots=True)
class Suceso:
    """Algo que fue de un participante a otro. `cuando` en segundos; `hasta` si se sabe cuándo llegó."""

    cuando: float
    de: str
    a: str
    texto: str
    perdido: bool = False
    hasta: float | None = None


class Grabadora:
    """Escucha en `direccion` y pasa cada conexión a `destino`, apuntando los trozos que ve en `sucesos`."""

    def __init__(
        self, destino: tuple[str, int], *, cliente: str = "cliente", servidor: str = "servidor"
    ) -> None:
        self.sucesos: list[Suceso] = []
        self._destino = destino
        self._nombres = (cliente, servidor)
        self._comienzo = time.perf_counter()
        self._guardia = threading.Lock()
        self._enchufes: list[socket.socket] = []
        self._escucha = socket.create_server(("127.0.0.1", 0))
        self._cuenta = 0
        threading.Thread(target=self._acepta, name="grabadora", daemon=True).start()

    @property
    def direccion(self) -> tuple[str, int]:
        anfitrion, puerto = self._escucha.getsockname()
        return anfitrion, puerto

    def cierra(self) -> None:
        with suppress(OSError):
            self._escucha.shutdown(socket.SHUT_RDWR)
        self._escucha.close()
        with self._guardia:
            enchufes, self._enchufes = self._enchufes, []
        for enchufe in enchufes:
            with suppress(OSError):
                enchufe.shutdown(socket.SHUT_RDWR)
            enchufe.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.cierra()

    def _acepta(self) -> None:
        while True:
            try:
                cerca, _ = self._escucha.accept()
            except OSError:
                return
            self._cuenta += 1
            cliente = self._nombres[0] if self._cuenta == 1 else f"{self._nombres[0]} {self._cuenta}"
            try:
                lejos = socket.create_connection(self._destino, timeout=10)
            except OSError:
                cerca.close()
                continue
            lejos.settimeout(None)
            with self._guardia:
                self._enchufes += [cerca, lejos]
            self._apunta(cliente, self._nombres[1], "(conecta)")
            for de, a, nombres in (
                (cerca, lejos, (cliente, self._nombres[1])),
                (lejos, cerca, (self._nombres[1], cliente)),
            ):
                threading.Thread(target=self._pasa, args=(de, a, *nombres), daemon=True).start()

    def _pasa(self, de: socket.socket, a: socket.socket, quien: str, a_quien: str) -> None:
        with suppress(OSError):
            while datos := de.recv(_TROZO_BYTES):
                self._apunta(quien, a_quien, datos.decode("utf-8", "replace").rstrip("\r\n"))
                a.sendall(datos)
            self._apunta(quien, a_quien, "(cierra)")
            a.shutdown(socket.SHUT_WR)

    def _apunta(self, de: str, a: str, texto: str) -> None:
        with self._guardia:
            if len(self.sucesos) < _SUCESOS:
                self.sucesos.append(Suceso(time.perf_counter() - self._comienzo, de, a, texto))
