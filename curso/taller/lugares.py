"""Dónde está cada cosa del curso y qué se llama cómo. No va aquí qué se hace con ello."""

from __future__ import annotations

from pathlib import Path

CURSO = Path(__file__).resolve().parents[1]
RAIZ = CURSO.parent
LIBRO = CURSO / "libro"
SALIDA = RAIZ / "build" / "curso"

# Los cuadernos de la unidad, con los nombres de su documento, y quién conversa con quién.
CUADERNOS = (
    "HilosPython2.0",
    "SocketsBasicoPython",
    "SocketsServerPython",
    "SocketsClientePython",
    "SocketsServerJava",
    "SocketsClienteJava",
    "GPTChatServer",
    "GPTChatClient",
)
PAREJAS = {
    "SocketsServerPython": "SocketsClientePython",
    "SocketsServerJava": "SocketsClienteJava",
    "GPTChatServer": "GPTChatClient",
}
# Lo que se lleva un alumno además de los cuadernos: carpetas de `curso/`. Las soluciones no están.
PARA_LLEVAR = ("laboratorio", "charla", "java", "tarea")
