"""Los tres servidores de la charla se portan igual, también cuando los clientes se portan mal.

Aquí va lo que se ve desde un socket. No va aquí lo que se dice (`test_sala.py`), ni los de Java.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from charla.cliente import Cliente, NombreRechazado, SinRespuesta
from charla.servidor import Ajustes, ServidorHilos
from charla.servidor_asyncio import ServidorAsyncio
from charla.servidor_selectores import ServidorSelectores

SERVIDORES: list[Any] = [ServidorHilos, ServidorSelectores, ServidorAsyncio]


@pytest.fixture(params=SERVIDORES, ids=lambda clase: clase.__name__)
def clase(request: pytest.FixtureRequest) -> Any:
    return request.param


@pytest.fixture
def servidor(clase: Any) -> Iterator[Any]:
    with clase() as abierto:
        yield abierto


def test_una_charla(servidor: Any) -> None:
    with Cliente(*servidor.direccion) as ana, Cliente(*servidor.direccion) as beto:
        ana.entra("ana")
        assert beto.entra("beto") == "* Hola, beto. Están: ana, beto"
        ana.espera("* beto entra")
        beto.di("¿qué tal, señora? 🎈")
        assert ana.espera("<beto>") == "<beto> ¿qué tal, señora? 🎈"
        beto.espera("<beto> ¿qué tal")
        ana.di("/salir")
        ana.espera("Hasta luego")
        beto.espera("* ana se va")


def test_un_nombre_rechazado_se_dice(servidor: Any) -> None:
    with Cliente(*servidor.direccion) as ana, Cliente(*servidor.direccion) as otra:
        ana.entra("ana")
        with pytest.raises(NombreRechazado, match="ana"):
            otra.entra("ana")


def test_dos_lineas_de_una_vez_y_una_en_pedazos(servidor: Any) -> None:
    with Cliente(*servidor.direccion) as ana, socket.create_connection(servidor.direccion, 60) as crudo:
        ana.entra("ana")
        crudo.sendall(b"beto\nuno\ndos\n")
        for byte in "año\n".encode():
            crudo.sendall(bytes([byte]))
        for palabra in ("uno", "dos", "año"):
            ana.espera(f"<beto> {palabra}")


def test_quien_se_va_sin_avisar_se_nota(servidor: Any) -> None:
    with Cliente(*servidor.direccion) as ana:
        ana.entra("ana")
        crudo = socket.create_connection(servidor.direccion, 60)
        crudo.sendall(b"beto\n")
        ana.espera("* beto entra")
        crudo.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # se corta, no se despide
        crudo.close()
        ana.espera("* beto se va")


def test_quien_no_lee_no_para_a_los_demas(servidor: Any) -> None:
    with Cliente(*servidor.direccion) as ana, Cliente(*servidor.direccion) as beto, socket.socket() as sordo:
        ana.entra("ana")
        beto.entra("beto")
        sordo.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        sordo.connect(servidor.direccion)
        sordo.sendall(b"sordo\n")
        beto.espera("* sordo entra")  # desde aquí, lo que se diga es también para él
        for n in range(3000):
            ana.di(f"{n} " + "x" * 900)
            if n % 50 == 49:  # al paso de un lector corriente
                beto.espera(f"<ana> {n} ")
                ana.espera(f"<ana> {n} ")
        if "* sordo se va" not in beto.lineas:
            beto.espera("* sordo se va")


def test_los_limites(clase: Any) -> None:
    ajustes = Ajustes(maximo=1, espera_plaza=0.05)
    with clase(ajustes=ajustes) as servidor, Cliente(*servidor.direccion) as ana:
        ana.entra("ana")
        with Cliente(*servidor.direccion) as beto:
            beto.espera("llena")
    with clase(ajustes=Ajustes(ocioso=0.05)) as servidor, Cliente(*servidor.direccion) as ana:
        ana.espera("mucho tiempo en silencio")
    with clase() as servidor, Cliente(*servidor.direccion) as ana:
        ana.entra("ana")
        ana.di("x" * 5000)
        ana.espera("demasiado larga")


def test_al_cerrar_se_despide_y_no_deja_hilos(clase: Any) -> None:
    antes = set(threading.enumerate())
    servidor = clase()
    with Cliente(*servidor.direccion) as ana:
        ana.entra("ana")
        servidor.cierra()
        ana.espera("* El servidor cierra")
        with pytest.raises(SinRespuesta, match="se cerró"):
            ana.espera("nada más")
    servidor.cierra()
    for hilo in set(threading.enumerate()) - antes:
        hilo.join(60)
    assert set(threading.enumerate()) <= antes


def test_el_adios_llega_tambien_a_quien_lo_lee_el_ultimo() -> None:
    """Que los demás se vayan mientras tanto no llena la cola de quien ya tiene en ella su despedida."""
    idos = threading.Semaphore(0)

    class ConUnoLento(ServidorHilos):
        def _baja(self, cliente: Any) -> None:
            super()._baja(cliente)
            idos.release()

        @staticmethod
        def _escribe(cliente: Any) -> None:
            if cliente.numero == 3:  # al tercero no se le escribe nada hasta que los otros dos se han ido
                assert idos.acquire(timeout=60)
                assert idos.acquire(timeout=60)
            ServidorHilos._escribe(cliente)

    hasta_el_adios = Ajustes(por_enviar=4)  # la pregunta, el saludo, el cierre y el fin
    with ConUnoLento(ajustes=hasta_el_adios) as servidor, ExitStack() as pila:
        ana, beto = (pila.enter_context(Cliente(*servidor.direccion)) for _ in range(2))
        ana.entra("ana")
        beto.entra("beto")
        lento = pila.enter_context(Cliente(*servidor.direccion))
        lento.di("carla")
        for otro in (ana, beto):
            otro.espera("* carla entra")
        servidor.cierra()
        for cliente in (ana, beto, lento):
            cliente.espera("* El servidor cierra")


def test_quien_habla_sin_parar_tambien_oye() -> None:
    """Aunque siempre haya algo suyo que leer: si no se le escribiera mientras, se le cortaría por no leer."""
    todo_dicho = threading.Event()

    class Tarda(ServidorSelectores):
        def _lee(self, cliente: Any) -> None:
            assert todo_dicho.wait(60)
            super()._lee(cliente)

    with Tarda() as servidor, Cliente(*servidor.direccion) as ana:
        ana.di("ana")
        for n in range(120):  # más de lo que se guarda a quien lee despacio
            ana.di(f"{n} " + "x" * 900)
        todo_dicho.set()
        ana.espera("<ana> 119 ")


def test_quien_llega_cuando_se_cierra_lo_sabe() -> None:
    parado = threading.Event()
    with ServidorAsyncio() as servidor:
        servidor._bucle.call_soon_threadsafe(parado.wait, 60)
        with Cliente(*servidor.direccion) as ana:
            servidor._bucle.call_soon_threadsafe(servidor._fin.set)
            parado.set()  # en la misma vuelta del bucle, alguien que llega y el fin
            ana.espera("* El servidor cierra")


def test_cien_a_la_vez(servidor: Any) -> None:
    with ExitStack() as pila:
        gente = [pila.enter_context(Cliente(*servidor.direccion)) for _ in range(100)]
        for n, cliente in enumerate(gente):
            cliente.entra(f"c{n}")
        gente[0].di("¿estamos todos?")
        for cliente in gente:
            cliente.espera("<c0> ¿estamos todos?")
