"""La nota de un programa: cada prueba con un programa recién arrancado, y el informe que lo cuenta.

Aquí va el recuento y las palabras del informe. No van aquí las pruebas.
"""

from __future__ import annotations

import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from tarea.calificador import persona
from tarea.calificador.programa import NoArranca, Programa
from tarea.calificador.pruebas import PRUEBAS, Falla, Prueba, contado

_ANCHO = 110  # letras de cada línea de las que escribió el programa
_TOTAL_SEGUNDOS = 180.0  # un programa que agota todos los plazos no retiene a toda una clase


@dataclass(frozen=True, slots=True)
class Resultado:
    """Una prueba: `fallo` es None si pasó; `dicho`, lo que el programa había escrito."""

    prueba: Prueba
    fallo: str | None
    dicho: str = ""


@dataclass(frozen=True, slots=True)
class Nota:
    """Todas las pruebas de un programa."""

    fichero: str
    resultados: tuple[Resultado, ...]
    segundos: float

    @property
    def puntos(self) -> int:
        return sum(r.prueba.puntos for r in self.resultados if r.fallo is None)

    @property
    def maximo(self) -> int:
        return sum(r.prueba.puntos for r in self.resultados)

    def fallos(self) -> list[str]:
        """Los nombres de las pruebas que no pasan."""
        return [r.prueba.nombre for r in self.resultados if r.fallo is not None]


def califica(fichero: Path, pruebas: tuple[Prueba, ...] = PRUEBAS) -> Nota:
    """Prueba este programa. No lanza nada por lo que el programa haga."""
    comienzo = time.monotonic()
    resultados: list[Resultado] = []
    for prueba in pruebas:
        if time.monotonic() - comienzo > _TOTAL_SEGUNDOS * persona.PACIENCIA:
            motivo = (
                f"No se probó: las anteriores agotaron los {_TOTAL_SEGUNDOS:g} segundos de que se dispone."
            )
            resultados.append(Resultado(prueba, motivo))
            continue
        resultados.append(_una(fichero, prueba))
        if len(resultados) == 1 and resultados[0].fallo and "escucha" in resultados[0].fallo:
            motivo = "No se probó: el programa no llega a escuchar."
            resultados += [Resultado(otra, motivo) for otra in pruebas[1:]]
            break
    return Nota(fichero.name, tuple(resultados), time.monotonic() - comienzo)


def _una(fichero: Path, prueba: Prueba) -> Resultado:
    if not fichero.is_file():
        return Resultado(prueba, f"No existe {fichero.name}, así que nadie escucha.")
    try:
        programa = Programa(fichero)
    except NoArranca as no:
        return Resultado(prueba, str(no))
    with programa:
        try:
            programa.espera_que_escuche()
            with ExitStack() as pila, contado("En medio de la prueba"):
                prueba.hace(programa, pila)
        except (NoArranca, Falla) as fallo:
            return Resultado(prueba, str(fallo), programa.dicho())
        except OSError as fallo:
            return Resultado(
                prueba, f"La conexión falló de una forma que no se esperaba: {fallo}.", programa.dicho()
            )
    return Resultado(prueba, None)


def informe(nota: Nota) -> str:
    """El informe de un alumno, en Markdown."""
    partes = [f"# {nota.fichero}: {nota.puntos} de {nota.maximo} puntos\n"]
    for resultado in nota.resultados:
        prueba = resultado.prueba
        signo = "✔" if resultado.fallo is None else "✘"
        puntos = prueba.puntos if resultado.fallo is None else 0
        partes.append(f"{signo} **{prueba.titulo}** ({puntos} de {prueba.puntos})")
        if resultado.fallo is not None:
            partes.append(f"\n  - **Qué pasó.** {resultado.fallo}")
            partes.append(f"  - **Por qué importa.** {prueba.por_que}")
            partes.append(f"  - **Por dónde empezar.** {prueba.pista}")
            if resultado.dicho:
                ultimas = "\n".join(
                    "        " + linea[:_ANCHO] for linea in resultado.dicho.splitlines()[-6:]
                )
                partes.append(f"  - **Lo último que escribió tu programa:**\n\n{ultimas}")
        partes.append("")  # una prueba, un párrafo
    partes.append(f"\nLas pruebas tardaron {nota.segundos:.0f} segundos.")
    return "\n".join(partes) + "\n"
