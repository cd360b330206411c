"""Las primitivas de `threading` en las que los hilos se esperan unos a otros, con un testigo que mira.

Aquí van `Barrier`, `Condition`, `Event`, `Queue`, `Timer` y `Thread`. No van aquí los cerrojos
(`cerrojos.py`) ni los dibujos (`cronograma.py`).
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from laboratorio.testigo import EsperaAgotada, Testigo


class Thread(threading.Thread):
    """Un hilo cuya vida se dibuja. Daemon si no se dice otra cosa: una celda no retiene al intérprete."""

    def __init__(
        self,
        testigo: Testigo,
        target: Callable[..., object],
        *,
        name: str,
        args: tuple[object, ...] = (),
        daemon: bool = True,
    ) -> None:
        super().__init__(target=target, name=name, args=args, daemon=daemon)
        self.error: BaseException | None = None  # con el que terminó, si terminó con uno
        self._testigo = testigo

    def run(self) -> None:
        vida = self._testigo.empieza("vive", self.name)
        try:
            super().run()
        except BaseException as error:
            self.error = error
            self._testigo.marca(f"✗ {type(error).__name__}")
        finally:
            self._testigo.termina(vida)


class Barrier:
    """Un punto de encuentro: nadie pasa hasta que han llegado todos."""

    def __init__(
        self, testigo: Testigo, nombre: str, parties: int, action: Callable[[], object] | None = None
    ) -> None:
        self.nombre = nombre
        self._testigo = testigo
        self._accion = action
        self._dentro = threading.Barrier(parties, self._abre)

    def wait(self, timeout: float | None = None) -> int:
        """El puesto de llegada, de 0 a `parties - 1`. `threading.BrokenBarrierError` si se rompe."""
        tramo = self._testigo.empieza("espera", self.nombre)
        try:
            return self._dentro.wait(self._testigo.paciencia if timeout is None else timeout)
        except threading.BrokenBarrierError:
            self._testigo.marca("barrera rota")
            raise
        finally:
            self._testigo.termina(tramo)

    def abort(self) -> None:
        self._dentro.abort()

    def reset(self) -> None:
        self._dentro.reset()

    @property
    def broken(self) -> bool:
        return self._dentro.broken

    @property
    def n_waiting(self) -> int:
        return self._dentro.n_waiting

    def _abre(self) -> None:
        self._testigo.marca("se abre la barrera")
        if self._accion is not None:
            self._accion()


class Condition:
    """Un cerrojo con sala de espera: `wait` lo suelta, duerme hasta un aviso y lo vuelve a tomar."""

    def __init__(self, testigo: Testigo, nombre: str) -> None:
        self.nombre = nombre
        self._testigo = testigo
        self._dentro = threading.Condition(threading.Lock())
        testigo.exclusivo(nombre)

    def __enter__(self) -> Self:
        if not self._dentro.acquire(False):
            tramo = self._testigo.empieza("espera", self.nombre)
            conseguido = self._dentro.acquire(timeout=self._testigo.paciencia)
            self._testigo.termina(tramo)
            if not conseguido:
                raise EsperaAgotada(f"nadie suelta «{self.nombre}»")
        self._testigo.empieza("tiene", self.nombre)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._testigo.suelta(self.nombre)
        self._dentro.release()

    def wait(self, timeout: float | None = None) -> bool:
        """Cierto si llegó un aviso; falso si se acabó el tiempo (o la paciencia del testigo)."""
        self._testigo.suelta(self.nombre)
        tramo = self._testigo.empieza("espera", f"aviso de {self.nombre}")
        try:
            return self._dentro.wait(self._testigo.paciencia if timeout is None else timeout)
        finally:
            self._testigo.termina(tramo)
            self._testigo.empieza("tiene", self.nombre)

    def wait_for(self, predicate: Callable[[], bool], timeout: float | None = None) -> bool:
        """Espera hasta que la condición sea cierta; la mira de nuevo tras cada aviso."""
        limite = self._testigo.ahora() + (self._testigo.paciencia if timeout is None else timeout)
        while not predicate():
            resto = limite - self._testigo.ahora()
            if resto <= 0 or not self.wait(resto):
                return predicate()
        return True

    def notify(self, n: int = 1) -> None:
        self._testigo.marca("notify")
        self._dentro.notify(n)

    def notify_all(self) -> None:
        self._testigo.marca("notify_all")
        self._dentro.notify_all()


class Event:
    """Un aviso que se da una vez y queda dado."""

    def __init__(self, testigo: Testigo, nombre: str) -> None:
        self.nombre = nombre
        self._testigo = testigo
        self._dentro = threading.Event()

    def wait(self, timeout: float | None = None) -> bool:
        if self._dentro.is_set():
            return True
        tramo = self._testigo.empieza("espera", self.nombre)
        try:
            return self._dentro.wait(self._testigo.paciencia if timeout is None else timeout)
        finally:
            self._testigo.termina(tramo)

    def set(self) -> None:
        self._testigo.marca(f"set {self.nombre}")
        self._dentro.set()

    def clear(self) -> None:
        self._dentro.clear()

    def is_set(self) -> bool:
        return self._dentro.is_set()


class Queue:
    """Una cola entre hilos: quien saca espera si está vacía, quien mete espera si está llena."""

    def __init__(self, testigo: Testigo, nombre: str, maxsize: int = 0) -> None:
        self.nombre = nombre
        self.llenado: list[tuple[float, int]] = []  # (segundos, cuántos hay) después de cada cambio
        self._testigo = testigo
        self._dentro: queue.Queue[Any] = queue.Queue(maxsize)

    def put(self, item: object, timeout: float | None = None) -> None:
        """`queue.Full` si no cabe en `timeout` segundos."""
        try:
            self._dentro.put_nowait(item)
        except queue.Full:
            tramo = self._testigo.empieza("espera", f"sitio en {self.nombre}")
            try:
                self._dentro.put(item, timeout=self._testigo.paciencia if timeout is None else timeout)
            finally:
                self._testigo.termina(tramo)
        self._apunta()

    def get(self, timeout: float | None = None) -> Any:
        """`queue.Empty` si no llega nada en `timeout` segundos."""
        try:
            hallado = self._dentro.get_nowait()
        except queue.Empty:
            tramo = self._testigo.empieza("espera", f"algo en {self.nombre}")
            try:
                hallado = self._dentro.get(timeout=self._testigo.paciencia if timeout is None else timeout)
            finally:
                self._testigo.termina(tramo)
        self._apunta()
        return hallado

    def task_done(self) -> None:
        self._dentro.task_done()

    def join(self) -> None:
        self._dentro.join()

    def qsize(self) -> int:
        return self._dentro.qsize()

    def _apunta(self) -> None:
        self.llenado.append((self._testigo.ahora(), self._dentro.qsize()))


class Timer(threading.Timer):
    """Un temporizador: se dibuja armado hasta que salta, y trabajando mientras corre su función."""

    def __init__(
        self, testigo: Testigo, nombre: str, interval: float, function: Callable[[], object]
    ) -> None:
        super().__init__(interval, function)
        self.name = nombre
        self.daemon = True
        self._testigo = testigo

    def run(self) -> None:
        armado = self._testigo.empieza("arma", self.name)
        self.finished.wait(self.interval)
        self._testigo.termina(armado)
        if self.finished.is_set():
            self._testigo.marca("cancelado")
            return
        with self._testigo.trabaja(self.name):
            self.function(*self.args, **self.kwargs)
        self.finished.set()
