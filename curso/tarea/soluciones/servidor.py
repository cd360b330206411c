"""Una solución de la tarea en Python, como la escribiría un buen alumno: hilos, y una cola por cliente.

Aquí va todo en un fichero, porque así se entrega. No se reparte a los alumnos.
"""

from __future__ import annotations

import os
import queue
import signal
import socket
import sys
import threading

LINEA_BYTES = 4096
POR_ENVIAR = 200

guardia = threading.Lock()
colas: dict[str, queue.Queue[str | None]] = {}  # por nombre: solo quien ya lo ha dicho
enchufes: dict[str, socket.socket] = {}


def lineas(enchufe):
    """Las líneas enteras que llegan; se corta por bytes y se traduce después."""
    resto = b""
    while trozo := enchufe.recv(1024):
        *enteras, resto = (resto + trozo).split(b"\n")
        if len(resto) > LINEA_BYTES:
            return
        for linea in enteras:
            yield linea.decode("utf-8", "replace").rstrip("\r")


def corta(enchufe):
    try:
        enchufe.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass


def a_todos(texto):
    with guardia:
        for nombre, cola in colas.items():
            try:
                cola.put_nowait(texto)
            except queue.Full:
                corta(enchufes[nombre])


def escribe(enchufe, cola):
    try:
        while (texto := cola.get()) is not None:
            enchufe.sendall((texto + "\n").encode())
    except OSError:
        pass
    corta(enchufe)


def bautiza(enchufe, entrada):
    """Pregunta hasta que el nombre vale; None si se va antes."""
    enchufe.sendall("¿Cómo te llamas?\n".encode())
    for linea in entrada:
        nombre = linea.strip()
        with guardia:
            if nombre and nombre not in colas:
                colas[nombre] = queue.Queue(POR_ENVIAR)
                enchufes[nombre] = enchufe
                return nombre
        enchufe.sendall("* Ese nombre no vale. ¿Cómo te llamas?\n".encode())
    return None


def atiende(enchufe):
    nombre = None
    try:
        entrada = lineas(enchufe)
        nombre = bautiza(enchufe, entrada)
        if nombre is None:
            return
        threading.Thread(target=escribe, args=(enchufe, colas[nombre]), daemon=True).start()
        a_todos(f"* {nombre} entra")
        for linea in entrada:
            a_todos(f"<{nombre}> {linea}")
    except OSError:
        pass
    finally:
        if nombre is not None:
            with guardia:
                colas.pop(nombre).put(None) if not colas[nombre].full() else colas.pop(nombre)
                enchufes.pop(nombre)
            a_todos(f"* {nombre} se va")
        enchufe.close()


def termina(*_):
    for enchufe in list(enchufes.values()):
        try:
            enchufe.settimeout(0.5)
            enchufe.sendall(b"* El servidor cierra\n")
        except OSError:
            pass
        corta(enchufe)
    os._exit(0)


def main():
    signal.signal(signal.SIGTERM, termina)
    signal.signal(signal.SIGINT, termina)
    escucha = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=128)
    while True:
        enchufe, _ = escucha.accept()
        threading.Thread(target=atiende, args=(enchufe,), daemon=True).start()


main()
