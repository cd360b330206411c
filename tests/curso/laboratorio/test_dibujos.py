"""Los dibujos dicen lo que dicen los datos, y ninguno está vacío.

Aquí van el cronograma, las gráficas y el diagrama de secuencia. No va aquí de dónde salen sus datos.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from laboratorio.cronograma import cronograma
from laboratorio.dibujo import Dibujo, lienzo
from laboratorio.grabadora import Suceso
from laboratorio.graficas import barras, barras_dobles, lineas
from laboratorio.rele import Paso
from laboratorio.secuencia import de_pasos, secuencia
from laboratorio.testigo import Marca, Tramo

TRAMOS = [
    Tramo("ana", "horno", "tiene", 0.0, 1.0),
    Tramo("ana", "bandeja", "espera", 0.5, None, en_circulo=True),
    Tramo("beto", "bandeja", "tiene", 0.1),
    Tramo("beto", "algo en cola", "espera", 1.0, 1.5),
    Tramo("beto", "", "vive", 0.0, 2.0),
    Tramo("reloj", "alarma", "arma", 0.0, 0.5),
    Tramo("reloj", "alarma", "trabaja", 0.5, 0.7),
]


def rayados(dibujo: Dibujo) -> int:
    return sum(p.get_hatch() == "////" for p in dibujo.figura.axes[0].patches)


def test_lo_que_espera_va_rayado_y_lo_que_tiene_lleno() -> None:
    dibujo = cronograma(TRAMOS, [Marca("beto", "se abre la barrera", 0.4)], hasta=2.0, titulo="Prueba")
    assert rayados(dibujo) == 2
    assert [t.get_text() for t in dibujo.figura.axes[0].get_yticklabels()] == ["ana", "beto", "reloj"]
    assert "2 esperas, 2.00 s en total" in dibujo.descripcion


def test_lo_que_coincide_en_un_hilo_no_se_tapa() -> None:
    ejes = cronograma(TRAMOS[:2], hasta=2.0).figura.axes[0]
    tiene, espera = ejes.patches[:2]
    assert tiene.get_y() + tiene.get_height() <= espera.get_y() + 1e-9  # type: ignore[attr-defined]


def test_un_ciclo_se_dibuja_aparte() -> None:
    dibujo = cronograma(TRAMOS, ciclo=[("ana", "bandeja"), ("beto", "horno")], hasta=2.0)
    textos = {t.get_text() for t in dibujo.figura.axes[1].texts}
    assert {"ana", "beto", "bandeja", "horno", "espera", "lo tiene"} <= textos
    assert "interbloqueo" in dibujo.descripcion


def test_una_figura_vacia_no_se_acepta() -> None:
    figura, _ = lienzo(1)
    with pytest.raises(ValueError, match="vacía"):
        Dibujo(figura, "nada")


def test_un_dibujo_se_guarda_y_se_ensena(tmp_path: Path) -> None:
    dibujo = barras({"uno": 1.0, "dos": 2.5}, titulo="Cuánto", unidad="s")
    dibujo.guardar(tmp_path / "d.png")
    assert (tmp_path / "d.png").read_bytes().startswith(b"\x89PNG")
    assert dibujo._repr_html_().startswith('<figure class="dibujo"')
    assert dibujo.svg().startswith("<svg")
    assert repr(dibujo) == "[Figura: Cuánto: uno 1.00 s, dos 2.50 s.]"


def test_las_graficas_llevan_sus_cifras() -> None:
    dobles = barras_dobles({"a": 1.0}, {"a": 3.0}, titulos=("T", "M"), unidades=("s", "MB"))
    assert dobles.descripcion == "T: a 1.00 s; M: a 3.00 MB."
    dibujo = lineas(
        {"medido": [(1, 1), (2, 1.5)], "ideal": [(1, 1), (2, 2)]}, titulo="V", x="x", y="y", entero=True
    )
    assert "medido acaba en 1.50" in dibujo.descripcion


def test_una_conversacion_tiene_una_flecha_por_mensaje() -> None:
    pasos = [
        Paso(0, "ida", b"hola", 0.0, (0.01,)),
        Paso(1, "ida", "¿estás?".encode(), 0.1, ()),
        Paso(2, "vuelta", b"doble", 0.2, (0.2, 0.3)),
    ]
    sucesos = de_pasos(pasos)
    assert [s.perdido for s in sucesos] == [False, True, False, False]
    dibujo = secuencia(sucesos, titulo="Prueba")
    assert dibujo.descripcion == "Conversación entre cliente y servidor: 4 mensajes, 1 perdidos."
    textos = [t.get_text() for t in dibujo.figura.axes[0].texts]
    assert "¿estás?" in textos


def test_una_conversacion_larga_se_corta_y_lo_dice() -> None:
    sucesos = [Suceso(n / 10, "a", "b", "x" * 80) for n in range(60)]
    assert "de 60" in secuencia(sucesos).descripcion
