"""Arrancar los programas en Java del curso desde Python: el servidor, una carga, y la grabadora de vuelo.

Aquí va lo que hace falta para compararlos en una misma medida. No van aquí los programas: están en `java/`.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from laboratorio.avisos import Falta
from laboratorio.testigo import Tramo

_LIMITE_SEGUNDOS = 180.0
_DURACION = re.compile(r"PT(?:(\d+)M)?([\d.]+)S")
_SUCESOS = ("jdk.JavaMonitorEnter", "jdk.ThreadPark", "jdk.ThreadSleep")
# Sin umbral: por defecto la grabadora solo apunta esperas de más de veinte milisegundos.
_GRABA = "-XX:StartFlightRecording:filename={fichero},settings=profile"


def jar() -> Path:
    """El `charla.jar` que se construye con el curso. `Falta` si no hay Java o no está construido."""
    if shutil.which("java") is None:
        raise Falta("Aquí no hay Java: instala un JDK 17 o posterior para ver esta parte. Lo demás sigue.")
    for sitio in (Path.cwd(), Path(__file__).resolve().parents[1]):
        if (sitio / "charla.jar").is_file():
            return sitio / "charla.jar"
    raise Falta("No está charla.jar: se hace al construir el curso donde hay `javac`. Lo demás sigue.")


@contextmanager
def servidor() -> Iterator[tuple[str, int]]:
    """El servidor de Java en otro proceso, mientras dura el bloque; da su dirección."""
    proceso = subprocess.Popen(
        ["java", "-cp", str(jar()), "charla.Principal", "servidor"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert proceso.stdin is not None
    assert proceso.stdout is not None
    try:
        yield "127.0.0.1", int(proceso.stdout.readline())
    finally:
        proceso.stdin.close()
        try:
            proceso.wait(_LIMITE_SEGUNDOS)
        except subprocess.TimeoutExpired:
            proceso.kill()
            proceso.wait()
        proceso.stdout.close()


def corre(*orden: str, opciones: Sequence[str] = ()) -> str:
    """Lo que escribe `charla.Principal` con esta orden. `Falta` si no puede con ella a tiempo."""
    programa = ["java", *opciones, "-cp", str(jar()), "charla.Principal", *orden]
    try:
        hecho = subprocess.run(
            programa, capture_output=True, text=True, timeout=_LIMITE_SEGUNDOS, check=False
        )
    except subprocess.TimeoutExpired:
        raise Falta(f"Java no terminó en {_LIMITE_SEGUNDOS:g} s. Lo demás sigue.") from None
    if hecho.returncode:
        raise Falta("Java no pudo: " + (hecho.stderr.strip().splitlines() or ["sin motivo"])[-1])
    return hecho.stdout


def carga(direccion: tuple[str, int], clientes: int, frases: int) -> float:
    """Segundos que tardan estas frases de uno en llegar a todos, con los clientes de Java."""
    return float(corre("carga", direccion[0], str(direccion[1]), str(clientes), str(frases))) / 1000


# --- La grabadora de vuelo --------------------------------------------------------------------------------


def contienda() -> list[Tramo]:
    """Tres hilos de Java con una barrera y un cerrojo, vistos por la grabadora de vuelo de la JVM."""
    if shutil.which("jfr") is None:
        raise Falta("Este Java no trae `jfr`, que lee la grabadora de vuelo. Lo demás sigue.")
    with tempfile.TemporaryDirectory() as carpeta:
        fichero = Path(carpeta, "vuelo.jfr")
        corre("contienda", opciones=[_GRABA.format(fichero=fichero), "-Xlog:jfr*=off"])
        hecho = subprocess.run(
            ["jfr", "print", "--json", "--events", ",".join(_SUCESOS), str(fichero)],
            capture_output=True, text=True, timeout=_LIMITE_SEGUNDOS, check=False,
        )  # fmt: skip
    return tramos_de(json.loads(hecho.stdout), ("ana", "beto", "carla"))


def tramos_de(grabado: dict[str, Any], hilos: Sequence[str]) -> list[Tramo]:
    """Los sucesos de estos hilos como tramos, en segundos desde el primero: los mismos que apunta el testigo.

    Un sueño es trabajo (el de mentira de estos ejemplos); aparcar o esperar un monitor, una espera.
    """
    hallados = []
    for suceso in grabado["recording"]["events"]:
        valores = suceso["values"]
        hilo = (valores.get("eventThread") or {}).get("javaName")
        if isinstance(hilo, str) and hilo in hilos:
            comienzo = datetime.fromisoformat(valores["startTime"]).timestamp()
            duracion = _duracion(valores["duration"])
            clase = "trabaja" if suceso["type"] == "jdk.ThreadSleep" else "espera"
            recurso = {"jdk.ThreadSleep": "trabajo", "jdk.ThreadPark": "barrera"}.get(
                suceso["type"], "libreta"
            )
            hallados.append((comienzo, duracion, hilo, recurso, clase))
    cero = min((h[0] for h in hallados), default=0.0)
    return [
        Tramo(
            hilo,
            recurso,
            "trabaja" if clase == "trabaja" else "espera",
            comienzo - cero,
            comienzo - cero + duracion,
        )
        for comienzo, duracion, hilo, recurso, clase in sorted(hallados)
    ]


def _duracion(texto: str) -> float:
    hallada = _DURACION.fullmatch(texto)
    return int(hallada[1] or 0) * 60 + float(hallada[2]) if hallada else 0.0
