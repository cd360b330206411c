"""`python -m taller`: construye el curso y dice dónde está. No va aquí cómo: eso es `sitio.py`."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from taller.ejecucion import CuadernoFallido
from taller.lugares import SALIDA
from taller.sitio import construye


def main() -> int:
    orden = argparse.ArgumentParser(prog="taller", description="Construye el curso de la Unidad 5.")
    orden.add_argument("--salida", type=Path, default=SALIDA, help="carpeta en la que se construye")
    orden.add_argument("--sin-ejecutar", action="store_true", help="solo el texto, sin resultados")
    pedido = orden.parse_args()
    comienzo = time.monotonic()
    try:
        hechos = construye(pedido.salida.resolve(), ejecutar=not pedido.sin_ejecutar)
    except (CuadernoFallido, RuntimeError, ValueError) as error:
        print(f"El curso no se ha podido construir.\n{error}", file=sys.stderr)
        return 1
    for hecho in hechos:
        como = f"{hecho.segundos:5.1f} s" if hecho.segundos else "ya estaba"
        print(f"  {hecho.nombre:22} {como}")
    print(f"El curso está construido ({time.monotonic() - comienzo:.0f} s). Ábrelo en el navegador:")
    print(f"  {(pedido.salida.resolve() / 'html' / 'index.html').as_uri()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
