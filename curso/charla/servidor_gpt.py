"""El chat con un modelo: un servidor que guarda la conversación de cada cliente y responde a trozos.

Aquí va el servidor, su cliente y lo que se dicen. No va aquí quién contesta: eso es `modelo.py`.

El cliente envía una línea por pregunta. El servidor responde con líneas que empiezan por `+` (un trozo de la
respuesta), y acaba con `=` (está completa), o `! motivo` (no pudo ser). `/olvida` empieza de nuevo.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from charla.cliente import Cliente
from charla.enchufes import abre
from charla.lineas import LineaLarga, Lineas, bytes_de
from charla.modelo import ErrorDelModelo, Mensaje, Proveedor

PAPEL = "Eres un ayudante en una clase de redes. Respondes en español, con una o dos frases claras."
PREGUNTA_BYTES = 8_192
TURNOS = 12  # preguntas y respuestas que se recuerdan de cada uno: lo que cabe en un modelo pequeño


@dataclass(frozen=True, slots=True)
class AjustesGpt:
    """Los límites. Los tiempos, en segundos."""

    a_la_vez: int = 2  # respuestas que se piden al modelo a la vez; las demás esperan su turno
    cola: float = 60.0  # lo que se espera ese turno
    plazo: float = 45.0  # lo que puede durar una respuesta


class ServidorGpt:
    """Con `with`, se cierra solo. Un hilo por cliente; el semáforo reparte el modelo entre todos."""

    def __init__(self, proveedor: Proveedor, ajustes: AjustesGpt | None = None, testigo: Any = None) -> None:
        self.ajustes = ajustes or AjustesGpt()
        self._proveedor = proveedor
        # Con un testigo del laboratorio, el semáforo se ve en un dibujo.
        self._turno = (testigo or threading).BoundedSemaphore(
            *(["modelo"] if testigo else []), self.ajustes.a_la_vez
        )
        self._escucha = abre(("127.0.0.1", 0))
        self._cerrando = threading.Event()
        self._guardia = threading.Lock()
        self._abiertos: set[socket.socket] = set()
        threading.Thread(target=self._acepta, name="portero", daemon=True).start()

    @property
    def direccion(self) -> tuple[str, int]:
        anfitrion, puerto = self._escucha.getsockname()[:2]
        return anfitrion, puerto

    def cierra(self) -> None:
        """Para las respuestas a medias y cuelga a todos. No cierra el proveedor, que es de quien lo trajo."""
        self._cerrando.set()
        with self._guardia:
            for enchufe in (self._escucha, *self._abiertos):
                with contextlib.suppress(OSError):
                    enchufe.shutdown(socket.SHUT_RDWR)
        self._escucha.close()

    def __enter__(self) -> ServidorGpt:
        return self

    def __exit__(self, *lo_ocurrido: object) -> None:
        self.cierra()

    def _acepta(self) -> None:
        cuenta = 0
        while not self._cerrando.is_set():
            try:
                enchufe, _ = self._escucha.accept()
            except OSError:
                return
            cuenta += 1
            threading.Thread(
                target=self._atiende, args=(enchufe,), name=f"cliente {cuenta}", daemon=True
            ).start()

    def _atiende(self, enchufe: socket.socket) -> None:
        with self._guardia:
            self._abiertos.add(enchufe)
        conversacion: list[Mensaje] = []  # de este cliente y de nadie más: es una variable de su hilo
        lineas = Lineas(PREGUNTA_BYTES)
        try:
            while not self._cerrando.is_set() and (trozo := enchufe.recv(4096)):
                for pregunta in filter(None, map(str.strip, lineas.mete(trozo))):
                    self._contesta(enchufe, conversacion, pregunta)
        except (OSError, LineaLarga):
            pass
        finally:
            with self._guardia:
                self._abiertos.discard(enchufe)
            enchufe.close()

    def _contesta(self, enchufe: socket.socket, conversacion: list[Mensaje], pregunta: str) -> None:
        """Una pregunta de principio a fin. Lo que falle se le dice, y la conversación sigue."""
        if pregunta == "/olvida":
            conversacion.clear()
            enchufe.sendall(bytes_de("="))
            return
        if not self._turno.acquire(timeout=self.ajustes.cola):
            enchufe.sendall(bytes_de("! hay demasiada gente preguntando; prueba dentro de un momento"))
            return
        try:
            respuesta = self._pide(enchufe, [*conversacion, {"role": "user", "content": pregunta}])
        except ErrorDelModelo as error:
            enchufe.sendall(bytes_de(f"! {error.motivo}"))
            return
        finally:
            self._turno.release()
        # Solo se recuerda lo que llegó entero: una pregunta sin respuesta confundiría al modelo.
        conversacion += [{"role": "user", "content": pregunta}, {"role": "assistant", "content": respuesta}]
        del conversacion[:-TURNOS]
        enchufe.sendall(bytes_de("="))

    def _pide(self, enchufe: socket.socket, conversacion: list[Mensaje]) -> str:
        parar = threading.Event()
        plazo = threading.Timer(self.ajustes.plazo, parar.set)
        plazo.daemon = True
        plazo.start()
        partes: list[str] = []
        try:
            for trozo in self._proveedor.responde(
                [{"role": "system", "content": PAPEL}, *conversacion], parar
            ):
                partes.append(trozo)
                enchufe.sendall(bytes_de("+" + escapa(trozo)))
                if self._cerrando.is_set():
                    raise ErrorDelModelo("el servidor cierra")
        finally:
            plazo.cancel()
        if parar.is_set():
            raise ErrorDelModelo("se ha cortado: era muy larga, o el modelo va despacio en esta máquina")
        if not partes:
            raise ErrorDelModelo("el modelo no ha dicho nada")
        return "".join(partes)


def escapa(trozo: str) -> str:
    """Un trozo puede llevar saltos de línea, y aquí el salto acaba la línea: viajan escritos."""
    return trozo.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "")


def desescapa(trozo: str) -> str:
    return "\\".join(parte.replace("\\n", "\n") for parte in trozo.split("\\\\"))


@dataclass(frozen=True, slots=True)
class Respuesta:
    """Una respuesta entera, y los segundos hasta el primer trozo y hasta el último."""

    texto: str
    primero: float
    ultimo: float
    trozos: int


class ClienteGpt(Cliente):
    """Pregunta y recoge la respuesta según llega."""

    def pregunta(
        self, texto: str, al_llegar: Callable[[str], object] = lambda trozo: None, *, segundos: float = 120.0
    ) -> Respuesta:
        """La respuesta entera; `al_llegar` recibe cada trozo. `ErrorDelModelo` si el servidor no pudo."""
        comienzo, primero, trozos = time.perf_counter(), 0.0, list[str]()
        self.di(texto)
        while True:
            linea = self.espera(lambda una: una[:1] in ("+", "=", "!"), segundos)
            if linea.startswith("!"):
                raise ErrorDelModelo(linea[1:].strip())
            if linea.startswith("="):
                return Respuesta(
                    "".join(trozos).strip(), primero, time.perf_counter() - comienzo, len(trozos)
                )
            primero = primero or time.perf_counter() - comienzo
            trozos.append(desescapa(linea[1:]))
            al_llegar(trozos[-1])
