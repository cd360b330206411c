"""El chat con un modelo: memoria por cliente, trozos, turnos, plazos, y un proveedor que falla.

Aquí va con un proveedor de mentira. No va aquí ningún modelo de verdad, salvo el pequeño de las pruebas.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from charla import modelo
from charla.modelo import ErrorDelModelo, Guion, Mensaje, ModeloHttp, ModeloLocal
from charla.servidor_gpt import AjustesGpt, ClienteGpt, ServidorGpt, desescapa, escapa
from laboratorio import Testigo, arranca

CLAVE = "sk-secreta-de-prueba"
PEQUENO = Path(os.environ.get("TERTULIA_TEST_MODELS", "data/models")) / "SmolLM2-135M-Instruct.Q4_1.gguf"


def guion(*respuestas: str) -> Guion:
    return Guion(respuestas or ("llevas {n}; la primera fue {primera}",), pausa=lambda: None)


# --- El servidor ------------------------------------------------------------------------------------------


def test_cada_uno_tiene_su_conversacion() -> None:
    with ServidorGpt(guion()) as servidor, ClienteGpt(*servidor.direccion) as ana:
        with ClienteGpt(*servidor.direccion) as beto:
            ana.pregunta("soy ana")
            assert ana.pregunta("¿y yo?").texto == "llevas 2; la primera fue soy ana"
            assert beto.pregunta("soy beto").texto == "llevas 1; la primera fue soy beto"
        ana.di("/olvida")
        ana.espera("=")
        assert ana.pregunta("¿quién soy?").texto == "llevas 1; la primera fue ¿quién soy?"


def test_llega_a_trozos_y_con_saltos_de_linea() -> None:
    trozos: list[str] = []
    with ServidorGpt(guion("uno\ndos tres\\n")) as servidor, ClienteGpt(*servidor.direccion) as ana:
        respuesta = ana.pregunta("¿?", trozos.append)
    assert trozos == ["uno\ndos ", "tres\\n "]
    assert respuesta.texto == "uno\ndos tres\\n"
    assert 0 < respuesta.primero <= respuesta.ultimo


@pytest.mark.parametrize("texto", ["", "a\nb", "\\n", "\\\\n\n", "C:\\nuevo\\"])
def test_lo_que_se_escapa_vuelve(texto: str) -> None:
    assert "\n" not in escapa(texto)
    assert desescapa(escapa(texto)) == texto


class Atascado:
    """No contesta hasta que se le deja, o se le manda parar."""

    nombre = "atascado"

    def __init__(self) -> None:
        self.sigue = threading.Event()

    def responde(self, mensajes: Sequence[Mensaje], parar: threading.Event) -> Iterator[str]:
        while not self.sigue.is_set() and not parar.wait(0.01):
            pass
        yield "ya"

    def cierra(self) -> None:
        pass


def test_una_respuesta_que_no_acaba_se_corta() -> None:
    with (
        ServidorGpt(Atascado(), AjustesGpt(plazo=0.1)) as servidor,
        ClienteGpt(*servidor.direccion) as ana,
        pytest.raises(ErrorDelModelo, match="se ha cortado"),
    ):
        ana.pregunta("¿?")


def test_el_semaforo_reparte_y_quien_no_cabe_lo_sabe() -> None:
    atascado, testigo = Atascado(), Testigo()
    quejas: list[str] = []
    with ServidorGpt(atascado, AjustesGpt(a_la_vez=1, cola=0.1), testigo) as servidor:

        def pregunta() -> None:
            with ClienteGpt(*servidor.direccion) as yo:
                try:
                    yo.pregunta("¿?")
                except ErrorDelModelo as error:
                    quejas.append(error.motivo)
                    atascado.sigue.set()

        arranca(threading.Thread(target=pregunta, name=f"p{n}") for n in range(2))
    assert testigo.maximo_a_la_vez("modelo") == 1
    assert len(quejas) == 1
    assert "demasiada gente" in quejas[0]


# --- El proveedor por HTTP --------------------------------------------------------------------------------


class Falso(BaseHTTPRequestHandler):
    pedidos: list[dict[str, object]] = []  # noqa: RUF012

    def do_POST(self) -> None:
        pedido = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.pedidos.append({**pedido, "clave": self.headers["Authorization"]})
        veces = sum(p["model"] == pedido["model"] for p in self.pedidos)
        codigo = {"401": 401, "429": 429}.get(
            pedido["model"], 500 if pedido["model"] == "tarda" and veces < 2 else 200
        )
        self.send_response(codigo)
        self.end_headers()
        if codigo == 200:
            for trozo in ("Ho", "la"):
                self.wfile.write(
                    b"data: " + json.dumps({"choices": [{"delta": {"content": trozo}}]}).encode() + b"\n\n"
                )
            self.wfile.write(
                b'data: {"ro' if pedido["model"] == "roto" else b'data: {"choices": []}\n\ndata: [DONE]\n\n'
            )

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def base() -> Iterator[str]:
    Falso.pedidos.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Falso) as servidor:
        hilo = threading.Thread(target=servidor.serve_forever)
        hilo.start()
        yield f"http://127.0.0.1:{servidor.server_address[1]}/v1"
        servidor.shutdown()
        hilo.join()


def dicho(base: str, cual: str) -> str:
    proveedor = ModeloHttp(base, CLAVE, cual, cual)
    return "".join(proveedor.responde([{"role": "user", "content": "¿?"}], threading.Event()))


def test_se_pregunta_y_se_lee_a_trozos(base: str) -> None:
    assert dicho(base, "bien") == "Hola"
    assert Falso.pedidos[0]["clave"] == f"Bearer {CLAVE}"
    assert Falso.pedidos[0]["stream"] is True


@pytest.mark.parametrize(
    ("cual", "motivo", "veces"), [("401", "clave", 1), ("429", "demasiadas", 3), ("roto", "entiende", 1)]
)
def test_los_fallos_tienen_motivo_y_solo_se_insiste_si_sirve(
    base: str, cual: str, motivo: str, veces: int
) -> None:
    with pytest.raises(ErrorDelModelo, match=motivo) as fallo:
        dicho(base, cual)
    assert len(Falso.pedidos) == veces
    assert CLAVE not in str(fallo.value)


def test_lo_pasajero_se_repite(base: str) -> None:
    assert dicho(base, "tarda") == "Hola"
    assert len(Falso.pedidos) == 2


def test_sin_nadie_al_otro_lado_se_dice() -> None:
    with pytest.raises(ErrorDelModelo, match="no se llega"):
        dicho("http://127.0.0.1:1/v1", "x")


# --- Qué se elige -----------------------------------------------------------------------------------------


def test_clave_luego_local_luego_guion(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        modelo, "fichero_local", lambda entorno: Path("x.gguf") if entorno.get("HAY") else None
    )
    assert modelo.que_hay({"OPENAI_API_KEY": CLAVE, "HAY": "1"}) == "openai"
    assert modelo.que_hay({"HAY": "1"}) == "local"
    assert modelo.que_hay({}) == "guion"
    assert modelo.que_hay({"OPENAI_API_KEY": CLAVE, modelo.ELEGIDO: "guion"}) == "guion"
    openai = modelo.elige({"OPENAI_API_KEY": CLAVE, "OPENAI_MODEL": "uno"})
    assert "uno" in openai.nombre
    assert CLAVE not in openai.nombre
    assert isinstance(modelo.elige({}), Guion)


class Lento(Guion):
    """Da la primera palabra enseguida y no acaba hasta que se le deja."""

    def __init__(self, seguir: threading.Event) -> None:
        super().__init__(("uno dos",))
        self._seguir = seguir

    def responde(self, mensajes: Sequence[Mensaje], parar: threading.Event) -> Iterator[str]:
        yield "uno "
        self._seguir.wait(60)
        yield "dos"


def test_solo_conversa_quien_acaba_una_respuesta_a_tiempo() -> None:
    seguir = threading.Event()
    lento = Lento(seguir)
    assert not modelo.conversa(lento, segundos=0.05)
    seguir.set()
    assert modelo.conversa(lento, segundos=60)
    assert not modelo.conversa(ModeloHttp("http://127.0.0.1:1/v1", "", "", ""), segundos=0.05)


@pytest.mark.slow
def test_un_modelo_local_que_no_arranca_deja_el_guion(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(modelo, "fichero_local", lambda entorno: tmp_path / "no-existe.gguf")
    assert isinstance(modelo.elige({}), Guion)


@pytest.mark.inference
@pytest.mark.skipif(not PEQUENO.is_file(), reason="el modelo de las pruebas no está en su carpeta")
def test_el_modelo_local_contesta() -> None:
    local = ModeloLocal(PEQUENO)
    try:
        ajustes = AjustesGpt(plazo=300)
        with ServidorGpt(local, ajustes) as servidor, ClienteGpt(*servidor.direccion) as ana:
            assert ana.pregunta("Say hello.", segundos=300).texto
    finally:
        local.cierra()
