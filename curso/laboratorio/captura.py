"""Captura de los segmentos de TCP que pasan por el interfaz local, donde el sistema lo permite.

Aquí va lo necesario para ver un saludo de tres pasos de verdad: un socket de paquetes y la lectura de las
cabeceras. No va aquí el dibujo (`secuencia.py`). Sin permiso (`CAP_NET_RAW`) se dice y se usa la grabadora.
"""

from __future__ import annotations

import ctypes
import socket
import struct
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from laboratorio.avisos import Falta
from laboratorio.grabadora import Suceso

_TODO = 0x0003  # ETH_P_ALL
_SALIENTE = 4  # PACKET_OUTGOING: en lo cada paquete se ve dos veces; basta con cuando sale
_BANDERAS = ((0x02, "SYN"), (0x10, "ACK"), (0x08, "PSH"), (0x01, "FIN"), (0x04, "RST"))
_SEGMENTOS = 2_000
_SO_ATTACH_FILTER = 26  # de Linux; el módulo `socket` no lo nombra


@dataclass(frozen=True, slots=True)
class Segmento:
    """Un segmento de TCP: puertos, números y banderas como viajan, y cuántos bytes de datos lleva."""

    cuando: float
    origen: int
    destino: int
    secuencia: int
    acuse: int
    banderas: tuple[str, ...]
    datos: int
    ventana: int


def lee(paquete: bytes, cuando: float) -> Segmento | None:
    """El segmento de un paquete IPv4 con su cabecera Ethernet; None si es otra cosa."""
    ip = paquete[14:]
    if len(paquete) < 54 or paquete[12:14] != b"\x08\x00" or ip[9] != socket.IPPROTO_TCP:
        return None
    cabecera = (ip[0] & 0x0F) * 4
    largo = struct.unpack("!H", ip[2:4])[0]
    tcp = ip[cabecera:largo]
    if len(tcp) < 20:
        return None
    origen, destino, secuencia, acuse, bits, ventana = struct.unpack("!HHIIHH", tcp[:16])
    banderas = tuple(nombre for bit, nombre in _BANDERAS if bits & bit)
    return Segmento(cuando, origen, destino, secuencia, acuse, banderas, len(tcp) - (bits >> 12) * 4, ventana)


def _filtra(enchufe: socket.socket, puerto: int) -> None:
    """Le da al núcleo un programa (BPF) que solo deja pasar el TCP de este puerto: lo ajeno llena la cola.

    Cada instrucción: código, cuántas se saltan si es cierto y si es falso, y un número. `OSError` si no lo
    admite.
    """
    instrucciones = (
        (0x28, 0, 0, 12), (0x15, 0, 7, 0x0800),  # ¿es IPv4?
        (0x30, 0, 0, 23), (0x15, 0, 5, socket.IPPROTO_TCP),
        (0xB1, 0, 0, 14), (0x48, 0, 0, 14), (0x15, 3, 0, puerto),  # ¿sale de él?
        (0x48, 0, 0, 16), (0x15, 1, 0, puerto),  # ¿va a él?
        (0x06, 0, 0, 0), (0x06, 0, 0, 0xFFFF),  # nada, o entero
    )  # fmt: skip
    codigo = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *una) for una in instrucciones))
    programa = struct.pack("HP", len(instrucciones), ctypes.addressof(codigo))
    enchufe.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, programa)


class Captura:
    """Apunta los segmentos de un puerto mientras dura el `with`. `Falta` si el sistema no lo permite."""

    def __init__(self, puerto: int) -> None:
        self.segmentos: list[Segmento] = []
        self._puerto = puerto
        try:
            self._enchufe = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(_TODO))
        except (AttributeError, PermissionError):
            raise Falta(
                "Para ver los segmentos de TCP hace falta permiso para capturar (en Linux, ser root o tener "
                "CAP_NET_RAW). El resto del cuaderno no lo necesita."
            ) from None
        with suppress(OSError):  # sin él también se puede: se descarta al leer
            _filtra(self._enchufe, puerto)
        self._enchufe.bind(("lo", 0))
        self._enchufe.settimeout(0.2)
        self._basta = threading.Event()
        self._comienzo = time.perf_counter()
        self._hilo = threading.Thread(target=self._mira, name="captura", daemon=True)
        self._hilo.start()

    def cierra(self) -> None:
        self._basta.set()
        self._hilo.join(5)
        self._enchufe.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.cierra()

    def sucesos(self) -> list[Suceso]:
        """Los segmentos como flechas entre cliente y servidor, con números relativos."""
        primeros: dict[int, int] = {}
        flechas = []
        for s in self.segmentos:
            primeros.setdefault(s.origen, s.secuencia)
            texto = " ".join(s.banderas) + f" sec={(s.secuencia - primeros[s.origen]) % 2**32}"
            if "ACK" in s.banderas and s.destino in primeros:
                texto += f" acuse={(s.acuse - primeros[s.destino]) % 2**32}"
            texto += f" [{s.datos} bytes]" if s.datos else ""
            al_servidor = s.destino == self._puerto
            de, a = ("cliente", "servidor") if al_servidor else ("servidor", "cliente")
            flechas.append(Suceso(s.cuando, de, a, texto))
        return flechas

    def _mira(self) -> None:
        while not self._basta.is_set() and len(self.segmentos) < _SEGMENTOS:
            try:
                paquete, direccion = self._enchufe.recvfrom(65_535)
            except TimeoutError:
                continue
            if direccion[2] != _SALIENTE:
                continue
            segmento = lee(paquete, time.perf_counter() - self._comienzo)
            if segmento and self._puerto in (segmento.origen, segmento.destino):
                self.segmentos.append(segmento)
