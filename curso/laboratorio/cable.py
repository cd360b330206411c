"""Un cable malo para TCP de verdad: un espacio de red propio y un TUN que pierde paquetes con semilla.

Aquí va el experimento entero, que corre en otro proceso (`python -m laboratorio.cable`) dentro de
`unshare --user --net`: nada de fuera lo nota. No va aquí el dibujo de lo medido (`redes.py`).

El truco del cable: lo que sale hacia 10.77.0.2 vuelve a entrar con las dos direcciones cambiadas entre sí.
Así el núcleo habla consigo mismo, con su TCP completo, a través de un camino que nosotros estropeamos. La
suma de control no cambia, porque los sumandos son los mismos.
"""

from __future__ import annotations

import fcntl
import hashlib
import heapq
import json
import os
import select
import shutil
import socket
import struct
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from laboratorio.avisos import Falta
from laboratorio.azar import Azar, Estropicio

_ESTA, _OTRA = "10.77.0.1", "10.77.0.2"
_TUNSETIFF, _TUN_SIN_CABECERA = 0x400454CA, 0x0001 | 0x1000
_LIMITE_SEGUNDOS = 25.0
_BUZON_BYTES = 4_000_000
# De `struct tcp_info` de Linux: ocho bytes y luego números de 32 bits, de los que interesan estos.
_RTT, _VENTANA_DE_CONGESTION, _RETRANSMITIDOS = 15, 18, 23


def experimento(
    *, perdida: float, paquetes: int = 200, bytes_por_paquete: int = 1000, retraso_ms: float = 5,
    semilla: int = 1,
) -> dict[str, Any]:  # fmt: skip
    """Envía lo mismo por TCP y por UDP, de una vez, por un cable que pierde esta parte de los paquetes.

    Devuelve `tcp` (segundos, bytes, integro, retransmitidos, ventana: [(segundos, segmentos)]) y `udp`
    (segundos, enviados, recibidos: números de secuencia). `Falta` si aquí no se puede.
    """
    return _en_el_cable(
        {"que": "envio", "perdida": perdida, "paquetes": paquetes, "bytes": bytes_por_paquete,
         "retraso_ms": retraso_ms, "semilla": semilla}
    )  # fmt: skip


def llamada(
    *, perdida: float, tramas: int = 120, cada_ms: float = 10.0, retraso_ms: float = 20.0, semilla: int = 1
) -> dict[str, Any]:
    """Envía a la vez por TCP y por UDP una trama cada tanto, como el sonido de una llamada.

    Devuelve `tcp` y `udp`: listas de [número, ms desde que se envió hasta que se pudo leer]. `Falta` si aquí
    no se puede.
    """
    return _en_el_cable(
        {"que": "llamada", "perdida": perdida, "paquetes": tramas, "cada_ms": cada_ms,
         "retraso_ms": retraso_ms, "semilla": semilla}
    )  # fmt: skip


def _en_el_cable(orden: dict[str, Any]) -> dict[str, Any]:
    """Corre el experimento en otro proceso, dentro de un espacio de red propio."""
    hay_programas = shutil.which("unshare") is not None and shutil.which("ip") is not None
    if not hay_programas or not os.access("/dev/net/tun", os.W_OK):
        raise Falta("El cable de pruebas necesita Linux, con `unshare`, `ip` y /dev/net/tun. Lo demás sigue.")
    programa = [
        "unshare", "--user", "--net", "--map-root-user",
        sys.executable, "-m", "laboratorio.cable", json.dumps(orden),
    ]  # fmt: skip
    entorno = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[1])}
    limite = 2 * _LIMITE_SEGUNDOS + 10
    try:
        hecho = subprocess.run(
            programa, capture_output=True, text=True, timeout=limite, check=False, env=entorno
        )
    except subprocess.TimeoutExpired:
        raise Falta("El cable de pruebas no terminó a tiempo en esta máquina. Lo demás sigue.") from None
    if hecho.returncode:
        motivo = (hecho.stderr.strip().splitlines() or ["sin motivo"])[-1]
        raise Falta(f"Esta máquina no deja crear un espacio de red propio ({motivo}). Lo demás sigue.")
    resultado: dict[str, Any] = json.loads(hecho.stdout)
    return resultado


