"""Las primitivas de `threading` que se tienen y se sueltan, con un testigo que mira.

Aquí van `Lock`, `RLock`, `Semaphore` y `BoundedSemaphore`. No van aquí las primitivas para encontrarse
(`encuentros.py`) ni lo que se apunta de ellas (`testigo.py`).
"""

from __future__ import annotations

import threading
import time
from types import TracebackType
from typing import Protocol, Self

from laboratorio.testigo import PACIENCIA_EN_CIRCULO_SEGUNDOS, EsperaAgotada, Interbloqueo, Testigo, Tramo

_RONDA_SEGUNDOS = 0.02  # cada cuánto mira una espera si ya se ha cerrado un círculo


class _Tomable(Protocol):
    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool: ...
    def release(self) -> None: ...


class Recurso:
    """Lo común: se pide, se espera, se tiene, se suelta."""

    def __init__(self, testigo: Testigo, nombre: str, dentro: _Tomable, *, exclusivo: bool) -> None:
        self.nombre = nombre
        self._testigo = testigo
        self._dentro = dentro
        if exclusivo:
            testigo.exclusivo(nombre)

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        """Como en `threading`. Sin `timeout`, acabada la paciencia del testigo lanza `EsperaAgotada`."""
        if self._dentro.acquire(False):
            self._testigo.empieza("tiene", self.nombre)
            return True
        if not blocking:
            return False
        return self._espera(timeout)

    def release(self) -> None:
        """Se apunta antes de soltar: después, otro podría apuntar que lo tiene cuando aún consta a nuestro
        nombre."""
        self._testigo.suelta(self.nombre)
        self._dentro.release()

    def __enter__(self) -> Self:
        self.acquire()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    def _espera(self, timeout: float) -> bool:
        tramo = self._testigo.empieza("espera", self.nombre)
        try:
            conseguido = self._insiste(tramo, timeout)
        finally:
            self._testigo.termina(tramo)
        if conseguido:
            self._testigo.empieza("tiene", self.nombre)
        return conseguido

    def _insiste(self, tramo: Tramo, timeout: float) -> bool:
        """Espera a trozos cortos, para ver a tiempo el círculo en el que uno ha caído."""
        comienzo = time.perf_counter()
        limite = self._testigo.paciencia if timeout < 0 else timeout
        en_circulo = None
        while (pasado := time.perf_counter() - comienzo) < limite:
            if self._dentro.acquire(True, min(_RONDA_SEGUNDOS, limite - pasado)):
                return True
            if tramo.en_circulo and timeout < 0:
                en_circulo = en_circulo or pasado
                if pasado - en_circulo > PACIENCIA_EN_CIRCULO_SEGUNDOS:
                    raise Interbloqueo(self._testigo.explica())
        if timeout >= 0:
            return False
        duenos = ", ".join(self._testigo.tienen(self.nombre)) or "nadie"
        raise EsperaAgotada(f"{tramo.hilo} esperó {limite:g} s por «{self.nombre}», que tiene {duenos}.")


class Lock(Recurso):
    """Un cerrojo: lo tiene un hilo, y los demás esperan."""

    def __init__(self, testigo: Testigo, nombre: str) -> None:
        self._cerrojo = threading.Lock()
        super().__init__(testigo, nombre, self._cerrojo, exclusivo=True)

    def locked(self) -> bool:
        return self._cerrojo.locked()


class RLock(Recurso):
    """Un cerrojo que su dueño puede volver a tomar; se dibuja de la primera toma a la última suelta."""

    def __init__(self, testigo: Testigo, nombre: str) -> None:
        super().__init__(testigo, nombre, threading.RLock(), exclusivo=True)
        self._veces = 0  # solo lo toca quien tiene el cerrojo

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        if self._veces and threading.current_thread().name in self._testigo.tienen(self.nombre):
            self._dentro.acquire()
            self._veces += 1
            return True
        conseguido = super().acquire(blocking, timeout)
        if conseguido:
            self._veces = 1
        return conseguido

    def release(self) -> None:
        veces = self._veces
        if veces > 1:
            self._veces = veces - 1
            self._dentro.release()
        else:
            self._veces = 0
            super().release()


class Semaphore(Recurso):
    """Un contador de permisos: lo tienen a la vez tantos hilos como permisos haya."""

    def __init__(self, testigo: Testigo, nombre: str, value: int = 1) -> None:
        super().__init__(testigo, nombre, threading.Semaphore(value), exclusivo=value == 1)


class BoundedSemaphore(Recurso):
    """Un semáforo que protesta (`ValueError`) si se suelta más veces de las que se tomó."""

    def __init__(self, testigo: Testigo, nombre: str, value: int = 1) -> None:
        super().__init__(testigo, nombre, threading.BoundedSemaphore(value), exclusivo=value == 1)
