"""El programa de un alumno como proceso: arrancarlo con límites, mirarlo, y terminarlo pase lo que pase.

Aquí va lo que protege a quien corrige. No van aquí las pruebas (`pruebas.py`).

Un programa ajeno puede no acabar, hablar sin parar, crear procesos o llenar el disco. Corre en su propia
sesión y en una carpeta propia que se borra; se le mata con todos sus hijos, también los que se cambiaron de
sesión; tiene límites de memoria, ficheros, procesos y procesador, y de lo que escribe se guarda el principio.
Si quien corrige es root, el programa corre como `nobody`: al superusuario el límite de procesos no le vale.
Lo que en esta máquina no se puede limitar lo dice `sin_limite`, y la orden lo enseña antes de empezar.
"""

from __future__ import annotations

import contextlib
import functools
import os
import random
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from tarea.calificador import persona

ARRANQUE_SEGUNDOS = 10.0
_CPU_SEGUNDOS = 60
_FICHERO_BYTES = 20_000_000  # el fichero mayor que puede escribir
_MEMORIA_BYTES = (
    4_000_000_000  # espacio de direcciones de un programa en Python; el de Java reserva más que usa
)
_CARPETA_BYTES = 200_000_000  # todos sus ficheros juntos
_MIRADA_SEGUNDOS = 0.5  # cada cuánto se mide su carpeta
_DESCRIPTORES = 1_024
_PROCESOS = 600  # de más, con sus hilos: cien clientes con dos cada uno, y lo que lleva una máquina de Java
_NADIE = 65_534
_PYTHON_DEL_SISTEMA = ("/usr/local/bin/python3", "/usr/bin/python3")
_PRUEBA_DE_OTRO = "import os, sys; sys.exit(sys.version_info < (3, 9) or not os.access(sys.argv[1], os.X_OK))"
_LIMPIEZA_SEGUNDOS = 30.0  # lo más que se tarda en acabar con un programa que se multiplica
_REPARTO = Path("/proc/sys/net/ipv4/ip_local_port_range")  # los puertos que el sistema da a quien le da igual
_SORTEOS = 100  # puertos que se prueban antes de pedirle uno al sistema, y otros tantos de los que él da
_OIDO_SEGUNDOS = 5.0  # lo que se espera a acabar de leer lo que escribió un programa que ha terminado
_DICHO_BYTES = 20_000  # de lo que escribe, lo que se guarda


class NoArranca(Exception):
    """El programa no llegó a escuchar. El mensaje es para el alumno."""


