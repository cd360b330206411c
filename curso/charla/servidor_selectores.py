"""El mismo servidor con un solo hilo y `selectors`: se pregunta al sistema quién tiene algo, y se le atiende.

Aquí va el bucle. No va aquí lo que se dice: eso es `sala.py`. Sin hilos no hay cerrojos: nada se comparte.
"""

from __future__ import annotations

import selectors
import socket
import threading
import time
from dataclasses import dataclass, field

from charla.enchufes import abre
from charla.lineas import LineaLarga, Lineas, bytes_de
from charla.sala import CIERRE, LARGA, LLENA, OCIOSO, Envio, Sala
from charla.servidor import Ajustes

_TROZO_BYTES = 4096
_CIERRE_SEGUNDOS = 60.0  # tarda un instante; en una máquina muy cargada, algo más
_SALIDA_BYTES = 100_000  # lo que se guarda a quien lee despacio


@dataclass(eq=False, slots=True)
class _Cliente:
    numero: int
    enchufe: socket.socket
    oido: float  # cuándo dijo algo por última vez
    lineas: Lineas = field(default_factory=Lineas)
    salida: bytearray = field(default_factory=bytearray)
    se_despide: bool = False  # al vaciar la salida, se cierra


class ServidorSelectores:
    """Se usa como `ServidorHilos`. Corre en un hilo propio solo para poder estar en un cuaderno."""

    def __init__(self, direccion: tuple[str, int] = ("127.0.0.1", 0), ajustes: Ajustes | None = None) -> None:
        self.ajustes = ajustes or Ajustes()
        self._escucha = abre(direccion)
        self._escucha.setblocking(False)
        self._timbre, self._oido = socket.socketpair()
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._escucha, selectors.EVENT_READ, "portero")
        self._selector.register(self._oido, selectors.EVENT_READ, "timbre")
        self._sala = Sala()
        self._clientes: dict[int, _Cliente] = {}
        self._cuenta = 0
        self._hilo = threading.Thread(target=self._vueltas, name="selectores", daemon=True)
        self._hilo.start()

    @property
    def direccion(self) -> tuple[str, int]:
        anfitrion, puerto = self._escucha.getsockname()[:2]
        return anfitrion, puerto

    def cierra(self) -> None:
        if self._hilo.is_alive():
            self._timbre.send(b"x")
            self._hilo.join(_CIERRE_SEGUNDOS)
        for enchufe in (self._timbre, self._oido, self._escucha):
            enchufe.close()

    def __enter__(self) -> ServidorSelectores:
        return self

    def __exit__(self, *lo_ocurrido: object) -> None:
        self.cierra()

    # --- El bucle -------------------------------------------------------------------------------------

    def _vueltas(self) -> None:
        with self._selector:
            while True:
                for llave, eventos in self._selector.select(self._hasta_el_ocioso()):
                    if llave.data == "timbre":
                        self._termina()
                        return
                    if llave.data == "portero":
                        self._acepta()
                    else:
                        self._atiende(llave.data, eventos)
                self._despide_ociosos()

    def _acepta(self) -> None:
        try:
            enchufe, _ = self._escucha.accept()
        except OSError:
            return
        enchufe.setblocking(False)
        if len(self._clientes) >= self.ajustes.maximo:
            with enchufe:
                enchufe.send(bytes_de(LLENA))
            return
        self._cuenta += 1
        cliente = _Cliente(self._cuenta, enchufe, time.monotonic())
        self._clientes[cliente.numero] = cliente
        self._selector.register(enchufe, selectors.EVENT_READ, cliente)
        self._reparte(self._sala.llega(cliente.numero))

    def _atiende(self, cliente: _Cliente, eventos: int) -> None:
        """Las dos cosas: si leer fuera antes que escribir, quien habla sin parar no oiría nada."""
        if eventos & selectors.EVENT_READ:
            self._lee(cliente)
        if eventos & selectors.EVENT_WRITE:
            self._escribe(cliente)

    def _lee(self, cliente: _Cliente) -> None:
        try:
            trozo = cliente.enchufe.recv(_TROZO_BYTES)
            cliente.oido = time.monotonic()
            for linea in cliente.lineas.mete(trozo):
                self._reparte(self._sala.recibe(cliente.numero, linea))
        except BlockingIOError:
            return
        except LineaLarga:
            self._reparte([Envio(cliente.numero, LARGA), Envio(cliente.numero, None)])
            return
        except OSError:
            trozo = b""
        if not trozo:
            self._baja(cliente)

    def _escribe(self, cliente: _Cliente) -> None:
        try:
            del cliente.salida[: cliente.enchufe.send(cliente.salida)]
        except BlockingIOError:
            return
        except OSError:
            self._baja(cliente)
            return
        self._atento(cliente)

    def _reparte(self, envios: list[Envio]) -> None:
        for numero, texto in envios:
            cliente = self._clientes.get(numero)
            if cliente is None or cliente.se_despide:
                continue
            if texto is None:
                cliente.se_despide = True
            else:
                cliente.salida += bytes_de(texto)
            if len(cliente.salida) > _SALIDA_BYTES:
                self._baja(cliente)
            else:
                self._atento(cliente)

    def _atento(self, cliente: _Cliente) -> None:
        """Solo se pregunta si se puede escribir a quien tiene algo que recibir: si no, no se dormiría."""
        if not cliente.salida and cliente.se_despide:
            self._baja(cliente)
        else:
            eventos = selectors.EVENT_READ | (selectors.EVENT_WRITE if cliente.salida else 0)
            if cliente.se_despide:
                eventos = selectors.EVENT_WRITE
            self._selector.modify(cliente.enchufe, eventos, cliente)

    def _baja(self, cliente: _Cliente) -> None:
        if self._clientes.pop(cliente.numero, None) is None:
            return
        self._selector.unregister(cliente.enchufe)
        cliente.enchufe.close()
        self._reparte(self._sala.se_va(cliente.numero))

    # --- El tiempo ------------------------------------------------------------------------------------

    def _hasta_el_ocioso(self) -> float | None:
        if not self._clientes:
            return None
        antiguo = min(cliente.oido for cliente in self._clientes.values())
        return max(antiguo + self.ajustes.ocioso - time.monotonic(), 0.01)

    def _despide_ociosos(self) -> None:
        limite = time.monotonic() - self.ajustes.ocioso
        for cliente in [c for c in self._clientes.values() if c.oido < limite]:
            self._reparte([Envio(cliente.numero, OCIOSO), Envio(cliente.numero, None)])

    def _termina(self) -> None:
        for cliente in list(self._clientes.values()):
            cliente.enchufe.settimeout(1)
            try:
                cliente.enchufe.sendall(bytes(cliente.salida) + bytes_de(CIERRE))
            except OSError:
                pass
            cliente.enchufe.close()
        self._clientes.clear()
