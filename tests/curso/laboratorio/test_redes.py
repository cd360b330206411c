"""El relé, la grabadora, la captura y el cable hacen lo que dicen, con semilla.

Aquí van los caminos malos. No van aquí sus dibujos (`test_dibujos.py`).
"""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable

import pytest

from laboratorio.avisos import Aviso, Falta, intenta, si_se_puede
from laboratorio.azar import Azar, Estropicio
from laboratorio.cable import experimento
from laboratorio.captura import Captura, lee
from laboratorio.grabadora import Grabadora
from laboratorio.rele import Rele


def hasta_que(cierto: Callable[[], object]) -> None:
    reloj = threading.Event()
    for _ in range(12_000):
        if cierto():
            return
        reloj.wait(0.005)
    raise AssertionError("no llegó a ocurrir")


# --- La suerte --------------------------------------------------------------------------------------------


def test_la_misma_semilla_da_la_misma_suerte() -> None:
    malo = Estropicio(perdida=0.3, duplicado=0.3, desorden=0.3, retraso_ms=1, variacion_ms=2)
    uno, otro = Azar(malo, 7), Azar(malo, 7)
    destinos = [uno.destino() for _ in range(200)]
    assert destinos == [otro.destino() for _ in range(200)]
    assert {len(d) for d in destinos} == {0, 1, 2}
    assert 40 <= sum(not d for d in destinos) <= 80


def test_cambiar_la_perdida_no_cambia_el_resto() -> None:
    poco = [Azar(Estropicio(perdida=0.1, variacion_ms=5), 3).destino() for _ in range(1)]
    mas = [Azar(Estropicio(perdida=0.0, variacion_ms=5), 3).destino() for _ in range(1)]
    assert poco == mas


@pytest.mark.parametrize("mal", [{"perdida": 1.5}, {"duplicado": -0.1}, {"retraso_ms": -1}])
def test_un_estropicio_imposible_se_rechaza(mal: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"parte|negativo"):
        Estropicio(**mal)


# --- El relé ----------------------------------------------------------------------------------------------


def test_el_rele_lleva_y_trae() -> None:
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as eco,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as yo,
    ):
        eco.bind(("127.0.0.1", 0))
        eco.settimeout(60)
        yo.settimeout(60)
        with Rele(eco.getsockname(), Estropicio(), semilla=1) as rele:
            yo.sendto(b"hola", rele.direccion)
            datos, quien = eco.recvfrom(100)
            eco.sendto(datos.upper(), quien)
            assert yo.recv(100) == b"HOLA"
            assert [(p.sentido, p.datos, p.perdido) for p in rele.pasos] == [
                ("ida", b"hola", False),
                ("vuelta", b"HOLA", False),
            ]


def test_el_rele_pierde_duplica_y_no_se_cuelga() -> None:
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as eco,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as yo,
    ):
        eco.bind(("127.0.0.1", 0))
        eco.settimeout(60)
        malo = Estropicio(perdida=0.4, duplicado=0.3, retraso_ms=60_000)
        with Rele(eco.getsockname(), malo, semilla=2) as rele:
            for n in range(50):
                yo.sendto(b"%d" % n, rele.direccion)
            hasta_que(lambda: len(rele.pasos) == 50)
            salidas = [len(p.salidas) for p in rele.pasos]
            assert {0, 1, 2} == set(salidas)
        rele.cierra()


# --- La grabadora -----------------------------------------------------------------------------------------


def test_la_grabadora_apunta_lo_que_pasa() -> None:
    with socket.create_server(("127.0.0.1", 0)) as servidor, Grabadora(servidor.getsockname()) as cinta:
        with socket.create_connection(cinta.direccion, timeout=60) as cliente:
            otro, _ = servidor.accept()
            with otro:
                cliente.sendall("¿hola?\n".encode())
                assert otro.recv(100) == "¿hola?\n".encode()
                otro.sendall(b"hola\n")
                assert cliente.recv(100) == b"hola\n"
        hasta_que(lambda: sum(s.texto == "(cierra)" for s in cinta.sucesos) == 2)
        assert [(s.de, s.texto) for s in cinta.sucesos[:3]] == [
            ("cliente", "(conecta)"),
            ("cliente", "¿hola?"),
            ("servidor", "hola"),
        ]


# --- La captura -------------------------------------------------------------------------------------------


def paquete(banderas: int, datos: bytes = b"") -> bytes:
    tcp = struct.pack("!HHIIHHHH", 5000, 6000, 100, 200, (5 << 12) | banderas, 64, 0, 0) + datos
    ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(tcp), 0, 0, 64, 6, 0, b"\x7f\0\0\1", b"\x7f\0\0\1")
    return b"\0" * 12 + b"\x08\x00" + ip + tcp


def test_se_leen_las_cabeceras() -> None:
    segmento = lee(paquete(0x18, b"hola") + b"relleno", 1.5)
    assert segmento is not None
    assert (segmento.origen, segmento.destino, segmento.datos) == (5000, 6000, 4)
    assert segmento.banderas == ("ACK", "PSH")
    assert lee(b"\0" * 60, 0.0) is None
    assert lee(paquete(2)[:40], 0.0) is None


def test_el_saludo_de_tres_pasos_se_ve() -> None:
    with socket.create_server(("127.0.0.1", 0)) as servidor:
        puerto = servidor.getsockname()[1]
        try:
            captura = Captura(puerto)
        except Falta as falta:
            pytest.skip(str(falta))
        with captura:
            with socket.create_connection(("127.0.0.1", puerto), timeout=60):
                servidor.accept()[0].close()
            hasta_que(lambda: len(captura.segmentos) >= 5)
    textos = [s.texto for s in captura.sucesos()]
    assert textos[:3] == ["SYN sec=0", "SYN ACK sec=0 acuse=1", "ACK sec=1 acuse=1"]


# --- El cable ---------------------------------------------------------------------------------------------


def test_por_un_cable_malo_tcp_llega_entero_y_udp_no() -> None:
    medido = intenta(lambda: experimento(perdida=0.1, paquetes=100, semilla=3))
    if isinstance(medido, Aviso):
        pytest.skip(medido.texto)
    assert medido["tcp"]["integro"]
    assert medido["tcp"]["bytes"] == 100_000
    assert medido["tcp"]["retransmitidos"] > 0
    assert len(medido["udp"]["recibidos"]) < 100


def test_lo_que_falta_se_dice_y_se_sigue(capsys: pytest.CaptureFixture[str]) -> None:
    with si_se_puede():
        raise Falta("aquí no hay Java")
    assert capsys.readouterr().out == "⚠ aquí no hay Java\n"
    assert 'class="aviso"' in Aviso("a < b")._repr_html_()