class Programa:
    """Un servidor en marcha. Con `with`, termina seguro."""

    def __init__(self, fichero: Path) -> None:
        orden = _orden(fichero)
        self._apartado = _aparta_puerto()
        self.puerto: int = self._apartado.getsockname()[1]
        orden.append(str(self.puerto))
        self._carpeta = tempfile.TemporaryDirectory(prefix="tarea-", ignore_cleanup_errors=True)
        casa = Path(self._carpeta.name)
        for vecino in fichero.parent.iterdir():
            if vecino.is_file() and vecino.suffix in (".py", ".java"):
                shutil.copy(vecino, casa)
        self.en_java = fichero.suffix == ".java"
        otro = _otra_persona()
        if otro:
            os.chown(casa, *otro)
        self._procesos = limite_de_procesos()
        quien = {"user": otro[0], "group": otro[1], "extra_groups": []} if otro else {}
        self.proceso = subprocess.Popen(  # type: ignore[call-overload]
            orden, cwd=casa, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            start_new_session=True, preexec_fn=self._limites,
            env={"PATH": os.environ.get("PATH", ""), "HOME": str(casa), "LANG": "C.UTF-8", "PYTHONUTF8": "1"},
            **quien,
        )  # fmt: skip
        self._dicho = bytearray()
        assert self.proceso.stdout is not None
        self._oidor = threading.Thread(target=self._oye, args=(self.proceso.stdout,), daemon=True)
        self._oidor.start()
        self._fin = threading.Event()
        self._vigia = threading.Thread(target=self._vigila, daemon=True)
        self._vigia.start()

    def espera_que_escuche(self) -> None:
        """`NoArranca` si en su tiempo no hay nadie en el puerto, o si el programa termina antes."""
        limite = time.monotonic() + ARRANQUE_SEGUNDOS * (2 if self.en_java else 1) * persona.PACIENCIA
        while time.monotonic() < limite:
            if self.proceso.poll() is not None:
                raise NoArranca(
                    f"Tu programa terminó solo nada más arrancar (código {self.proceso.returncode})."
                )
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.puerto), 0.5):
                return
            time.sleep(0.05)
        raise NoArranca(
            f"Pasaron {ARRANQUE_SEGUNDOS:g} segundos o más y nadie escucha en el puerto {self.puerto}, que "
            f"se le dio como argumento."
        )

    def dicho(self) -> str:
        """El principio de lo que el programa ha escrito; si ya terminó, hasta lo último que dijo."""
        if self.proceso.poll() is not None:
            self._oidor.join(_OIDO_SEGUNDOS)  # quizá quede por leer; y quizá un hijo suyo no acabe nunca
        return bytes(self._dicho).decode("utf-8", "replace").strip()

    @contextlib.contextmanager
    def parado(self) -> Iterator[None]:
        """Mientras dura, el programa no avanza: lo que le llegue lo encontrará junto."""
        with contextlib.suppress(OSError):
            os.killpg(self.proceso.pid, signal.SIGSTOP)
            # La señal tarda en hacer efecto. `WNOWAIT` solo mira: el final del proceso es de quien lo espere.
            os.waitid(os.P_PID, self.proceso.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)
        try:
            yield
        finally:
            with contextlib.suppress(OSError):
                os.killpg(self.proceso.pid, signal.SIGCONT)

    def lee_todo(self, puerto: int, segundos: float) -> bool:
        """Espera a que el programa haya leído cuanto le llegó de ese puerto; falso si no se puede saber."""
        limite = time.monotonic() + segundos
        while (pendientes := _sin_leer(self.puerto, puerto)) and time.monotonic() < limite:
            time.sleep(0.001)
        return pendientes == 0

    def pide_que_termine(self, segundos: float) -> bool:
        """Le envía SIGTERM; cierto si termina en ese tiempo."""
        self.proceso.terminate()
        try:
            self.proceso.wait(segundos)
        except subprocess.TimeoutExpired:
            return False
        return True

    def termina(self) -> None:
        """Lo mata con todos sus hijos y borra su carpeta."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.proceso.pid, signal.SIGKILL)
        self.proceso.kill()
        self.proceso.wait()
        _mata_a_los_de(self._carpeta.name)
        self._fin.set()
        self._vigia.join(5)
        self._oidor.join(2)
        self._apartado.close()
        self._carpeta.cleanup()

    def __enter__(self) -> Programa:
        return self

    def __exit__(self, *lo_ocurrido: object) -> None:
        self.termina()

    def _oye(self, salida: IO[bytes]) -> None:
        """Lee siempre, para que el programa no se pare; guarda solo el principio."""
        with contextlib.suppress(OSError, ValueError), salida:
            while trozo := os.read(salida.fileno(), 65_536):
                self._dicho += trozo[: max(_DICHO_BYTES - len(self._dicho), 0)]

    def _vigila(self) -> None:
        """Mata al programa si su carpeta crece demasiado: el límite del sistema es de cada fichero."""
        while not self._fin.wait(_MIRADA_SEGUNDOS):
            if _ocupa(self._carpeta.name) > _CARPETA_BYTES:
                self._dicho[:0] = b"(el calificador lo ha parado: llenaba el disco)\n"
                with contextlib.suppress(OSError):
                    os.killpg(self.proceso.pid, signal.SIGKILL)
                return

    def _limites(self) -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SEGUNDOS, _CPU_SEGUNDOS))
        resource.setrlimit(resource.RLIMIT_FSIZE, (_FICHERO_BYTES, _FICHERO_BYTES))
        resource.setrlimit(resource.RLIMIT_NOFILE, (_DESCRIPTORES, _DESCRIPTORES))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if self._procesos is not None:
            resource.setrlimit(resource.RLIMIT_NPROC, (self._procesos, self._procesos))
        if not self.en_java:
            resource.setrlimit(resource.RLIMIT_AS, (_MEMORIA_BYTES, _MEMORIA_BYTES))


def _orden(fichero: Path) -> list[str]:
    """Cómo se arranca; detrás va el puerto."""
    if fichero.suffix == ".py":
        return [_python_de_otro(tempfile.gettempdir()) or sys.executable, "-u", fichero.name]
    if fichero.suffix == ".java":
        if shutil.which("java") is None:
            raise NoArranca(
                "Esta máquina no tiene Java: la tarea en Java se corrige donde haya un JDK 17 o posterior."
            )
        return ["java", "-Xmx512m", "-Dfile.encoding=UTF-8", fichero.name]
    raise NoArranca(f"No sé arrancar {fichero.name}: se espera un .py o un .java.")


@functools.cache
def _python_de_otro(temporal: str) -> str | None:
    """Un Python que `nobody` pueda usar (el del sistema, si este es privado) y que llegue a esa carpeta."""
    if os.geteuid() != 0:
        return None
    for python in (sys.executable, *_PYTHON_DEL_SISTEMA):
        with contextlib.suppress(OSError, subprocess.SubprocessError):
            subprocess.run(
                [python, "-c", _PRUEBA_DE_OTRO, temporal],
                user=_NADIE, group=_NADIE, extra_groups=[], cwd="/", check=True, capture_output=True,
            )  # fmt: skip
            return python
    return None


def _otra_persona() -> tuple[int, int] | None:
    """`nobody`, si somos root y ese usuario puede usar algún Python; si no, nadie más que nosotros."""
    return (_NADIE, _NADIE) if _python_de_otro(tempfile.gettempdir()) else None


def limite_de_procesos() -> int | None:
    """Cuántos procesos e hilos puede llegar a tener quien corre el programa; None si no se puede limitar.

    El límite del sistema cuenta a todos los de un usuario: a los que ya hay se les suman los del programa.
    """
    otro = _otra_persona()
    quien = otro[0] if otro else os.geteuid()
    if quien == 0 or not Path("/proc/self/status").is_file():
        return None
    suyos = 0
    for entrada in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if entrada.stat().st_uid == quien:
                suyos += sum(1 for _ in (entrada / "task").iterdir())
    return suyos + _PROCESOS


def sin_limite() -> list[str]:
    """Lo que en esta máquina no se puede limitar, en frases para quien corrige. Vacía si no falta nada."""
    faltan = []
    if limite_de_procesos() is None:
        faltan.append(
            "Aquí no se puede limitar cuántos procesos crea un programa: uno que se multiplique puede "
            "dejar la máquina sin sitio. Corrige entregas de desconocidos en un contenedor."
        )
    if _otra_persona() is None:
        faltan.append(
            "Los programas corren con tu mismo usuario, así que pueden leer y borrar tus ficheros. Como root "
            "correrían como `nobody`."
        )
    return faltan


def _mata_a_los_de(carpeta: str) -> None:
    """Primero quietos y después muertos: un proceso parado no tiene hijos, y aún ocupa sitio en su límite."""
    quietos: set[int] = set()
    limite = time.monotonic() + _LIMPIEZA_SEGUNDOS
    while (nuevos := _los_de(carpeta) - quietos) and time.monotonic() < limite:
        _avisa(nuevos, signal.SIGSTOP)
        quietos |= nuevos
    while (vivos := _los_de(carpeta)) and time.monotonic() < limite:
        _avisa(vivos, signal.SIGKILL)
        time.sleep(0.02)


def _avisa(numeros: set[int], senal: signal.Signals) -> None:
    for numero in numeros:
        with contextlib.suppress(OSError):
            os.kill(numero, senal)


def _los_de(carpeta: str) -> set[int]:
    """Los procesos vivos que trabajan en esta carpeta. Solo donde hay /proc."""
    hallados = set()
    for entrada in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if str((entrada / "cwd").readlink()).startswith(carpeta):
                hallados.add(int(entrada.name))
    return hallados


def _ocupa(carpeta: str) -> int:
    """Los bytes de los ficheros de una carpeta, con lo que cuelga de ella."""
    total = 0
    for raiz, _, ficheros in os.walk(carpeta):
        for fichero in ficheros:
            with contextlib.suppress(OSError):
                total += Path(raiz, fichero).lstat().st_blocks * 512
    return total


def _sin_leer(local: int, ajeno: int) -> int | None:
    """Los bytes que esperan en una conexión a que los lea el de este puerto local; None si no consta."""
    extremos = f":{local:04X}", f":{ajeno:04X}"
    for tabla in ("tcp", "tcp6"):  # la segunda, si escucha también por IPv6
        with contextlib.suppress(OSError):
            for linea in Path("/proc/net", tabla).read_text().splitlines():
                columnas = linea.split()
                if all(c.endswith(e) for c, e in zip(columnas[1:3], extremos, strict=True)):
                    return int(columnas[4].partition(":")[2], 16)
    return None


def _aparta_puerto() -> socket.socket:
    """Un puerto libre para el programa, apartado mientras no se cierre lo que se devuelve.

    Se aparta tomando el mismo número de UDP: al programa, que usa TCP, no le estorba, y otro calificador que
    corra a la vez no lo elegirá. Se prefiere uno de los que el sistema no reparte, que nadie tomará por azar.
    """
    for puerto in (*_sorteo(), *[0] * _SORTEOS):
        apartado = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            apartado.bind(("127.0.0.1", puerto))
            with socket.socket() as como_el_programa:  # sin SO_REUSEADDR: quizá el programa no lo pida
                como_el_programa.bind(apartado.getsockname())
            return apartado
        except OSError:
            apartado.close()
    raise NoArranca("En esta máquina no queda ningún puerto libre.")


def _sorteo() -> list[int]:
    """Puertos al azar que cualquiera puede abrir y el sistema no reparte; ninguno, si los reparte todos."""
    desde, hasta = 32_768, 60_999
    with contextlib.suppress(OSError, ValueError):
        desde, hasta = map(int, _REPARTO.read_text().split())
    propios = [*range(10_000, desde), *range(hasta + 1, 65_536)]
    return random.sample(propios, min(_SORTEOS, len(propios)))
