"""El calificador aprueba lo bueno, ve cada error conocido, y sale entero de los programas malos.

Aquí va lo que se ve desde fuera, en los dos lenguajes. No van aquí las soluciones: están en la tarea.
"""

from __future__ import annotations

import csv
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest

from tarea.calificador import persona
from tarea.calificador import programa as proceso
from tarea.calificador.clase import califica_clase, entregas
from tarea.calificador.nota import califica, informe
from tarea.calificador.persona import NoOye
from tarea.calificador.pruebas import PRUEBAS, Falla, _cabe_sin_leer, contado
from tarea.soluciones.errores import JAVA, MALOS, PYTHON, Error, buena, con_error

con_java = pytest.mark.skipif(shutil.which("java") is None, reason="aquí no hay Java")
POR_NOMBRE = {prueba.nombre: prueba for prueba in PRUEBAS}


def entrega(carpeta: Path, texto: str, nombre: str = "servidor.py") -> Path:
    fichero = carpeta / nombre
    fichero.write_text(texto, encoding="utf-8")
    return fichero


@pytest.mark.slow
@pytest.mark.parametrize("nombre", ["servidor.py", pytest.param("Servidor.java", marks=con_java)])
def test_la_buena_tiene_diez(tmp_path: Path, nombre: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(persona, "PACIENCIA", 20.0)  # una máquina muy cargada no la hace mala
    nota = califica(entrega(tmp_path, buena(nombre.rsplit(".")[1]), nombre))
    assert nota.fallos() == [], informe(nota)
    assert (nota.puntos, nota.maximo) == (10, 10)


def ve_el_error(fichero: Path, error: Error, parche: pytest.MonkeyPatch) -> None:
    parche.setattr(
        proceso, "ARRANQUE_SEGUNDOS", 120.0
    )  # una máquina lenta tarda en arrancar Java, y no es el error
    if error.ve == "se_va" or error.nombre == "media_frase":  # se ven mientras se calla
        parche.setattr(persona, "PACIENCIA", 4.0)
    nota = califica(fichero, (POR_NOMBRE[error.ve],))
    assert nota.fallos() == [error.ve]
    (resultado,) = nota.resultados
    assert resultado.fallo
    texto = informe(nota)
    assert resultado.prueba.pista in texto
    assert resultado.fallo in texto


@pytest.mark.slow
@pytest.mark.parametrize("error", PYTHON, ids=lambda e: e.nombre)
def test_se_ve_cada_error_en_python(tmp_path: Path, error: Error, monkeypatch: pytest.MonkeyPatch) -> None:
    ve_el_error(entrega(tmp_path, con_error(error, "py")), error, monkeypatch)


@pytest.mark.slow
@con_java
@pytest.mark.parametrize("error", JAVA, ids=lambda e: e.nombre)
def test_se_ve_cada_error_en_java(tmp_path: Path, error: Error, monkeypatch: pytest.MonkeyPatch) -> None:
    ve_el_error(entrega(tmp_path, con_error(error, "java"), "Servidor.java"), error, monkeypatch)


def test_los_errores_cubren_todas_las_pruebas() -> None:
    assert {e.ve for e in PYTHON} == {e.ve for e in JAVA} == set(POR_NOMBRE)
    assert len(PYTHON) >= 8
    assert len(JAVA) >= 8


@pytest.fixture
def publica(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Una carpeta temporal a la que llega cualquiera: la de pytest es solo de quien lo ejecuta."""
    with tempfile.TemporaryDirectory(prefix="calificador-", ignore_cleanup_errors=True) as carpeta:
        Path(carpeta).chmod(0o755)
        monkeypatch.setattr(proceso.tempfile, "tempdir", carpeta)
        yield Path(carpeta)


def hijos_vivos(carpeta: str) -> list[str]:
    """Los procesos que siguen trabajando en una carpeta."""
    vivos = []
    for entrada in Path("/proc").iterdir():
        if entrada.name.isdigit():
            try:
                vivos += [entrada.name] if str((entrada / "cwd").readlink()).startswith(carpeta) else []
            except OSError:
                continue
    return vivos


@pytest.mark.slow
@pytest.mark.parametrize("malo", MALOS)
def test_se_sale_entero_de_los_malos(tmp_path: Path, publica: Path, malo: str) -> None:
    nota = califica(entrega(tmp_path, MALOS[malo]), PRUEBAS[:2])
    assert nota.fallos() == ["pregunta", "difusion"]
    assert len(informe(nota)) < 20_000
    assert list(publica.iterdir()) == []
    assert hijos_vivos(str(publica)) == []


# Se multiplica hasta donde le dejan, con un tope propio: no puede hacer daño aunque el límite no existiera.
CON_TOPE = """
import os, socket, sys, time
s = socket.create_server(("127.0.0.1", int(sys.argv[1])))
hijos = 0
try:
    while hijos < {tope}:
        if os.fork() == 0:
            time.sleep(1000)
        hijos += 1
except OSError as error:
    print("negado", hijos, flush=True)
else:
    print("nadie lo impide", hijos, flush=True)
time.sleep(1000)
"""
SIN_FRENO = """
import os, socket, sys
s = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True:
    try:
        if os.fork() == 0:
            os.setsid()
    except OSError:
        pass
"""


def que_dice(fichero: Path, principio: str) -> str:
    """Lo primero que escribe el programa, cuando lo escribe."""
    with proceso.Programa(fichero) as programa:
        limite = time.monotonic() + 120
        while principio not in programa.dicho() and time.monotonic() < limite:
            threading.Event().wait(0.05)
        return programa.dicho()


@pytest.mark.slow
def test_una_bomba_de_procesos_tiene_limite(
    tmp_path: Path, publica: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if proceso.limite_de_procesos() is None:
        pytest.skip("aquí no se puede limitar el número de procesos")
    monkeypatch.setattr(proceso, "_PROCESOS", 40)
    # El límite cuenta lo que otros programas de ese usuario tienen ahora, y pueden dejar mientras tanto.
    dicho = que_dice(entrega(tmp_path, CON_TOPE.format(tope=1_000)), " ")
    assert dicho.startswith("negado ")  # el límite es real: ahora sí, la de verdad
    nota = califica(entrega(tmp_path, SIN_FRENO), PRUEBAS[:1])
    assert nota.fallos() == ["pregunta"]
    assert list(publica.iterdir()) == []
    assert hijos_vivos(str(publica)) == []


def test_se_dice_lo_que_no_se_puede_limitar(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proceso, "_otra_persona", lambda: None)
    monkeypatch.setattr(proceso.os, "geteuid", lambda: 0)
    assert proceso.limite_de_procesos() is None
    assert len(proceso.sin_limite()) == 2
    assert "cuántos procesos" in proceso.sin_limite()[0]
    monkeypatch.setattr(proceso.os, "geteuid", lambda: 1000)
    assert "tu mismo usuario" in proceso.sin_limite()[-1]


def test_dos_que_corrigen_a_la_vez_no_eligen_el_mismo_puerto(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proceso.random, "sample", lambda propios, cuantos: propios[:cuantos])
    programas = [entrega(tmp_path, "import time; time.sleep(1000)", f"{n}.py") for n in "ab"]
    with proceso.Programa(programas[0]) as uno, proceso.Programa(programas[1]) as otro:
        assert uno.puerto != otro.puerto


@pytest.mark.parametrize("reparto", ["1024 65535", "32768 60999", "no se sabe"])
def test_el_puerto_lo_puede_abrir_cualquiera(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reparto: str
) -> None:
    (tmp_path / "reparto").write_text(reparto)
    monkeypatch.setattr(proceso, "_REPARTO", tmp_path / "reparto")
    with proceso._aparta_puerto() as apartado:
        assert 1_024 <= apartado.getsockname()[1] < 65_536


def test_lo_ultimo_que_dice_un_programa_se_oye(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Aunque cuando se ve que ha terminado nadie lo haya leído todavía."""
    oye = proceso.Programa._oye

    def oye_tarde(programa: proceso.Programa, salida: IO[bytes]) -> None:
        programa.proceso.wait()
        threading.Event().wait(1)
        oye(programa, salida)

    monkeypatch.setattr(proceso.Programa, "_oye", oye_tarde)
    nota = califica(entrega(tmp_path, MALOS["sale_enseguida"]), PRUEBAS[:1])
    assert nota.resultados[0].dicho == "hola"


def test_un_programa_parado_esta_parado(tmp_path: Path) -> None:
    with proceso.Programa(entrega(tmp_path, "while True: pass\n")) as programa:
        for _ in range(20):
            with programa.parado():
                estado = Path(f"/proc/{programa.proceso.pid}/stat").read_text().rpartition(")")[2].split()[0]
                assert estado == "T"


def test_se_mide_lo_que_el_sistema_guarda_a_quien_no_lee() -> None:
    assert 4_096 <= _cabe_sin_leer() <= 16_002_000


def test_lo_que_no_se_puede_arrancar_se_explica(tmp_path: Path) -> None:
    assert "No existe" in str(califica(tmp_path / "servidor.py").resultados[0].fallo)
    raro = entrega(tmp_path, "hola", "servidor.txt")
    assert "se espera un .py o un .java" in str(califica(raro, PRUEBAS[:1]).resultados[0].fallo)


def test_lo_oido_se_cita_como_codigo() -> None:
    with pytest.raises(Falla, match=r"fue `<ana> 'x{10}") as fallo, contado("Ana habló"):
        raise NoOye("otra cosa", ["<ana> `" + "x" * 900], colgado=False)
    assert len(str(fallo.value)) < 200


def test_que_es_una_entrega(tmp_path: Path) -> None:
    entrega(tmp_path, "", "ana.py")
    entrega(tmp_path, "", "leeme.txt")
    for nombre, ficheros in {
        "beto": ["MiServidor.java", "Cliente.java"],
        "carla": ["chat.py"],
        "dani": [],
    }.items():
        (tmp_path / nombre).mkdir()
        for fichero in ficheros:
            entrega(tmp_path / nombre, "", fichero)
    assert [(a, f.name) for a, f in entregas(tmp_path)] == [
        ("ana", "ana.py"),
        ("beto", "MiServidor.java"),
        ("carla", "chat.py"),
        ("dani", "servidor.py"),
    ]


@pytest.mark.slow
def test_una_clase(tmp_path: Path) -> None:
    clase = tmp_path / "clase"
    clase.mkdir()
    entrega(clase, MALOS["sale_enseguida"], "=ana.py")
    (clase / "beto").mkdir()
    resumen = califica_clase(clase, tmp_path / "notas")
    filas = list(csv.DictReader(resumen.read_text(encoding="utf-8-sig").splitlines()))
    assert [(f["alumno"], f["puntos"], f["de"]) for f in filas] == [("'=ana", "0", "10"), ("beto", "0", "10")]
    assert "No existe" in (tmp_path / "notas" / "beto.md").read_text(encoding="utf-8")


@pytest.mark.slow
def test_la_orden(tmp_path: Path) -> None:
    fichero = entrega(tmp_path, MALOS["sale_enseguida"])
    curso = Path(proceso.__file__).parents[2]
    hecho = subprocess.run(
        [sys.executable, "-m", "tarea.calificador", str(fichero)],
        cwd=curso,
        capture_output=True,
        text=True,
        check=False,
    )
    assert hecho.returncode == 1
    assert "terminó solo nada más arrancar" in hecho.stdout
    assert "hola" in hecho.stdout
