"""La sala: quién está, cómo se llama, y qué oye cada uno. El protocolo de la charla, sin sockets ni hilos.

Aquí va lo que se dice y a quién. No va aquí cómo llega: lo hacen tres servidores distintos con esta misma
sala (`servidor.py`, `servidor_selectores.py`, `servidor_asyncio.py`), y otro en Java.

El servidor pregunta `¿Cómo te llamas?`; la primera línea que vale como nombre hace entrar. Desde ahí cada
línea se dice a todos como `<nombre> texto`. Lo que dice el servidor empieza por `* `. `/quien` y `/salir`.
"""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

PREGUNTA = "¿Cómo te llamas?"
NOMBRE_LETRAS = 20
CIERRE = "* El servidor cierra. Hasta luego."
LLENA = "* La sala está llena. Prueba más tarde."
OCIOSO = "* Llevas mucho tiempo en silencio. Hasta luego."
LARGA = "* Esa línea es demasiado larga. Hasta luego."


class Envio(NamedTuple):
    """Una línea para un cliente; si `texto` es None, hay que cerrar su conexión."""

    a: int
    texto: str | None


def nombre_valido(nombre: str) -> bool:
    """Letras, cifras, guion y guion bajo; empieza por letra."""
    return (
        0 < len(nombre) <= NOMBRE_LETRAS
        and nombre[0].isalpha()
        and all(letra.isalnum() or letra in "-_" for letra in nombre)
    )


class Sala:
    """El estado de la charla. Quien la use desde varios hilos, que la proteja con un cerrojo.

    A cada conexión se la conoce por un número que da quien llama. Cada método devuelve lo que hay que enviar,
    en orden.
    """

    def __init__(self) -> None:
        self._nombres: dict[int, str | None] = {}  # None: todavía no ha dicho su nombre

    def presentes(self) -> list[str]:
        """Los nombres de los que ya hablan, por orden alfabético."""
        return sorted(nombre for nombre in self._nombres.values() if nombre is not None)

    def llega(self, quien: int) -> list[Envio]:
        self._nombres[quien] = None
        return [Envio(quien, PREGUNTA)]

    def recibe(self, quien: int, linea: str) -> list[Envio]:
        """Lo que provoca una línea de este cliente. De uno que ya no está, nada."""
        if quien not in self._nombres:
            return []
        nombre = self._nombres[quien]
        if nombre is None:
            return self._bautiza(quien, unicodedata.normalize("NFC", linea.strip()))
        if linea == "/salir":
            return [*self.se_va(quien), Envio(quien, "* Hasta luego."), Envio(quien, None)]
        if linea == "/quien":
            return [Envio(quien, "* Están: " + ", ".join(self.presentes()))]
        return self._a_todos(f"<{nombre}> {linea}") if linea.strip() else []

    def se_va(self, quien: int) -> list[Envio]:
        """Se fue, lo haya dicho o no. Decirlo dos veces no hace nada la segunda."""
        nombre = self._nombres.pop(quien, None)
        return self._a_todos(f"* {nombre} se va") if nombre is not None else []

    def _bautiza(self, quien: int, nombre: str) -> list[Envio]:
        if not nombre_valido(nombre):
            queja = f"* Ese nombre no vale: una letra y hasta {NOMBRE_LETRAS} letras, cifras, - o _."
            return [Envio(quien, queja), Envio(quien, PREGUNTA)]
        if nombre.casefold() in (otro.casefold() for otro in self.presentes()):
            return [Envio(quien, f"* Ya hay alguien que se llama {nombre}."), Envio(quien, PREGUNTA)]
        antes = self._a_todos(f"* {nombre} entra")
        self._nombres[quien] = nombre
        return [Envio(quien, f"* Hola, {nombre}. Están: {', '.join(self.presentes())}"), *antes]

    def _a_todos(self, texto: str) -> list[Envio]:
        return [Envio(quien, texto) for quien, nombre in self._nombres.items() if nombre is not None]
