"""La sala y las líneas, que son puras: qué oye cada uno, y qué pasa con las letras partidas.

Aquí va el protocolo. No van aquí los servidores (`test_servidores.py`).
"""

from __future__ import annotations

import pytest

from charla.lineas import LineaLarga, Lineas, bytes_de
from charla.sala import PREGUNTA, Envio, Sala

MENSAJE = "<ana> ¿cañón? 🎈\r\n<beto> sí\n"


@pytest.mark.parametrize("tamano", [1, 2, 3, 7, 1000])
def test_las_letras_partidas_se_juntan(tamano: int) -> None:
    lineas, datos = Lineas(), MENSAJE.encode()
    trozos = [datos[n : n + tamano] for n in range(0, len(datos), tamano)]
    assert [linea for trozo in trozos for linea in lineas.mete(trozo)] == ["<ana> ¿cañón? 🎈", "<beto> sí"]


def test_lo_que_no_acaba_espera_y_lo_largo_se_rechaza() -> None:
    lineas = Lineas(limite=10)
    assert lineas.mete(b"0123456789") == []
    with pytest.raises(LineaLarga):
        lineas.mete(b"0")
    with pytest.raises(LineaLarga):
        Lineas(limite=3).mete(b"0123\n")


def test_lo_que_no_es_utf8_no_rompe_nada_y_no_se_cuelan_lineas() -> None:
    assert Lineas().mete(b"\xff\xfe hola\n") == ["�� hola"]
    assert bytes_de("una\ndos\r") == b"una dos \n"


def entrada(sala: Sala, *nombres: str) -> None:
    for numero, nombre in enumerate(nombres):
        sala.llega(numero)
        sala.recibe(numero, nombre)


def test_se_pregunta_el_nombre_y_se_anuncia() -> None:
    sala = Sala()
    entrada(sala, "ana")
    assert sala.llega(1) == [Envio(1, PREGUNTA)]
    assert sala.recibe(1, " beto ") == [Envio(1, "* Hola, beto. Están: ana, beto"), Envio(0, "* beto entra")]
    assert sala.presentes() == ["ana", "beto"]


@pytest.mark.parametrize("nombre", ["", "   ", "2ana", "ana maría", "x" * 21, "<ana>", "*"])
def test_un_nombre_que_no_vale_se_vuelve_a_pedir(nombre: str) -> None:
    sala = Sala()
    sala.llega(0)
    assert sala.recibe(0, nombre)[-1] == Envio(0, PREGUNTA)
    assert sala.presentes() == []


def test_dos_no_se_llaman_igual() -> None:
    sala = Sala()
    entrada(sala, "Iñigo", "iÑIGO")
    assert sala.presentes() == ["Iñigo"]


def test_lo_dicho_llega_a_todos_los_que_tienen_nombre() -> None:
    sala = Sala()
    entrada(sala, "ana", "beto")
    sala.llega(2)
    assert sala.recibe(0, "hola") == [Envio(0, "<ana> hola"), Envio(1, "<ana> hola")]
    assert sala.recibe(0, "  ") == []
    assert sala.recibe(1, "/quien") == [Envio(1, "* Están: ana, beto")]


def test_irse_se_cuenta_una_vez() -> None:
    sala = Sala()
    entrada(sala, "ana", "beto")
    assert sala.recibe(0, "/salir") == [Envio(1, "* ana se va"), Envio(0, "* Hasta luego."), Envio(0, None)]
    assert sala.se_va(0) == []
    assert sala.recibe(0, "¿sigo?") == []
