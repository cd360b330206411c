"""Abrir el socket que escucha: lo mismo en los tres servidores. No va aquí qué se hace con quien llega."""

from __future__ import annotations

import socket

GUARDA_BYTES = 65_536  # lo que el sistema guarda a quien lee despacio; lo suyo serían megabytes por cada uno
COLA = 128  # quienes pueden estar llamando a la vez mientras aceptamos


def abre(direccion: tuple[str, int]) -> socket.socket:
    """Escucha ahí, con el puerto utilizable otra vez en cuanto se cierre. `OSError` si está ocupado."""
    escucha = socket.create_server(direccion, backlog=COLA)
    escucha.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, GUARDA_BYTES)  # lo heredan los que se acepten
    # Sin esto TCP junta lo pequeño y espera el acuse de lo anterior, que el otro puede demorar 40 ms: para un
    # fichero conviene, para una frase no.
    escucha.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return escucha
