"""Quien contesta: la API de OpenAI, el modelo local, o un guion. En ese orden, según lo que haya.

Aquí va cómo se pregunta y qué puede fallar. No va aquí quién pregunta: eso es `servidor_gpt.py`. La clave
sale del entorno y no se escribe en ninguna parte.
"""

from __future__ import annotations

import http.client
import importlib.util
import json
import os
import secrets
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

Mensaje = dict[str, str]  # {"role": "user" | "assistant" | "system", "content": ...}

CLAVE = "OPENAI_API_KEY"
_OPENAI = "https://api.openai.com/v1"
_SILENCIO_SEGUNDOS = 60.0  # lo más que se espera al primer trozo o entre dos
_CARGA_SEGUNDOS = 180.0  # un gigabyte desde un disco frío
_PRUEBA_SEGUNDOS = 20.0  # si no acaba una respuesta en esto, aquí va demasiado despacio para conversar
_INTENTOS = 3
_PIEZAS = 90  # lo que puede medir una respuesta, en piezas de palabra: en una charla basta
ELEGIDO = "UNIDAD5_PROVEEDOR"  # `openai`, `local` o `guion`: para no tomar lo primero que haya


class ErrorDelModelo(Exception):
    """No hubo respuesta. `motivo` es para el usuario; `se_puede_repetir` si es cosa de un momento."""

    def __init__(self, motivo: str, *, se_puede_repetir: bool = False) -> None:
        super().__init__(motivo)
        self.motivo = motivo
        self.se_puede_repetir = se_puede_repetir


class Proveedor(Protocol):
    """`nombre` dice en la página quién contesta. `responde` da trozos según llegan, o `ErrorDelModelo`."""

    nombre: str

    def responde(self, mensajes: Sequence[Mensaje], parar: threading.Event) -> Iterator[str]: ...

    def cierra(self) -> None: ...


class Guion:
    """A la primera pregunta, la primera respuesta... Sirve donde no hay clave ni modelo, y en las pruebas."""

    nombre = "un guion escrito de antemano (aquí no hay clave ni modelo local)"

    def __init__(self, respuestas: Sequence[str] = (), *, pausa: Callable[[], object] | None = None) -> None:
        self._respuestas = tuple(respuestas) or _GUION
        self._pausa = pausa or (lambda: time.sleep(0.02))

    def responde(self, mensajes: Sequence[Mensaje], parar: threading.Event) -> Iterator[str]:
        preguntas = [m["content"] for m in mensajes if m["role"] == "user"]
        respuesta = self._respuestas[(len(preguntas) - 1) % len(self._respuestas)]
        texto = respuesta.format(n=len(preguntas), pregunta=preguntas[-1], primera=preguntas[0])
        for palabra in texto.split(" "):
            if parar.is_set():
                return
            self._pausa()
            yield palabra + " "

    def cierra(self) -> None:
        pass


_GUION = (
    "Soy un guion, no un modelo. Me has dicho «{pregunta}». Un socket es el extremo de una conversación.",
    "Llevamos {n} preguntas; la primera fue «{primera}». Lo sé porque el servidor guarda tu conversación.",
    "Y como sigo siendo un guion, hasta aquí llega mi papel.",
)


