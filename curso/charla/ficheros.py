"""Enviar un fichero por TCP: con su suma, y siguiendo por donde se cortó.

Aquí va el protocolo, que son dos líneas y luego bytes. No va aquí ninguna charla.

Quien quiere el fichero dice `PIDE nombre desde`; quien lo tiene responde `TIENE bytes sha256` y los bytes
desde ahí, o `NO motivo`. La suma es de todo el fichero: así se sabe si lo de ayer y lo de hoy encajan.
"""

from __future__ import annotations

import contextlib
import hashlib
import socket
import threading
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

_TROZO_BYTES = 16_384
_ESPERA_SEGUNDOS = 60.0
_FICHERO_BYTES = 1 << 30  # lo que aceptamos que nos digan que mide


class Estropeado(ValueError):
    """Lo recibido no es lo que se pidió: la suma no coincide, o no hay tal fichero."""


class ServidorFicheros:
    """Da los ficheros de una carpeta, y solo de ella. `corta_en`: cuelga una vez tras esos bytes."""

    def __init__(self, carpeta: Path, *, corta_en: int | None = None) -> None:
        self._carpeta = carpeta
        self._corta_en = corta_en
        self._escucha = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._acepta, name="ficheros", daemon=True).start()

    @property
    def direccion(self) -> tuple[str, int]:
        anfitrion, puerto = self._escucha.getsockname()[:2]
        return anfitrion, puerto

    def cierra(self) -> None:
        with contextlib.suppress(OSError):
            self._escucha.shutdown(socket.SHUT_RDWR)
        self._escucha.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.cierra()

    def _acepta(self) -> None:
        while True:
            try:
                enchufe, _ = self._escucha.accept()
            except OSError:
                return
            threading.Thread(target=self._atiende, args=(enchufe,), daemon=True).start()

    def _atiende(self, enchufe: socket.socket) -> None:
        enchufe.settimeout(_ESPERA_SEGUNDOS)
        # Lo que no se entiende (`ValueError`) se cuelga sin más, como lo que se corta.
        with contextlib.suppress(OSError, ValueError), enchufe, enchufe.makefile("rb") as entrada:
            orden, nombre, desde = entrada.readline(1000).decode("utf-8", "replace").split()
            fichero = self._carpeta / nombre
            # Un nombre como ../../clave saldría de la carpeta: solo valen nombres, no caminos.
            if orden != "PIDE" or Path(nombre).name != nombre or not fichero.is_file() or not desde.isdigit():
                enchufe.sendall(b"NO hay tal fichero\n")
                return
            with fichero.open("rb") as datos:
                suma = hashlib.file_digest(datos, "sha256").hexdigest()
                enchufe.sendall(f"TIENE {fichero.stat().st_size} {suma}\n".encode())
                datos.seek(int(desde))
                self._envia(enchufe, datos)

    def _envia(self, enchufe: socket.socket, datos: BinaryIO) -> None:
        enviados = 0
        while trozo := datos.read(_TROZO_BYTES):
            if self._corta_en is not None and enviados + len(trozo) > self._corta_en:
                enchufe.sendall(trozo[: self._corta_en - enviados])
                self._corta_en = None
                return
            enchufe.sendall(trozo)
            enviados += len(trozo)


def pide(direccion: tuple[str, int], nombre: str, destino: Path) -> tuple[int, int]:
    """Trae el fichero a `destino`, siguiendo por lo que ya haya. Devuelve (bytes que había, bytes traídos).

    `ConnectionError` si se cortó (vuelve a llamar y seguirá); `Estropeado` si lo traído no vale, y lo borra.
    """
    habia = destino.stat().st_size if destino.exists() else 0
    with (
        socket.create_connection(direccion, timeout=_ESPERA_SEGUNDOS) as enchufe,
        enchufe.makefile("rb") as entrada,
    ):
        enchufe.sendall(f"PIDE {nombre} {habia}\n".encode())
        respuesta = entrada.readline(1000).decode().split()
        if len(respuesta) != 3 or respuesta[0] != "TIENE" or not 0 <= int(respuesta[1]) <= _FICHERO_BYTES:
            raise Estropeado(" ".join(respuesta))
        total, suma = int(respuesta[1]), respuesta[2]
        traidos = 0
        with destino.open("ab") as salida:
            while habia + traidos < total:
                trozo = entrada.read(min(_TROZO_BYTES, total - habia - traidos))
                if not trozo:
                    raise ConnectionError(f"se cortó a los {habia + traidos} bytes de {total}")
                salida.write(trozo)
                traidos += len(trozo)
    with destino.open("rb") as datos:
        if hashlib.file_digest(datos, "sha256").hexdigest() != suma:
            destino.unlink()
            raise Estropeado("la suma no coincide: lo que había no era el principio de este fichero")
    return habia, traidos