class Cable:
    """El TUN y el hilo que lo hace ir y volver."""

    def __init__(self, estropicio: Estropicio, semilla: int) -> None:
        self._azar = Azar(estropicio, semilla)
        self._tun = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
        fcntl.ioctl(self._tun, _TUNSETIFF, struct.pack("16sH22x", b"cable", _TUN_SIN_CABECERA))
        for orden in (
            "link set lo up",
            f"addr add {_ESTA}/24 dev cable",
            "link set cable mtu 1400 up",
        ):
            subprocess.run(["ip", *orden.split()], check=True, capture_output=True)
        threading.Thread(target=self._trabaja, daemon=True).start()

    def _trabaja(self) -> None:
        cola: list[tuple[float, int, bytes]] = []
        numero = 0
        while True:
            espera = max(cola[0][0] - time.perf_counter(), 0) if cola else 1.0
            if select.select([self._tun], [], [], espera)[0]:
                with suppress(BlockingIOError):
                    paquete = os.read(self._tun, 65_535)
                    if paquete[0] >> 4 == 4:
                        for retraso in self._azar.destino():
                            numero += 1
                            heapq.heappush(cola, (time.perf_counter() + retraso, numero, _vuelto(paquete)))
            while cola and cola[0][0] <= time.perf_counter():
                os.write(self._tun, heapq.heappop(cola)[2])


def _vuelto(paquete: bytes) -> bytes:
    """El mismo paquete IPv4 con origen y destino cambiados entre sí."""
    return paquete[:12] + paquete[16:20] + paquete[12:16] + paquete[20:]


def _por_tcp(datos: bytes) -> dict[str, Any]:
    """Envía los datos de una vez y mira, mientras, cómo se adapta TCP."""
    recibido = bytearray()

    def recibe(escucha: socket.socket) -> None:
        cliente, _ = escucha.accept()
        with cliente:
            cliente.settimeout(_LIMITE_SEGUNDOS)
            while trozo := cliente.recv(65_536):
                recibido.extend(trozo)
            cliente.sendall(b"ok")

    with socket.create_server((_ESTA, 0)) as escucha:
        escucha.settimeout(_LIMITE_SEGUNDOS)
        hilo = threading.Thread(target=recibe, args=(escucha,), daemon=True)
        hilo.start()
        comienzo = time.perf_counter()
        with socket.create_connection((_OTRA, escucha.getsockname()[1]), timeout=_LIMITE_SEGUNDOS) as enchufe:
            ventana: list[tuple[float, int]] = []
            fin = threading.Event()

            def mira() -> None:
                while not fin.wait(0.005):
                    ventana.append(
                        (time.perf_counter() - comienzo, _tcp_info(enchufe)[_VENTANA_DE_CONGESTION])
                    )

            vigia = threading.Thread(target=mira, daemon=True)
            vigia.start()
            enchufe.sendall(datos)
            enchufe.shutdown(socket.SHUT_WR)
            enchufe.recv(2)
            segundos = time.perf_counter() - comienzo
            fin.set()
            vigia.join()
            info = _tcp_info(enchufe)
        hilo.join(_LIMITE_SEGUNDOS)
    return {
        "segundos": segundos,
        "bytes": len(recibido),
        "integro": hashlib.sha256(recibido).digest() == hashlib.sha256(datos).digest(),
        "retransmitidos": info[_RETRANSMITIDOS],
        "rtt_ms": info[_RTT] / 1000,
        "ventana": ventana[:: max(len(ventana) // 300, 1)],
    }


def _tcp_info(enchufe: socket.socket) -> tuple[int, ...]:
    return struct.unpack("8x24I", enchufe.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 104))


def _por_udp(paquetes: int, bytes_por_paquete: int) -> dict[str, Any]:
    """Envía los mismos paquetes numerados, sin pedir nada a cambio; alguien los va leyendo según llegan."""
    recibidos: list[int] = []
    llegadas: list[float] = []

    def recibe(oye: socket.socket) -> None:
        with suppress(TimeoutError):
            while True:
                recibidos.append(struct.unpack("!I", oye.recv(65_535)[:4])[0])
                llegadas.append(time.perf_counter())

    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as oye,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as habla,
    ):
        # Cuanto el sistema deje: si quien lee se retrasa, que no se pierdan aquí los que el cable no perdió.
        oye.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUZON_BYTES)
        oye.bind((_ESTA, 0))
        oye.settimeout(0.5)
        hilo = threading.Thread(target=recibe, args=(oye,), daemon=True)
        hilo.start()
        comienzo = time.perf_counter()
        for numero in range(paquetes):
            habla.sendto(
                struct.pack("!I", numero).ljust(bytes_por_paquete, b"."), (_OTRA, oye.getsockname()[1])
            )
            if numero % 10 == 9:
                time.sleep(0.001)  # que la pérdida la ponga el cable, y no una cola llena
        hilo.join(_LIMITE_SEGUNDOS)
    segundos = (llegadas[-1] if llegadas else time.perf_counter()) - comienzo
    return {"segundos": segundos, "enviados": paquetes, "recibidos": recibidos}