class ModeloHttp:
    """Un modelo tras la API de OpenAI o una compatible. Usa solo la biblioteca de Python."""

    def __init__(self, base: str, clave: str, modelo: str, nombre: str) -> None:
        self.nombre = nombre
        self._base = urlsplit(base)
        self._clave = clave
        self._modelo = modelo

    def responde(self, mensajes: Sequence[Mensaje], parar: threading.Event) -> Iterator[str]:
        """Repite, esperando más cada vez, lo que falla antes del primer trozo y puede repetirse."""
        for intento in range(1, _INTENTOS + 1):
            empezado = False
            try:
                for trozo in self._una_vez(mensajes, parar):
                    empezado = True
                    yield trozo
                return
            except ErrorDelModelo as error:
                if empezado or intento == _INTENTOS or not error.se_puede_repetir:
                    raise
                if parar.wait(0.2 * 2**intento):
                    return

    def cierra(self) -> None:
        pass

    def _una_vez(self, mensajes: Sequence[Mensaje], parar: threading.Event) -> Iterator[str]:
        clase = http.client.HTTPSConnection if self._base.scheme == "https" else http.client.HTTPConnection
        linea = clase(self._base.netloc, timeout=_SILENCIO_SEGUNDOS)
        try:
            with self._pregunta(linea, mensajes) as respuesta:
                for cruda in respuesta:
                    trozo = None if parar.is_set() else _trozo(cruda)
                    if trozo is None:
                        return
                    if trozo:
                        yield trozo
        except TimeoutError as tarde:
            raise ErrorDelModelo("el modelo tarda demasiado: esta máquina, o la suya, va justa") from tarde
        except (OSError, http.client.HTTPException) as corte:
            raise ErrorDelModelo(f"no se llega al modelo ({corte})", se_puede_repetir=True) from corte
        finally:
            linea.close()

    def _pregunta(
        self, linea: http.client.HTTPConnection, mensajes: Sequence[Mensaje]
    ) -> http.client.HTTPResponse:
        cuerpo = {
            "model": self._modelo,
            "messages": list(mensajes),
            "stream": True,
            "max_tokens": _PIEZAS,
        }
        cabeceras = {"Authorization": f"Bearer {self._clave}", "Content-Type": "application/json"}
        linea.request("POST", self._base.path + "/chat/completions", json.dumps(cuerpo).encode(), cabeceras)
        respuesta = linea.getresponse()
        if respuesta.status != 200:
            respuesta.close()
            motivo, repetible = _MOTIVOS.get(respuesta.status, ("el proveedor responde con un error", False))
            repetible = repetible or respuesta.status >= 500
            raise ErrorDelModelo(f"{motivo} ({respuesta.status})", se_puede_repetir=repetible)
        return respuesta


_MOTIVOS = {
    401: ("la clave no vale", False),
    404: ("ese modelo no existe", False),
    429: ("hay demasiadas preguntas a la vez, o se acabó el saldo", True),
    503: ("el modelo está cargando", True),
}


def _trozo(cruda: bytes) -> str | None:
    """El texto de una línea de la respuesta (`data: {...}`); vacío si no trae; None si es la última."""
    linea = cruda.decode("utf-8", "replace").strip()
    if not linea.startswith("data:"):
        return ""
    dato = linea.removeprefix("data:").strip()
    if dato == "[DONE]":
        return None
    try:
        elecciones = json.loads(dato).get("choices") or [{}]
        return str(elecciones[0].get("delta", {}).get("content") or "")
    except (ValueError, AttributeError):
        raise ErrorDelModelo("el proveedor dice algo que no se entiende") from None


