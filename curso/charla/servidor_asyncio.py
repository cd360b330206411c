"""El mismo servidor con `asyncio`: se escribe como con hilos y se ejecuta como con selectores.

Aquí va una corrutina por cliente. No va aquí lo que se dice: eso es `sala.py`.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading

from charla.enchufes import abre
from charla.lineas import LINEA_BYTES, bytes_de
from charla.sala import CIERRE, LARGA, LLENA, OCIOSO, Envio, Sala
from charla.servidor import Ajustes

_ESPERA_SEGUNDOS = 60.0  # abrir y cerrar tardan un instante; en una máquina muy cargada, algo más
_ADIOS_SEGUNDOS = 2.0  # lo que se espera, al cerrar, a que cada uno lea su despedida
_SALIDA_BYTES = 100_000  # lo que se guarda a quien lee despacio


class ServidorAsyncio:
    """Se usa con `with`, como `ServidorHilos`. El bucle corre en un hilo propio: Jupyter ya tiene el suyo."""

    def __init__(self, direccion: tuple[str, int] = ("127.0.0.1", 0), ajustes: Ajustes | None = None) -> None:
        self.ajustes = ajustes or Ajustes()
        self._escucha = abre(direccion)
        self._escucha.setblocking(False)
        self._sala = Sala()
        self._salidas: dict[int, asyncio.StreamWriter] = {}
        self._tareas: set[asyncio.Task[None]] = set()
        self._cuenta = 0
        self._bucle = asyncio.new_event_loop()
        self._listo = threading.Event()
        self._hilo = threading.Thread(target=self._corre, name="asyncio", daemon=True)
        self._hilo.start()
        self._listo.wait(_ESPERA_SEGUNDOS)

    @property
    def direccion(self) -> tuple[str, int]:
        anfitrion, puerto = self._escucha.getsockname()[:2]
        return anfitrion, puerto

    def cierra(self) -> None:
        if self._hilo.is_alive():
            self._bucle.call_soon_threadsafe(self._fin.set)
            self._hilo.join(_ESPERA_SEGUNDOS)

    def __enter__(self) -> ServidorAsyncio:
        return self

    def __exit__(self, *lo_ocurrido: object) -> None:
        self.cierra()

    def _corre(self) -> None:
        with contextlib.closing(self._bucle):
            self._bucle.run_until_complete(self._principal())

    async def _principal(self) -> None:
        self._fin = asyncio.Event()
        # `asyncio.start_server` lo haría por nosotros, pero hasta Python 3.12 pierde a quien llega justo al
        # cerrar: ni lo atiende ni le cuelga.
        self._bucle.add_reader(self._escucha, self._acepta)
        self._listo.set()
        await self._fin.wait()
        self._bucle.remove_reader(self._escucha)
        self._escucha.close()
        self._reparte([Envio(n, t) for n in list(self._salidas) for t in (CIERRE, None)])
        if self._tareas:
            await asyncio.wait(self._tareas, timeout=_ADIOS_SEGUNDOS)
        for tarea in self._tareas:
            tarea.cancel()
        await asyncio.gather(*self._tareas, return_exceptions=True)

    def _acepta(self) -> None:
        """Hay alguien a la puerta: su corrutina empieza en la próxima vuelta del bucle."""
        with contextlib.suppress(OSError):
            enchufe, _ = self._escucha.accept()
            enchufe.setblocking(False)
            tarea = self._bucle.create_task(self._atiende(enchufe))
            self._tareas.add(tarea)
            tarea.add_done_callback(self._tareas.discard)

    async def _atiende(self, enchufe: socket.socket) -> None:
        lee, escribe = await asyncio.open_connection(sock=enchufe, limit=LINEA_BYTES)
        if self._fin.is_set() or len(self._salidas) >= self.ajustes.maximo:
            escribe.write(bytes_de(CIERRE if self._fin.is_set() else LLENA))
            await _cierra(escribe)
            return
        self._cuenta += 1
        numero = self._cuenta
        self._salidas[numero] = escribe
        self._reparte(self._sala.llega(numero))
        try:
            while linea := await asyncio.wait_for(lee.readline(), self.ajustes.ocioso):
                if linea.endswith(b"\n"):
                    self._reparte(self._sala.recibe(numero, linea.rstrip(b"\r\n").decode("utf-8", "replace")))
        except TimeoutError:
            self._reparte([Envio(numero, OCIOSO)])
        except ValueError:
            self._reparte([Envio(numero, LARGA)])
        except OSError:
            pass
        finally:
            self._reparte(self._sala.se_va(numero))
            del self._salidas[numero]
            await _cierra(escribe)

    def _reparte(self, envios: list[Envio]) -> None:
        for numero, texto in envios:
            escribe = self._salidas.get(numero)
            if escribe is None or escribe.is_closing():
                continue
            if texto is None:
                escribe.close()
            elif escribe.transport.get_write_buffer_size() > _SALIDA_BYTES:
                escribe.transport.abort()  # lee demasiado despacio
            else:
                escribe.write(bytes_de(texto))


async def _cierra(escribe: asyncio.StreamWriter) -> None:
    escribe.close()
    with contextlib.suppress(OSError, TimeoutError):
        await asyncio.wait_for(escribe.wait_closed(), 1)
