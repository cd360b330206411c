"""Un servidor de Tertulia de verdad, en puertos libres, con un miembro que contesta.

Aquí va arrancarlo y pararlo. No va aquí quién habla con él: eso se escribe en los cuadernos, con un socket.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from laboratorio.avisos import Falta

_ARRANQUE_SEGUNDOS = 180.0  # tarda uno o dos; en una máquina lenta y muy cargada, muchos más
_GUION = (
    "Soy un guion, no un modelo. Un socket es el extremo de una conversación: por él se lee y se escribe.",
    "Sigo siendo un guion: TCP entrega todo y en orden; UDP, lo que llegue.",
)


@dataclass(frozen=True, slots=True)
class Abierta:
    """Las puertas abiertas: (anfitrión, puerto) de cada una. `dicho`: lo que escribió al arrancar."""

    irc: tuple[str, int]
    plain: tuple[str, int]
    dicho: tuple[str, ...]


@contextmanager
def servidor(proveedor: str = "guion", *, modelos: Path | None = None) -> Iterator[Abierta]:
    """`tertulia serve` en otro proceso, con lola en #tertulia; `proveedor`: `openai`, `local` o `guion`.

    `modelos` es la carpeta del modelo local. `Falta` si Tertulia no está instalada o no arranca.
    """
    if importlib.util.find_spec("tertulia") is None:
        raise Falta(
            "Aquí no está Tertulia: instálala desde su repositorio con `pip install .`. Lo demás sigue."
        )
    with tempfile.TemporaryDirectory(prefix="tertulia-") as carpeta:
        fichero = Path(carpeta, "tertulia.toml")
        fichero.write_text(_configuracion(proveedor, Path(carpeta), modelos), encoding="utf-8")
        proceso = subprocess.Popen(
            [sys.executable, "-m", "tertulia", "serve", "--config", str(fichero)],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            env={k: v for k, v in os.environ.items() if not k.startswith("TERTULIA_")},
        )  # fmt: skip
        try:
            yield _saludo(proceso)
        finally:
            proceso.terminate()
            try:
                proceso.wait(15)
            except subprocess.TimeoutExpired:
                proceso.kill()
                proceso.wait()
            if proceso.stdout is not None:
                proceso.stdout.close()


def _configuracion(proveedor: str, carpeta: Path, modelos: Path | None) -> str:
    lineas = [
        "[server]",
        'language = "es"',
        'listen = ["irc://127.0.0.1:0", "plain://127.0.0.1:0"]',
        f'data = "{carpeta / "datos"}"',
    ]
    if modelos is not None:
        lineas += ["[local]", f'folder = "{modelos}"']
    lineas += [
        "[[models]]",
        'nick = "lola"',
        f'provider = "{"scripted" if proveedor == "guion" else proveedor}"',
    ]
    if proveedor == "guion":
        lineas += [f"script = {list(_GUION)!r}".replace("'", '"')]
    else:
        lineas += ["answer_tokens = 120"]
    return "\n".join(lineas) + "\n"


def _saludo(proceso: subprocess.Popen[str]) -> Abierta:
    """Lee lo que escribe hasta que dice cómo pararlo; las puertas están en esas líneas."""
    assert proceso.stdout is not None
    freno = threading.Timer(_ARRANQUE_SEGUNDOS, proceso.kill)
    freno.daemon = True
    freno.start()
    lineas: list[str] = []
    for linea in proceso.stdout:
        lineas.append(linea.rstrip("\n"))
        if "Ctrl-C" in linea:
            break
    freno.cancel()
    partes = [urlsplit(linea.split()[0]) for linea in lineas if "://" in linea]
    puertas = {p.scheme: (str(p.hostname), int(p.port or 0)) for p in partes}
    if not {"irc", "plain"} <= puertas.keys():
        raise Falta(
            "Tertulia no ha arrancado: " + (" ".join(lineas) or "no ha dicho por qué") + " Lo demás sigue."
        )
    return Abierta(puertas["irc"], puertas["plain"], tuple(lineas))