class ModeloLocal(ModeloHttp):
    """El modelo que trae Tertulia, en un proceso hijo de este. Carga en segundos; `cierra` lo termina."""

    def __init__(self, fichero: Path) -> None:
        from tertulia.models.local.runtime import CHILD

        clave = secrets.token_urlsafe(24)
        self._hijo = subprocess.Popen(
            [sys.executable, "-P", str(CHILD)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        try:
            direccion = self._arranca(fichero, clave)
        except BaseException:
            self.cierra()
            raise
        super().__init__(direccion + "/v1", clave, "local", f"el modelo local, {fichero.name}")

    def cierra(self) -> None:
        self._hijo.kill()
        self._hijo.wait()
        for tubo in (self._hijo.stdin, self._hijo.stdout):
            if tubo is not None:
                with suppress(OSError):
                    tubo.close()

    def _arranca(self, fichero: Path, clave: str) -> str:
        assert self._hijo.stdin is not None
        assert self._hijo.stdout is not None
        pedido = {
            "model": str(fichero), "key": clave, "parent": os.getpid(),
            "context": 4096, "slots": 2, "threads": 2, "cache_mib": 256,
        }  # fmt: skip
        freno = threading.Timer(_CARGA_SEGUNDOS, self._hijo.kill)
        freno.daemon = True
        freno.start()
        try:
            self._hijo.stdin.write(json.dumps(pedido) + "\n")
            self._hijo.stdin.flush()
            for linea in self._hijo.stdout:
                with suppress(ValueError):
                    dicho = json.loads(linea)
                    if isinstance(dicho, dict) and "address" in dicho:
                        return str(dicho["address"])
            raise ErrorDelModelo("el modelo local no ha arrancado")
        except OSError as error:
            raise ErrorDelModelo("el modelo local no ha arrancado") from error
        finally:
            freno.cancel()


def fichero_local(entorno: Mapping[str, str]) -> Path | None:
    """El fichero del modelo local, si Tertulia está instalada y ya lo ha descargado."""
    if importlib.util.find_spec("tertulia") is None or importlib.util.find_spec("xllamacpp") is None:
        return None
    from tertulia.models.local.catalogue import CATALOGUE

    carpetas = [entorno.get("TERTULIA_LOCAL__FOLDER"), entorno.get("XDG_DATA_HOME"), entorno.get("HOME")]
    finales = ("", "tertulia/models", ".local/share/tertulia/models")
    for carpeta, final in zip(carpetas, finales, strict=True):
        if carpeta:
            fichero = Path(carpeta) / final / CATALOGUE[0].file
            if fichero.is_file() and fichero.stat().st_size == CATALOGUE[0].bytes:
                return fichero
    return None


def que_hay(entorno: Mapping[str, str] | None = None) -> str:
    """`openai`, `local` o `guion`: lo primero que se encuentra."""
    entorno = os.environ if entorno is None else entorno
    if pedido := entorno.get(ELEGIDO):
        return pedido
    if entorno.get(CLAVE):
        return "openai"
    return "local" if fichero_local(entorno) else "guion"


def elige(entorno: Mapping[str, str] | None = None) -> Proveedor:
    """El primero de los tres que haya. Si el modelo local no arranca o no responde a tiempo, el guion."""
    entorno = os.environ if entorno is None else entorno
    que = que_hay(entorno)
    if que == "openai" and (clave := entorno.get(CLAVE)):
        modelo = entorno.get("OPENAI_MODEL", "gpt-4o-mini")
        base = entorno.get("OPENAI_BASE_URL", _OPENAI)
        return ModeloHttp(base, clave, modelo, f"{modelo}, por la API de OpenAI")
    if que == "local" and (fichero := fichero_local(entorno)):
        with suppress(ErrorDelModelo, socket.timeout):
            local = ModeloLocal(fichero)
            if conversa(local):
                return local
            local.cierra()
        lento = Guion()
        lento.nombre = "un guion escrito de antemano (el modelo local va demasiado despacio en esta máquina)"
        return lento
    return Guion()


def conversa(proveedor: Proveedor, segundos: float = _PRUEBA_SEGUNDOS) -> bool:
    """Cierto si da una respuesta **entera** en este tiempo. Una primera palabra no basta: al modelo le van a
    preguntar dos a la vez, y cada respuesta tiene un plazo."""
    parar, acabada = threading.Event(), threading.Event()

    def escucha() -> None:
        with suppress(ErrorDelModelo):
            pregunta = {"role": "user", "content": "¿Qué es un socket? Dilo en una frase."}
            if "".join(proveedor.responde([pregunta], parar)) and not parar.is_set():
                acabada.set()

    threading.Thread(target=escucha, daemon=True).start()
    a_tiempo = acabada.wait(segundos)
    parar.set()
    return a_tiempo
