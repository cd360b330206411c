"""El testigo: quién espera, quién tiene, y quién se ha quedado esperando en círculo.

Aquí va el registro de lo que hacen los hilos y la búsqueda de ciclos. No van aquí las primitivas que lo
alimentan (`cerrojos.py`, `encuentros.py`) ni los dibujos (`cronograma.py`).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from laboratorio import cerrojos, encuentros
    from laboratorio.dibujo import Dibujo

Clase = Literal["vive", "espera", "tiene", "arma", "trabaja"]
PACIENCIA_SEGUNDOS = 10.0  # una celda no se cuelga: ninguna espera del laboratorio dura más
PACIENCIA_EN_CIRCULO_SEGUNDOS = 0.5  # un interbloqueo no se arregla esperando; solo se dibuja mejor


class EsperaAgotada(RuntimeError):
    """Una espera que habría durado para siempre; el mensaje dice quién tiene lo que se pide."""


class Interbloqueo(EsperaAgotada):
    """La espera formaba parte de un círculo: nadie puede avanzar."""


@dataclass(slots=True)
class Tramo:
    """Lo que un hilo hizo con un recurso entre dos instantes, en segundos desde el comienzo."""

    hilo: str
    recurso: str
    clase: Clase
    desde: float
    hasta: float | None = None  # None: todavía
    en_circulo: bool = False


@dataclass(frozen=True, slots=True)
class Marca:
    """Algo que ocurrió en un instante: un `set`, una barrera que se abre o se rompe."""

    hilo: str
    texto: str
    cuando: float


class Testigo:
    """Apunta lo que hacen los hilos con las primitivas que él mismo fabrica.

    `testigo.Lock("libro")` se usa como `threading.Lock()`. Las esperas tienen paciencia: pasada la
    `paciencia` (segundos) lanzan `EsperaAgotada`, y si forman un círculo, `Interbloqueo`, medio segundo
    después de cerrarse. `reloj` da segundos que no retroceden.
    """

    __test__ = False  # su nombre empieza por «Test», y pytest la tomaría por una clase de pruebas

    def __init__(
        self, *, paciencia: float = PACIENCIA_SEGUNDOS, reloj: Callable[[], float] = time.perf_counter
    ) -> None:
        self.paciencia = paciencia
        self.tramos: list[Tramo] = []
        self.marcas: list[Marca] = []
        self.ciclo: list[tuple[str, str]] = []  # (hilo, recurso que espera), del primer interbloqueo visto
        self._reloj = reloj
        self._comienzo = reloj()
        self._guardia = threading.Lock()
        self._abiertos: dict[tuple[str, str, Clase], list[Tramo]] = {}
        self._exclusivos: set[str] = set()

    # --- Lo que se fabrica ----------------------------------------------------------------------------

    def Lock(self, nombre: str) -> cerrojos.Lock:
        from laboratorio import cerrojos

        return cerrojos.Lock(self, nombre)

    def RLock(self, nombre: str) -> cerrojos.RLock:
        from laboratorio import cerrojos

        return cerrojos.RLock(self, nombre)

    def Semaphore(self, nombre: str, value: int = 1) -> cerrojos.Semaphore:
        from laboratorio import cerrojos

        return cerrojos.Semaphore(self, nombre, value)

    def BoundedSemaphore(self, nombre: str, value: int = 1) -> cerrojos.BoundedSemaphore:
        from laboratorio import cerrojos

        return cerrojos.BoundedSemaphore(self, nombre, value)

    def Barrier(
        self, nombre: str, parties: int, action: Callable[[], object] | None = None
    ) -> encuentros.Barrier:
        from laboratorio import encuentros

        return encuentros.Barrier(self, nombre, parties, action)

    def Condition(self, nombre: str) -> encuentros.Condition:
        from laboratorio import encuentros

        return encuentros.Condition(self, nombre)

    def Event(self, nombre: str) -> encuentros.Event:
        from laboratorio import encuentros

        return encuentros.Event(self, nombre)

    def Queue(self, nombre: str, maxsize: int = 0) -> encuentros.Queue:
        from laboratorio import encuentros

        return encuentros.Queue(self, nombre, maxsize)

    def Timer(self, nombre: str, interval: float, function: Callable[[], object]) -> encuentros.Timer:
        from laboratorio import encuentros

        return encuentros.Timer(self, nombre, interval, function)

    def Thread(
        self, target: Callable[..., object], *, name: str, args: tuple[object, ...] = (), daemon: bool = True
    ) -> encuentros.Thread:
        from laboratorio import encuentros

        return encuentros.Thread(self, target, name=name, args=args, daemon=daemon)

    # --- Lo que se apunta -----------------------------------------------------------------------------

    def ahora(self) -> float:
        """Segundos desde que se creó el testigo."""
        return self._reloj() - self._comienzo

    def exclusivo(self, recurso: str) -> None:
        """Este recurso tiene dueños: esperar por él puede cerrar un círculo."""
        self._exclusivos.add(recurso)

    def empieza(self, clase: Clase, recurso: str, hilo: str | None = None) -> Tramo:
        """Abre un tramo del hilo que llama (o del que se nombra)."""
        nombre = hilo or threading.current_thread().name
        tramo = Tramo(nombre, recurso, clase, self.ahora())
        with self._guardia:
            self.tramos.append(tramo)
            self._abiertos.setdefault((nombre, recurso, clase), []).append(tramo)
            if clase == "espera" and not self.ciclo and (circulo := self._circulo_desde(nombre)):
                self.ciclo = circulo
                self._senala(circulo)
        return tramo

    def termina(self, tramo: Tramo) -> None:
        with self._guardia:
            self._cierra(tramo)

    def suelta(self, recurso: str) -> None:
        """Cierra lo que el hilo tiene de este recurso; si no tiene nada, lo que tenga el más antiguo.

        Un semáforo lo puede soltar quien no lo tomó.
        """
        propio = threading.current_thread().name
        with self._guardia:
            candidatos = self._abiertos.get((propio, recurso, "tiene"), [])
            ajenos = (
                t for t in self.tramos if t.recurso == recurso and t.clase == "tiene" and t.hasta is None
            )
            tramo = candidatos[-1] if candidatos else next(ajenos, None)
            if tramo is not None:
                self._cierra(tramo)  # sin soltar la guardia: otro que suelte a la vez elegiría el mismo

    def _cierra(self, tramo: Tramo) -> None:
        """Con la guardia tomada."""
        if tramo.hasta is None:
            tramo.hasta = self.ahora()
            self._abiertos[tramo.hilo, tramo.recurso, tramo.clase].remove(tramo)

    def marca(self, texto: str, hilo: str | None = None) -> None:
        marca = Marca(hilo or threading.current_thread().name, texto, self.ahora())
        with self._guardia:
            self.marcas.append(marca)

    @contextmanager
    def trabaja(self, en: str = "trabajo") -> Iterator[None]:
        """Lo que se hace dentro se dibuja como trabajo del hilo que llama."""
        tramo = self.empieza("trabaja", en)
        try:
            yield
        finally:
            self.termina(tramo)

    # --- Lo que se pregunta ---------------------------------------------------------------------------

    def tienen(self, recurso: str) -> list[str]:
        """Los hilos que tienen ahora este recurso."""
        with self._guardia:
            return self._tienen(recurso)

    def esperado(self, clase: Clase = "espera", recurso: str | None = None) -> float:
        """Segundos que suman los tramos de esta clase (de este recurso, si se nombra)."""
        ahora = self.ahora()
        return sum(
            (ahora if t.hasta is None else t.hasta) - t.desde
            for t in self.tramos
            if t.clase == clase and recurso in (None, t.recurso)
        )

    def maximo_a_la_vez(self, recurso: str) -> int:
        """Cuántos hilos tuvieron este recurso a la vez, como mucho."""
        pasos: list[tuple[float, int]] = []
        for tramo in self.tramos:
            if tramo.recurso == recurso and tramo.clase == "tiene":
                pasos += [(tramo.desde, 1)] + ([(tramo.hasta, -1)] if tramo.hasta is not None else [])
        cuenta = maximo = 0
        for _, cambio in sorted(pasos):
            cuenta += cambio
            maximo = max(maximo, cuenta)
        return maximo

    def explica(self) -> str:
        """El interbloqueo visto, en palabras; vacío si no hubo."""
        if not self.ciclo:
            return ""
        frases = [f"{hilo} espera «{recurso}»" for hilo, recurso in self.ciclo]
        return "Interbloqueo: " + ", ".join(frases) + f"; y {self.ciclo[0][0]} no soltará nunca lo suyo."

    def dibujar(self, titulo: str = "") -> Dibujo:
        """El cronograma de todo lo visto hasta ahora."""
        from laboratorio.cronograma import cronograma

        with self._guardia:
            tramos, marcas = list(self.tramos), list(self.marcas)
        return cronograma(tramos, marcas, self.ciclo, hasta=self.ahora(), titulo=titulo)

    # --- El círculo -----------------------------------------------------------------------------------

    def _tienen(self, recurso: str) -> list[str]:
        return [
            h
            for (h, r, clase), abiertos in self._abiertos.items()
            if r == recurso and clase == "tiene" and abiertos
        ]

    def _circulo_desde(self, hilo: str) -> list[tuple[str, str]]:
        """Sigue las flechas «espera a» y «lo tiene» desde este hilo; el camino si vuelve a él.

        Solo cuentan recursos de un dueño: en un semáforo de varios, otro puede soltar.
        """
        camino: list[tuple[str, str]] = []
        actual = hilo
        while (recurso := self._espera(actual)) is not None:
            camino.append((actual, recurso))
            duenos = self._tienen(recurso)
            if len(duenos) != 1 or any(actual == duenos[0] for actual, _ in camino[1:]):
                return []
            if duenos[0] == hilo:
                return camino
            actual = duenos[0]
        return []

    def _espera(self, hilo: str) -> str | None:
        for (otro, recurso, clase), abiertos in self._abiertos.items():
            if otro == hilo and clase == "espera" and abiertos and recurso in self._exclusivos:
                return recurso
        return None

    def _senala(self, circulo: list[tuple[str, str]]) -> None:
        for hilo, recurso in circulo:
            for tramo in self._abiertos.get((hilo, recurso, "espera"), []):
                tramo.en_circulo = True