_TRAMA = struct.Struct("!Id156x")  # número, hora de salida, y relleno hasta 20 ms de sonido a 8 kB/s


def _llamada(tramas: int, cada_ms: float) -> dict[str, Any]:
    """La misma trama, a la misma hora, por los dos caminos."""
    tardanzas: dict[str, list[tuple[int, float]]] = {"tcp": [], "udp": []}

    def apunta(por: str, trama: bytes) -> None:
        numero, salida = _TRAMA.unpack(trama)
        tardanzas[por].append((numero, (time.perf_counter() - salida) * 1000))

    def oye_udp(oye: socket.socket) -> None:
        with suppress(TimeoutError):
            while True:
                apunta("udp", oye.recv(65_535))

    def oye_tcp(escucha: socket.socket) -> None:
        cliente, _ = escucha.accept()
        with cliente, cliente.makefile("rb") as entrada:
            while len(trama := entrada.read(_TRAMA.size)) == _TRAMA.size:
                apunta("tcp", trama)

    with (
        socket.create_server((_ESTA, 0)) as escucha,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as oye,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as habla,
    ):
        oye.bind((_ESTA, 0))
        oye.settimeout(1.0)
        hilos = [
            threading.Thread(target=oye_udp, args=(oye,), daemon=True),
            threading.Thread(target=oye_tcp, args=(escucha,), daemon=True),
        ]
        for hilo in hilos:
            hilo.start()
        with socket.create_connection((_OTRA, escucha.getsockname()[1]), timeout=_LIMITE_SEGUNDOS) as enchufe:
            enchufe.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            siguiente = time.perf_counter()
            for numero in range(tramas):
                time.sleep(max(siguiente - time.perf_counter(), 0))
                trama = _TRAMA.pack(numero, time.perf_counter())
                habla.sendto(trama, (_OTRA, oye.getsockname()[1]))
                enchufe.sendall(trama)
                siguiente += cada_ms / 1000
        for hilo in hilos:
            hilo.join(_LIMITE_SEGUNDOS)
    return tardanzas


def _corre(orden: dict[str, Any]) -> dict[str, Any]:
    Cable(Estropicio(perdida=orden["perdida"], retraso_ms=orden["retraso_ms"]), orden["semilla"])
    if orden["que"] == "llamada":
        return _llamada(orden["paquetes"], orden["cada_ms"])
    datos = bytes(n % 251 for n in range(orden["paquetes"] * orden["bytes"]))
    return {"tcp": _por_tcp(datos), "udp": _por_udp(orden["paquetes"], orden["bytes"])}


if __name__ == "__main__":
    json.dump(_corre(json.loads(sys.argv[1])), sys.stdout)
