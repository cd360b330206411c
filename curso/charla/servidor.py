"""El servidor de la charla con hilos: dos por cliente, un semáforo, temporizadores, una cola para cada uno.

Aquí va quién espera a quién. No va aquí lo que se dice: eso es `sala.py`.
"""

from __future__ import annotations

import contextlib
import queue
import socket
import threading
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from charla.enchufes import abre
from charla.lineas import LineaLarga, Lineas, bytes_de
from charla.sala import CIERRE, LARGA, LLENA, OCIOSO, Envio, Sala

_APERTURA_SEGUNDOS = 60.0  # tarda un instante; en una máquina muy cargada, algo más
_CIERRE_SEGUNDOS = 5.0
_ADIOS_SEGUNDOS = 60.0  # lo que se espera a que alguien lea lo último que se le dice
_TROZO_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Ajustes:
    """Los límites. Los tiempos, en segundos."""

    maximo: int = 200  # clientes a la vez
    espera_plaza: float = 0.2  # lo que se hace esperar a quien llega con la sala llena
    ocioso: float = 300.0  # sin decir nada
    por_enviar: int = 100  # líneas que se guardan a quien lee despacio; pasadas estas, se le corta


@dataclass(eq=False, slots=True)
class _Cliente:
    numero: int
    enchufe: socket.socket
    cola: queue.Queue[str | None]
    se_despide: bool = False  # ya tiene el fin en la cola
    reloj: threading.Timer | None = None
    hilos: list[threading.Thread] = field(default_factory=list)


