"""El laboratorio de la Unidad 5: lo que deja ver los hilos y la red.

Aquí va lo que los cuadernos importan más. No va aquí ninguna lección: esas están en los cuadernos.
"""

from laboratorio.avisos import Aviso, Falta, ensena, intenta, si_se_puede
from laboratorio.dibujo import Dibujo
from laboratorio.hilos import arranca, di, espera
from laboratorio.testigo import EsperaAgotada, Interbloqueo, Testigo

__all__ = [
    "Aviso",
    "Dibujo",
    "EsperaAgotada",
    "Falta",
    "Interbloqueo",
    "Testigo",
    "arranca",
    "di",
    "ensena",
    "espera",
    "intenta",
    "si_se_puede",
]
