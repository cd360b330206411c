"""Las soluciones de los ejercicios hacen lo que el ejercicio pide. No van aquí las de la tarea."""

from __future__ import annotations

import itertools
import json
import random
import threading
from collections.abc import Iterator, Sequence

import pytest

from charla.lineas import Lineas
from charla.modelo import ErrorDelModelo, Guion, Mensaje
from laboratorio import Testigo, arranca
from soluciones import gpt, hilos, sockets


def test_el_puente() -> None:
    testigo = Testigo()
    puente = hilos.Puente(testigo)
    quienes = [testigo.Thread(puente.peaton, name=f"peatón {n}", args=(0.02,)) for n in range(5)]
    quienes += [testigo.Thread(puente.coche, name=f"coche {n}", args=(0.01,)) for n in range(2)]
    arranca(quienes)
    assert testigo.maximo_a_la_vez("acera") <= hilos.PEATONES
    assert testigo.maximo_a_la_vez("paso") == 1
    assert puente.dentro == 0


def test_el_despertador_salta_y_para() -> None:
    cuenta, bastantes = itertools.count(1), threading.Event()
    reloj = hilos.Periodico(0.001, lambda: bastantes.set() if next(cuenta) >= 3 else None)
    reloj.start()
    assert bastantes.wait(60)
    reloj.stop()
    assert not reloj._hilo.is_alive()


def test_los_filosofos() -> None:
    assert "espera" in (hilos.filosofos("mal").explica() or "")
    assert not hilos.filosofos("orden").explica()
    assert not hilos.filosofos("comensales").explica()


def test_el_eco_byte_a_byte() -> None:
    eco, lineas = sockets.EcoConMemoria(), Lineas()
    dichas = [linea for byte in "año\nsol\nfin\n".encode() for linea in lineas.mete(bytes([byte]))]
    assert [eco.responde(linea) for linea in dichas] == ["oña", "los", "fueron 2"]


@pytest.mark.parametrize(
    ("pedido", "esperado"),
    [
        ('{"op": "+", "a": 2, "b": 3}', {"resultado": 5.0}),
        ('{"op": "/", "a": 2, "b": 0}', {"error": "no se divide entre cero"}),
        ('{"op": "^", "a": 2, "b": 0}', {"error": "no lo entiendo: envía op, a y b"}),
        ("[]", {"error": "no lo entiendo: envía op, a y b"}),
        ("{", {"error": "no lo entiendo: envía op, a y b"}),
    ],
)
def test_la_calculadora(pedido: str, esperado: dict[str, object]) -> None:
    assert json.loads(sockets.calcula(pedido.encode())) == esperado


def test_la_ventana_de_dos() -> None:
    ventana = sockets.VentanaDeDos(4, plazo=1.0)
    assert ventana.toca_enviar(0.0) == [0, 1]
    assert ventana.toca_enviar(0.5) == []
    ventana.acuse(0)
    assert ventana.toca_enviar(0.6) == [2]
    assert ventana.toca_enviar(1.2) == [1]
    ventana.acuse(2)
    assert ventana.toca_enviar(1.3) == [3]
    ventana.acuse(3)
    assert ventana.acabado


def test_cada_frase_en_su_sala() -> None:
    sala = sockets.SalaConSalas()
    for numero, nombre in enumerate(("ana", "beto", "carla")):
        sala.llega(numero)
        sala.recibe(numero, nombre)
    for numero in (0, 2):
        sala.recibe(numero, "/sala jardín")
    assert [e.a for e in sala.recibe(0, "hola")] == [0, 2]
    assert [e.a for e in sala.recibe(1, "hola")] == [1]


def test_el_freno() -> None:
    freno = sockets.Freno()
    assert [freno.deja(0.0) for _ in range(11)] == [True] * 10 + [False]
    assert freno.deja(0.2)
    assert not freno.deja(0.2)


def test_las_esperas_crecen_y_no_coinciden() -> None:
    una = list(itertools.islice(sockets.esperas(random.Random(1)), 9))
    assert all(0.5 * b <= e <= b for e, b in zip(una, (1, 2, 4, 8, 16, 32, 60, 60, 60), strict=True))
    assert una != list(itertools.islice(sockets.esperas(random.Random(2)), 9))


def test_el_colchon_y_el_orden() -> None:
    assert sockets.colchon(60, tarde=3, de=50) == 80
    assert sockets.colchon(60, tarde=0, de=50) == 55
    assert sockets.colchon(60, tarde=1, de=50) == 60
    assert sockets.guardados([0, 1, 2]) == 0
    assert sockets.guardados([1, 2, 0, 3]) == 2


class Roto:
    nombre = "roto"

    def responde(self, mensajes: Sequence[Mensaje], parar: threading.Event) -> Iterator[str]:
        raise ErrorDelModelo("no puede ser")
        yield ""

    def cierra(self) -> None:
        pass


def test_el_gasto_y_el_suplente() -> None:
    gasto = gpt.Gasto(5)
    assert gasto.cabe([{"role": "user", "content": "una dos tres"}])
    gasto.recibe("cuatro")
    assert not gasto.cabe([{"role": "user", "content": "cinco seis"}])
    hora = [0.0]
    doble = gpt.ConSuplente(Roto(), Guion(("yo sí",), pausa=lambda: None), lambda: hora[0])
    pregunta: list[Mensaje] = [{"role": "user", "content": "¿?"}]
    for _ in range(gpt.FALLOS):
        with pytest.raises(ErrorDelModelo):
            list(doble.responde(pregunta, threading.Event()))
    assert "".join(doble.responde(pregunta, threading.Event())) == "yo sí "
    assert "guion" in doble.nombre
    hora[0] = gpt.DESCANSO_SEGUNDOS
    assert doble.nombre == "roto"


def test_a_quien_se_contesta() -> None:
    lola = gpt.Educado("lola")
    assert lola.contesta("ana", "lola: hola")
    assert not lola.contesta("ana", "lola: ¿y ahora?")
    assert not lola.contesta("beto", "hola a todos")
    assert lola.contesta("ana", "Lola, ¿y ahora?")
