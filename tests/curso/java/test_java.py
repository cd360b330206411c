"""Los programas en Java pasan sus pruebas de JUnit, y se entienden con los de Python y con Tertulia.

Aquí va lo que cruza lenguajes. Las pruebas de cada clase de Java están en `curso/java/test`.
"""

from __future__ import annotations

import shutil
import subprocess
import threading
from pathlib import Path

import pytest

from charla.cliente import Cliente, ClienteIrc
from charla.servidor import ServidorHilos
from laboratorio import java, tertulia
from laboratorio.avisos import Falta
from taller.java import compila
from taller.lugares import CURSO

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("javac") is None, reason="aquí no hay compilador de Java"),
]
JARES = Path("/usr/share/java")


@pytest.fixture(scope="module")
def jar(tmp_path_factory: pytest.TempPathFactory) -> Path:
    hecho = tmp_path_factory.mktemp("jar") / "charla.jar"
    assert compila(CURSO / "java", hecho)
    return hecho


@pytest.fixture(autouse=True)
def en_la_carpeta_del_jar(jar: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(jar.parent)


def test_las_pruebas_de_junit(jar: Path, tmp_path: Path) -> None:
    jares = [*JARES.glob("junit-*.jar"), *JARES.glob("opentest4j*.jar"), *JARES.glob("apiguardian*.jar")]
    jares += [*JARES.glob("univocity*.jar"), *JARES.glob("picocli*.jar")]
    if not any("console" in j.name for j in jares):
        pytest.skip("aquí no está JUnit 5 (en Debian, el paquete junit5)")
    camino = ":".join(map(str, [jar, *jares]))
    fuentes = [str(f) for f in (CURSO / "java" / "test").rglob("*.java")]
    subprocess.run(
        ["javac", "--release", "17", "-encoding", "UTF-8", "-cp", camino, "-d", str(tmp_path), *fuentes],
        check=True,
    )
    hecho = subprocess.run(
        ["java", "-cp", f"{tmp_path}:{camino}", "org.junit.platform.console.ConsoleLauncher",
         f"--scan-classpath={tmp_path}", "--fail-if-no-tests", "--disable-banner", "--details=tree"],
        capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    assert hecho.returncode == 0, hecho.stdout + hecho.stderr
    assert " 25 tests successful " in hecho.stdout


def habla_con_java(python: Cliente, anfitrion: str, puerto: int, *mas: str) -> None:
    """Un cliente de Java entra, dice y espera; el de Python, ya dentro, le oye y le contesta."""
    oido: list[str] = []
    orden = ("cliente", anfitrion, str(puerto), "javi", *mas)
    hilo = threading.Thread(target=lambda: oido.append(java.corre(*orden)), daemon=True)
    hilo.start()
    python.espera("hola desde Java, señora 🎈", 300)  # antes tiene que arrancar una máquina de Java
    python.di("hola desde Python")
    hilo.join(300)
    assert "hola desde Python" in oido[0]


def test_cliente_de_java_y_servidor_de_python() -> None:
    with ServidorHilos() as servidor, Cliente(*servidor.direccion) as ana:
        ana.entra("ana")
        habla_con_java(ana, *servidor.direccion)


def test_clientes_de_los_dos_y_servidor_de_java() -> None:
    with java.servidor() as direccion, Cliente(*direccion) as ana, Cliente(*direccion) as beto:
        ana.entra("ana")
        assert beto.entra("beto") == "* Hola, beto. Están: ana, beto"
        habla_con_java(ana, *direccion)
        beto.espera("* javi se va")


@pytest.mark.parametrize("puerta", ["plain", "irc"])
def test_los_dos_clientes_en_tertulia(puerta: str) -> None:
    with tertulia.servidor("guion") as sala:
        direccion = sala.irc if puerta == "irc" else sala.plain
        with ClienteIrc(*sala.irc) as ana:
            ana.entra("ana")
            habla_con_java(ana, *direccion, *(["irc"] if puerta == "irc" else []))


def test_una_carga_se_mide() -> None:
    with ServidorHilos() as servidor:
        assert 0 < java.carga(servidor.direccion, 3, 5) < 180


def test_la_grabadora_de_vuelo_ve_la_barrera_y_el_cerrojo() -> None:
    try:
        tramos = java.contienda()
    except Falta as falta:
        pytest.skip(str(falta))
    assert {t.hilo for t in tramos} == {"ana", "beto", "carla"}
    assert {t.recurso for t in tramos if t.clase == "espera"} == {"barrera", "libreta"}
    assert {t.hilo for t in tramos if t.clase == "espera" and t.recurso == "barrera"} == {"ana", "beto"}


def test_las_horas_de_la_grabadora() -> None:
    suceso = {
        "type": "jdk.ThreadPark",
        "values": {
            "startTime": "2026-11-22T18:00:01.250000+01:00",
            "duration": "PT1M0.5S",
            "eventThread": {"javaName": "ana"},
        },
    }
    (tramo,) = java.tramos_de({"recording": {"events": [suceso, {"type": "x", "values": {}}]}}, ["ana"])
    assert (tramo.desde, tramo.hasta, tramo.recurso) == (0.0, 60.5, "barrera")


def test_la_medianoche_no_da_la_vuelta_al_dibujo() -> None:
    def sueno(hilo: str, hora: str) -> dict[str, object]:
        valores = {"startTime": hora, "duration": "PT0.5S", "eventThread": {"javaName": hilo}}
        return {"type": "jdk.ThreadSleep", "values": valores}

    sucesos = [
        sueno("ana", "2026-11-22T23:59:59.500000000Z"),
        sueno("beto", "2026-11-23T00:00:00.250000000Z"),
    ]
    tramos = java.tramos_de({"recording": {"events": sucesos}}, ["ana", "beto"])
    assert [(t.hilo, t.desde) for t in tramos] == [("ana", 0.0), ("beto", 0.75)]