class ServidorHilos:
    """Con `with`, se cierra solo. `direccion` dice dónde escucha; con el puerto 0 elige el sistema."""

    def __init__(self, direccion: tuple[str, int] = ("127.0.0.1", 0), ajustes: Ajustes | None = None) -> None:
        self.ajustes = ajustes or Ajustes()
        self._escucha = abre(direccion)
        self._plazas = threading.BoundedSemaphore(self.ajustes.maximo)
        self._guardia = threading.Lock()  # protege la sala y la lista de clientes: se toma poco rato
        self._sala = Sala()
        self._clientes: dict[int, _Cliente] = {}
        self._cuenta = 0
        self._cerrando = threading.Event()
        self._listo = threading.Barrier(2)  # quien abre y quien acepta: nadie cree que está abierto antes
        self._portero = threading.Thread(target=self._acepta, name="portero", daemon=True)
        self._portero.start()
        self._listo.wait(_APERTURA_SEGUNDOS)

    @property
    def direccion(self) -> tuple[str, int]:
        anfitrion, puerto = self._escucha.getsockname()[:2]
        return anfitrion, puerto

    def presentes(self) -> list[str]:
        with self._guardia:
            return self._sala.presentes()

    def cierra(self) -> None:
        """Avisa a todos, espera a que lo hayan leído y termina. Se puede llamar dos veces."""
        if self._cerrando.is_set():
            return
        self._cerrando.set()
        with contextlib.suppress(OSError):
            self._escucha.shutdown(socket.SHUT_RDWR)  # despierta al portero
        self._escucha.close()
        self._portero.join(_CIERRE_SEGUNDOS)
        with self._guardia:
            clientes = list(self._clientes.values())
            self._reparte([Envio(c.numero, t) for c in clientes for t in (CIERRE, None)])
        for cliente in clientes:
            for hilo in cliente.hilos:
                hilo.join(_CIERRE_SEGUNDOS)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.cierra()

    # --- El portero -----------------------------------------------------------------------------------

    def _acepta(self) -> None:
        self._listo.wait(_APERTURA_SEGUNDOS)
        while not self._cerrando.is_set():
            try:
                enchufe, _ = self._escucha.accept()
            except OSError:
                return
            threading.Thread(target=self._recibe_a, args=(enchufe,), name="llegada", daemon=True).start()

    def _recibe_a(self, enchufe: socket.socket) -> None:
        """Le busca plaza y lo atiende; la plaza se devuelve pase lo que pase."""
        if not self._plazas.acquire(timeout=self.ajustes.espera_plaza):
            with contextlib.suppress(OSError), enchufe:
                enchufe.sendall(bytes_de(LLENA))
            return
        try:
            self._atiende(enchufe)
        finally:
            self._plazas.release()

    # --- Un cliente -----------------------------------------------------------------------------------

    def _atiende(self, enchufe: socket.socket) -> None:
        """Lee hasta que se va, calla demasiado, se pasa de largo o se cierra el servidor."""
        cliente = self._alta(enchufe)
        lineas = Lineas()
        try:
            while trozo := enchufe.recv(_TROZO_BYTES):
                self._rearma(cliente)
                for linea in lineas.mete(trozo):
                    self._oye(cliente, linea)
        except LineaLarga:
            self._despide(cliente, LARGA)
        except OSError:
            pass  # se cortó: para los demás es lo mismo que irse
        finally:
            self._baja(cliente)

    def _alta(self, enchufe: socket.socket) -> _Cliente:
        with self._guardia:
            self._cuenta += 1
            cliente = _Cliente(self._cuenta, enchufe, queue.Queue(self.ajustes.por_enviar))
            self._clientes[cliente.numero] = cliente
            escribe = threading.Thread(
                target=self._escribe, args=(cliente,), name=f"escribe {self._cuenta}", daemon=True
            )
            cliente.hilos = [threading.current_thread(), escribe]
            escribe.start()
            self._reparte(self._sala.llega(cliente.numero))
            if self._cerrando.is_set():
                self._reparte([Envio(cliente.numero, CIERRE), Envio(cliente.numero, None)])
        self._rearma(cliente)
        return cliente

    def _baja(self, cliente: _Cliente) -> None:
        if cliente.reloj is not None:
            cliente.reloj.cancel()
        with self._guardia:
            self._reparte(self._sala.se_va(cliente.numero))
            self._reparte([Envio(cliente.numero, None)])
            self._clientes.pop(cliente.numero, None)
        cliente.hilos[1].join(_ADIOS_SEGUNDOS)
        cliente.enchufe.close()

    def _oye(self, cliente: _Cliente, linea: str) -> None:
        with self._guardia:
            self._reparte(self._sala.recibe(cliente.numero, linea))

    def _rearma(self, cliente: _Cliente) -> None:
        """El temporizador de los callados: cada línea lo cancela y arma otro."""
        if cliente.reloj is not None:
            cliente.reloj.cancel()
        cliente.reloj = threading.Timer(self.ajustes.ocioso, self._despide, (cliente, OCIOSO))
        cliente.reloj.daemon = True
        cliente.reloj.start()

    def _despide(self, cliente: _Cliente, por: str) -> None:
        with self._guardia:
            self._reparte([Envio(cliente.numero, por), Envio(cliente.numero, None)])

    # --- Lo que sale ----------------------------------------------------------------------------------

    def _reparte(self, envios: list[Envio]) -> None:
        """Deja cada línea en la cola de su dueño, sin esperar a nadie: con el cerrojo echado no se espera."""
        for numero, texto in envios:
            cliente = self._clientes.get(numero)
            if cliente is None or cliente.se_despide:
                continue  # detrás del fin no se pone nada: llenaría la cola de quien aún no ha leído el adiós
            cliente.se_despide = texto is None
            try:
                cliente.cola.put_nowait(texto)
            except queue.Full:
                _corta(cliente.enchufe)  # lee demasiado despacio: los demás no tienen por qué esperarlo

    @staticmethod
    def _escribe(cliente: _Cliente) -> None:
        """El hilo que escribe a un cliente: si ese cliente no lee, solo espera este."""
        try:
            while (texto := cliente.cola.get()) is not None:
                cliente.enchufe.sendall(bytes_de(texto))
        except OSError:
            pass
        _corta(cliente.enchufe)  # despierta al que lee


def _corta(enchufe: socket.socket) -> None:
    with contextlib.suppress(OSError):
        enchufe.shutdown(socket.SHUT_RDWR)
