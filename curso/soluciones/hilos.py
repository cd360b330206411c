"""Ejercicios de HilosPython2.0: el puente, el despertador y los filósofos. No va aquí cómo se dibujan."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from laboratorio import Testigo, arranca

PEATONES = 3


class Puente:
    """Un coche, o hasta tres peatones. El primer peatón cierra el paso a los coches; el último lo abre."""

    def __init__(self, testigo: Testigo) -> None:
        self.paso: Any = testigo.Semaphore(
            "paso", 1
        )  # no un Lock: lo abre un peatón distinto del que lo cerró
        self.acera: Any = testigo.BoundedSemaphore("acera", PEATONES)
        self._cuenta: Any = testigo.Lock("cuenta")
        self.dentro = 0

    def coche(self, segundos: float) -> None:
        with self.paso:
            time.sleep(segundos)

    def peaton(self, segundos: float) -> None:
        with self.acera:
            with self._cuenta:
                if self.dentro == 0:
                    self.paso.acquire()
                self.dentro += 1
            time.sleep(segundos)
            with self._cuenta:
                self.dentro -= 1
                if self.dentro == 0:
                    self.paso.release()


class Periodico:
    """Llama a `que` cada `segundos`, a su hora; `stop` lo para en el acto y espera a que termine."""

    def __init__(self, segundos: float, que: Callable[[], object]) -> None:
        self._segundos, self._que = segundos, que
        self._parar = threading.Event()  # sirve para dormir y para parar
        self._hilo = threading.Thread(target=self._vueltas, name="periodico", daemon=True)

    def start(self) -> None:
        self._hilo.start()

    def stop(self) -> None:
        self._parar.set()
        self._hilo.join(60)

    def _vueltas(self) -> None:
        siguiente = time.monotonic() + self._segundos
        while not self._parar.wait(max(siguiente - time.monotonic(), 0)):
            self._que()
            siguiente += self._segundos  # la hora que toca, no «dentro de»


def filosofos(como: str, cuantos: int = 5) -> Testigo:
    """Una cena: `mal` se abraza siempre; `orden` y `comensales` la arreglan. El testigo cuenta qué pasó."""
    testigo = Testigo()
    tenedores = [testigo.Lock(f"tenedor {n}") for n in range(cuantos)]
    silla: Any = testigo.BoundedSemaphore("silla", cuantos - 1 if como == "comensales" else cuantos)
    todos_con_uno = testigo.Barrier("todos con uno", cuantos)

    def cena(n: int) -> None:
        manos = [tenedores[n], tenedores[(n + 1) % cuantos]]
        if como == "orden" and n == cuantos - 1:
            manos.reverse()  # el último pide primero el de número más bajo: ya no hay círculo
        with silla, manos[0]:
            if como == "mal":
                todos_con_uno.wait(timeout=60)  # que ocurra siempre, y no una vez de cada mil
            with manos[1]:
                time.sleep(0.01)

    arranca(testigo.Thread(cena, name=f"filósofo {n}", args=(n,)) for n in range(cuantos))
    return testigo
