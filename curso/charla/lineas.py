"""De un chorro de bytes a líneas enteras, con un límite: lo que todo servidor de texto necesita.

Aquí va el corte y la codificación, que son puros. No va aquí ningún socket.
"""

from __future__ import annotations

LINEA_BYTES = 1024  # más que cualquier frase, y poco para quien quiera llenarnos la memoria


class LineaLarga(ValueError):
    """Alguien envía más de `LINEA_BYTES` sin acabar la línea."""


class Lineas:
    """Guarda el trozo de línea que aún no ha terminado; da las que ya están enteras.

    Se corta por bytes y se traduce después: el salto de línea (`\\n`) no aparece nunca dentro de una letra de
    UTF-8, así que una letra partida entre dos lecturas vuelve a juntarse sola.
    """

    def __init__(self, limite: int = LINEA_BYTES) -> None:
        self._resto = b""
        self._limite = limite

    def mete(self, trozo: bytes) -> list[str]:
        """Las líneas que este trozo completa, sin su salto. `LineaLarga` si alguna pasa del límite."""
        *enteras, self._resto = (self._resto + trozo).split(b"\n")
        if max(len(linea) for linea in (*enteras, self._resto)) > self._limite:
            raise LineaLarga(f"una línea de más de {self._limite} bytes")
        return [linea.removesuffix(b"\r").decode("utf-8", "replace") for linea in enteras]


def bytes_de(linea: str) -> bytes:
    """Una línea como viaja. Los saltos de dentro se vuelven espacios: uno no cuela dos líneas en una."""
    return linea.replace("\r", " ").replace("\n", " ").encode("utf-8") + b"\n"
