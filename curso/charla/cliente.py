"""El cliente de la charla: un hilo que lee, y quien lo usa, que escribe.

Aquí va también el de IRC, que es el mismo con otras palabras. No va aquí ningún servidor.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from charla.lineas import LineaLarga, Lineas, bytes_de

_TROZO_BYTES = 4096
_ESPERA_SEGUNDOS = 60.0
_LINEAS = 10_000  # las que se recuerdan


class SinRespuesta(TimeoutError):
    """Lo esperado no llegó; el mensaje dice qué se esperaba y qué fue lo último que llegó."""


class NombreRechazado(ValueError):
    """Ese nombre no vale, o ya lo tiene otro."""


def _es_pregunta(linea: str) -> bool:
    return linea.startswith("¿Cómo te llamas?")


class Cliente:
    """Habla la charla con cualquiera de los servidores, y con la puerta `plain` de Tertulia.

    Un hilo lee y guarda lo que llega en `lineas`; `espera` aguarda a que llegue lo que cumpla una condición.
    """

    def __init__(self, anfitrion: str, puerto: int, *, al_leer: Callable[[str], None] | None = None) -> None:
        self.lineas: list[str] = []
        self._enchufe = socket.create_connection((anfitrion, puerto), timeout=_ESPERA_SEGUNDOS)
        self._enchufe.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # por qué: `enchufes.py`
        self._enchufe.settimeout(None)  # el que lee espera lo que haga falta: lo despierta el cierre
        self._boca = threading.Lock()  # escriben quien lo usa y, en IRC, también el lector
        self._novedad = threading.Condition()
        self._visto = 0
        self._fin = False
        self._al_leer = al_leer
        self._lector = threading.Thread(target=self._lee, name="lector", daemon=True)
        self._lector.start()

    def entra(self, nombre: str) -> str:
        """Espera la pregunta, dice el nombre y devuelve el saludo. `NombreRechazado` si no vale."""
        self.espera(_es_pregunta)
        self.di(nombre)
        saludo = self.espera(lambda linea: linea.startswith(f"* Hola, {nombre}") or _es_pregunta(linea))
        if _es_pregunta(saludo):
            raise NombreRechazado(f"el servidor no admite el nombre {nombre!r}")
        return saludo

    def di(self, texto: str) -> None:
        self._envia(bytes_de(texto))

    def espera(self, cumple: Callable[[str], bool] | str, segundos: float = _ESPERA_SEGUNDOS) -> str:
        """La primera línea, de las que aún no se han mirado, que contiene el texto o cumple la condición."""
        busca = (lambda linea: cumple in linea) if isinstance(cumple, str) else cumple
        limite = time.monotonic() + segundos
        with self._novedad:
            while True:
                while self._visto < len(self.lineas):
                    self._visto += 1
                    if busca(self.lineas[self._visto - 1]):
                        return self.lineas[self._visto - 1]
                if self._fin or not self._novedad.wait(max(limite - time.monotonic(), 0)):
                    ultima = self.lineas[-1] if self.lineas else "nada"
                    que = cumple if isinstance(cumple, str) else "lo esperado"
                    motivo = "la conexión se cerró" if self._fin else f"en {segundos:g} s"
                    raise SinRespuesta(f"no llegó {que!r} ({motivo}); lo último fue: {ultima!r}")

    def cierra(self) -> None:
        """Cuelga y espera a que el lector termine. Se puede llamar dos veces."""
        with contextlib.suppress(OSError):
            self._enchufe.shutdown(socket.SHUT_RDWR)
        self._lector.join(5)
        self._enchufe.close()

    @property
    def cerrado(self) -> bool:
        """Cierto cuando el otro lado ha colgado."""
        return self._fin

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.cierra()

    def _envia(self, datos: bytes) -> None:
        """De uno en uno: `sendall` puede enviar a trozos, y los de dos hilos se mezclarían."""
        with self._boca:
            self._enchufe.sendall(datos)

    def _lee(self) -> None:
        lineas = Lineas(65_536)
        try:
            while trozo := self._enchufe.recv(_TROZO_BYTES):
                for linea in lineas.mete(trozo):
                    self._recibe(linea)
        except (OSError, LineaLarga):
            pass
        with self._novedad:
            self._fin = True
            self._novedad.notify_all()

    def _recibe(self, linea: str) -> None:
        with self._novedad:
            if len(self.lineas) < _LINEAS:
                self.lineas.append(linea)
            self._novedad.notify_all()
        if self._al_leer is not None:
            self._al_leer(linea)


class ClienteIrc(Cliente):
    """El mismo cliente hablando IRC: entra en una sala, dice, y responde solo a los `PING`."""

    def __init__(self, anfitrion: str, puerto: int, *, sala: str = "#tertulia") -> None:
        self.sala = sala
        super().__init__(anfitrion, puerto, al_leer=self._responde)

    def entra(self, nombre: str) -> str:
        self._envia(f"NICK {nombre}\r\nUSER {nombre} 0 * :{nombre}\r\n".encode())
        self.espera(" 001 ")
        self._envia(f"JOIN {self.sala}\r\n".encode())
        return self.espera(f" 366 {nombre} ")

    def aguarda(self, nombre: str, segundos: float = 60.0) -> None:
        """Espera a que alguien esté en la sala: porque ya estaba al entrar, o porque llega."""
        if any(" 353 " in linea and nombre in linea.split(":", 2)[-1] for linea in self.lineas):
            return
        self.espera(lambda linea: linea.startswith(f":{nombre}!") and " JOIN " in linea, segundos)

    def di(self, texto: str) -> None:
        self._envia(b"PRIVMSG " + self.sala.encode() + b" :" + bytes_de(texto)[:-1] + b"\r\n")

    def _responde(self, linea: str) -> None:
        if linea.startswith("PING "):
            self._envia(f"PONG {linea[5:]}\r\n".encode())
