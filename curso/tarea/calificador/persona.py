"""Una persona de prueba: un socket que habla y escucha con límites, también con un servidor que se porta mal.

Aquí va el lado del cliente. No van aquí las pruebas (`pruebas.py`).
"""

from __future__ import annotations

import contextlib
import os
import socket
import time
from collections.abc import Callable

OIR_SEGUNDOS = 5.0
PACIENCIA = float(os.environ.get("UNIDAD5_PACIENCIA") or 1)  # por cuánto se multiplican los plazos
_BUZON_BYTES = 4_096
_SEGMENTO_BYTES = 536  # el que todo el mundo admite
_GUARDADO_BYTES = 4_000_000  # leídos en una sola espera: es un servidor que habla sin parar


class NoOye(Exception):
    """Lo esperado no llegó. `oido` es lo último que sí."""

    def __init__(self, que: str, oido: list[str], *, colgado: bool, inundado: bool = False) -> None:
        super().__init__(que)
        self.que, self.oido, self.colgado, self.inundado = que, oido, colgado, inundado


class Persona:
    """Se conecta, dice y espera. Lo que llega se corta en líneas por bytes.

    `guarda_poco`: que el sistema guarde poco mientras no lea. `OSError` si no se puede conectar.
    """

    def __init__(self, puerto: int, *, guarda_poco: bool = False) -> None:
        self.enchufe = socket.socket()
        try:
            self.enchufe.settimeout(OIR_SEGUNDOS * PACIENCIA)
            if guarda_poco:
                self._guarda_poco()
            self.enchufe.connect(("127.0.0.1", puerto))
        except OSError:
            self.enchufe.close()
            raise
        self.puerto: int = self.enchufe.getsockname()[1]
        self.lineas: list[str] = []
        self.colgado = False
        self._resto = b""
        self._leidos = 0
        self._visto = 0

    def di(self, texto: str) -> None:
        self.crudo((texto + "\n").encode())

    def crudo(self, datos: bytes) -> None:
        """`NoOye` si el servidor no lee o ha colgado."""
        try:
            self.enchufe.settimeout(OIR_SEGUNDOS * PACIENCIA)
            self.enchufe.sendall(datos)
        except OSError:
            raise NoOye("que el servidor leyera", self.lineas[-3:], colgado=True) from None

    def espera(self, cumple: Callable[[str], bool], que: str, segundos: float = OIR_SEGUNDOS) -> str:
        """La primera línea no mirada que cumple. `NoOye` si no llega a tiempo."""
        limite = time.monotonic() + segundos * PACIENCIA
        self._leidos = 0
        while True:
            while self._visto < len(self.lineas):
                self._visto += 1
                if cumple(self.lineas[self._visto - 1]):
                    return self.lineas[self._visto - 1]
            inundado = self._leidos > _GUARDADO_BYTES
            if self.colgado or inundado or not self._lee(limite):
                raise NoOye(que, self.lineas[-3:], colgado=self.colgado, inundado=inundado)

    def entra(self, nombre: str) -> None:
        """Espera la pregunta y dice el nombre."""
        self.pregunta()
        self.di(nombre)

    def pregunta(self) -> str:
        return self.espera(
            lambda linea: linea.rstrip().endswith("?"), "una línea que acabe en «?» preguntando el nombre"
        )

    def oye(self, nombre: str, texto: str, segundos: float = OIR_SEGUNDOS) -> str:
        """Espera la línea con este nombre y este texto."""
        return self.espera(
            lambda linea: nombre in linea and texto in linea and not linea.startswith("*"),
            f"una línea con «{nombre}» y «{texto}»", segundos,
        )  # fmt: skip

    def calla(self, segundos: float) -> list[str]:
        """Escucha un rato y devuelve lo que llegó."""
        desde, limite = len(self.lineas), time.monotonic() + segundos
        self._leidos = 0
        while not self.colgado and self._leidos <= _GUARDADO_BYTES and self._lee(limite):
            pass
        return self.lineas[desde:]

    def espera_que_cuelgue(self, segundos: float) -> bool:
        self.calla(segundos)
        return self.colgado

    def corta(self) -> None:
        """Se va sin despedirse: el servidor recibe un error, no un final."""
        self.enchufe.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        self.enchufe.close()

    def cierra(self) -> None:
        self.enchufe.close()

    def _guarda_poco(self) -> None:
        """Un buzón pequeño aquí, y segmentos pequeños, que hacen pequeño el de quien nos escribe."""
        self.enchufe.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUZON_BYTES)
        with contextlib.suppress(OSError):  # no todos los sistemas dejan elegirlo
            self.enchufe.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, _SEGMENTO_BYTES)

    def _lee(self, limite: float) -> bool:
        """Un trozo más; falso si se acaba el tiempo."""
        resto = limite - time.monotonic()
        if resto <= 0:
            return False
        self.enchufe.settimeout(resto)
        try:
            trozo = self.enchufe.recv(65_536)
        except TimeoutError:
            return False
        except OSError:
            trozo = b""
        self.colgado = not trozo
        self._leidos += len(trozo)
        *enteras, self._resto = (self._resto + trozo).split(b"\n")
        self.lineas += [linea.decode("utf-8", "replace").rstrip("\r") for linea in enteras]
        return True
