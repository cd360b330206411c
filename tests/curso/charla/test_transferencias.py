"""Los ficheros llegan enteros aunque se corten, y la voz se oye aunque falten tramas.

Aquí van `ficheros.py` y `voz.py`. No va aquí la charla.
"""

from __future__ import annotations

import array
import itertools
import socket
import threading
from pathlib import Path

import pytest

from charla import voz
from charla.ficheros import Estropeado, ServidorFicheros, pide


def test_un_fichero_sigue_por_donde_se_corto(tmp_path: Path) -> None:
    (tmp_path / "foto").write_bytes(bytes(range(256)) * 1000)
    destino = tmp_path / "copia"
    with ServidorFicheros(tmp_path, corta_en=100_000) as servidor:
        with pytest.raises(ConnectionError, match="100000 bytes de 256000"):
            pide(servidor.direccion, "foto", destino)
        assert pide(servidor.direccion, "foto", destino) == (100_000, 156_000)
        assert pide(servidor.direccion, "foto", destino) == (256_000, 0)
    assert destino.read_bytes() == (tmp_path / "foto").read_bytes()


def test_lo_que_no_encaja_se_tira(tmp_path: Path) -> None:
    (tmp_path / "foto").write_bytes(b"la buena")
    destino = tmp_path / "copia"
    destino.write_bytes(b"mala")
    with ServidorFicheros(tmp_path) as servidor:
        with pytest.raises(Estropeado, match="suma"):
            pide(servidor.direccion, "foto", destino)
        assert not destino.exists()
        assert pide(servidor.direccion, "foto", destino) == (0, 8)


@pytest.mark.parametrize("nombre", ["../secreto", "no-existe", "/etc/passwd"])
def test_no_se_sale_de_la_carpeta(tmp_path: Path, nombre: str) -> None:
    (tmp_path / "secreto").write_text("clave")
    (tmp_path / "publico").mkdir()
    with ServidorFicheros(tmp_path / "publico") as servidor, pytest.raises(Estropeado, match="NO"):
        pide(servidor.direccion, nombre, tmp_path / "x")


def llegada(numero: int, tardo: float) -> voz.Llegada:
    return voz.Llegada(numero, tardo, voz.tono(numero))


def test_un_colchon_mayor_espera_a_mas() -> None:
    llegadas = [llegada(0, 5), llegada(2, 5), llegada(1, 45), llegada(2, 6)]
    poco, mucho = (voz.reproduce(llegadas, 4, ms) for ms in (20, 60))
    assert (poco.tarde, poco.perdidas, poco.repetidas) == (1, 1, 1)
    assert (mucho.tarde, mucho.perdidas) == (0, 1)
    assert mucho.senal_ruido_db > poco.senal_ruido_db


def test_sin_perdidas_se_oye_lo_dicho() -> None:
    escucha = voz.reproduce([llegada(n, 1) for n in range(5)], 5, 20)
    assert escucha.senal_ruido_db == 99.0
    assert len(escucha.sonido) == 5 * voz.MUESTRAS


def test_un_datagrama_ajeno_no_es_una_trama() -> None:
    assert voz.desempaqueta(b"hola", 0.0) is None
    trama = voz.desempaqueta(voz.empaqueta(7, 1.0, array.array("h", [3] * voz.MUESTRAS)), 1.025)
    assert trama is not None
    assert (trama.numero, round(trama.tardo_ms)) == (7, 25)


def test_la_voz_va_y_viene() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as oido:
        oido.bind(("127.0.0.1", 0))
        llegadas = voz.habla_y_escucha(oido.getsockname(), oido, tramas=10, cada_ms=1)
    assert [x.numero for x in llegadas] == list(range(10))


def test_si_la_maquina_se_para_se_recoge_lo_que_llego(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cada vez que se mira la hora ha pasado un segundo: nunca se llega a la que tocaba."""
    monkeypatch.setattr(voz.time, "perf_counter", itertools.count().__next__)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as oido:
        oido.bind(("127.0.0.1", 0))
        llegadas = voz.habla_y_escucha(oido.getsockname(), oido, tramas=10, cada_ms=1)
    assert [x.numero for x in llegadas] == list(range(10))


def test_a_quien_no_se_entiende_se_le_cuelga(tmp_path: Path) -> None:
    with ServidorFicheros(tmp_path) as servidor:
        for dicho in (b"", b"hola\n", b"PIDE con espacios 0\n"):
            with socket.create_connection(servidor.direccion, timeout=60) as enchufe:
                enchufe.sendall(dicho)
                enchufe.shutdown(socket.SHUT_WR)
                assert enchufe.recv(100) == b""
    for hilo in threading.enumerate():
        if hilo.name.endswith("(_atiende)"):
            hilo.join(60)
