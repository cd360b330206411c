"""`python -m tarea.calificador servidor.py`, o `... --clase entregas --salida notas`.

Aquí va la orden. No va aquí lo que hace: eso es `nota.py` y `clase.py`.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tarea.calificador.clase import califica_clase
from tarea.calificador.nota import califica, informe
from tarea.calificador.programa import sin_limite


def main() -> int:
    orden = argparse.ArgumentParser(prog="calificador", description="Corrige la tarea de la Unidad 5.")
    orden.add_argument("programa", nargs="?", type=Path, help="tu servidor: un .py o un .java")
    orden.add_argument("--clase", type=Path, help="una carpeta con las entregas de todos")
    orden.add_argument("--salida", type=Path, default=Path("notas"), help="dónde van el CSV y los informes")
    pedido = orden.parse_args()
    for aviso in sin_limite():
        print(f"⚠ {aviso}", file=sys.stderr)
    if pedido.clase:
        resumen = califica_clase(
            pedido.clase, pedido.salida,
            avisa=lambda alumno, nota: print(f"{alumno}: {nota.puntos} de {nota.maximo}", flush=True),
        )  # fmt: skip
        print(f"Notas en {resumen}; un informe por alumno al lado.")
        return 0
    if pedido.programa is None:
        orden.error("di qué programa, o qué carpeta con --clase")
    nota = califica(pedido.programa)
    print(informe(nota), end="")
    return 0 if nota.puntos == nota.maximo else 1


if __name__ == "__main__":
    sys.exit(main())
