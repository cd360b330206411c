"""El testigo apunta lo que los hilos hacen, y encuentra el círculo de un interbloqueo.

Aquí va lo que se apunta y lo que se pregunta. No va aquí cómo se dibuja (`test_cronograma.py`).
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from contextlib import suppress

import pytest

from laboratorio import EsperaAgotada, Interbloqueo, Testigo, arranca, espera


def en_otro_hilo(testigo: Testigo, hace: Callable[[], object], nombre: str = "otro") -> threading.Thread:
    hilo = testigo.Thread(hace, name=nombre)
    hilo.start()
    return hilo


def espera_a_que_espere(testigo: Testigo, cuantos: int = 1) -> None:
    """Hasta que tantos hilos hayan empezado a esperar."""
    limite = threading.Event()
    for _ in range(12_000):
        if sum(t.clase == "espera" for t in testigo.tramos) >= cuantos:
            return
        limite.wait(0.005)
    raise AssertionError("nadie espera")


def clases(testigo: Testigo, hilo: str) -> list[str]:
    return [t.clase for t in testigo.tramos if t.hilo == hilo and t.clase != "vive"]


def test_los_tramos_llevan_la_hora_del_reloj_que_se_da() -> None:
    horas = iter([10.0, 12.0, 15.0])
    testigo = Testigo(reloj=lambda: next(horas))
    with testigo.Lock("libro"):
        pass
    (tramo,) = testigo.tramos
    assert (tramo.recurso, tramo.clase, tramo.desde, tramo.hasta) == ("libro", "tiene", 2.0, 5.0)


@pytest.mark.parametrize("clase", ["Lock", "RLock", "Semaphore", "BoundedSemaphore"])
def test_quien_llega_segundo_espera_y_luego_tiene(clase: str) -> None:
    testigo = Testigo()
    recurso = getattr(testigo, clase)("libro")

    def lee() -> None:
        with recurso:
            pass

    with recurso:
        hilo = en_otro_hilo(testigo, lee)
        espera_a_que_espere(testigo)
        assert testigo.tienen("libro") == [threading.current_thread().name]
    espera(hilo)
    assert clases(testigo, "otro") == ["espera", "tiene"]
    assert testigo.maximo_a_la_vez("libro") == 1
    assert testigo.tienen("libro") == []


def test_sin_bloquear_no_se_espera() -> None:
    testigo = Testigo()
    libro = testigo.Lock("libro")
    libro.acquire()
    vistos: list[bool] = []
    espera(en_otro_hilo(testigo, lambda: vistos.append(libro.acquire(blocking=False))))
    espera(en_otro_hilo(testigo, lambda: vistos.append(libro.acquire(timeout=0.01))))
    assert vistos == [False, False]
    assert libro.locked()


def test_un_rlock_se_toma_dos_veces_y_se_dibuja_una() -> None:
    testigo = Testigo()
    libro = testigo.RLock("libro")
    with libro:
        with libro:
            assert testigo.tienen("libro")
        assert testigo.tienen("libro")
    assert [t.clase for t in testigo.tramos] == ["tiene"]
    assert testigo.tienen("libro") == []


def test_un_semaforo_deja_pasar_a_tantos_como_dice() -> None:
    testigo = Testigo()
    fogones, juntos = testigo.Semaphore("fogones", 2), threading.Barrier(2)

    def frie() -> None:
        with fogones:
            juntos.wait(60)

    arranca(testigo.Thread(frie, name=f"h{n}") for n in range(4))
    assert testigo.maximo_a_la_vez("fogones") == 2


def test_un_semaforo_lo_puede_soltar_otro() -> None:
    testigo = Testigo()
    permiso = testigo.Semaphore("permiso")
    permiso.acquire()
    espera(en_otro_hilo(testigo, permiso.release))
    assert testigo.tienen("permiso") == []


def test_dos_que_sueltan_lo_ajeno_a_la_vez_sueltan_dos() -> None:
    """Ninguno lo tomó, así que cada uno suelta uno de los que haya: no los dos el mismo."""
    horas = threading.Barrier(2, timeout=0.5)
    sueltan = threading.Event()

    def reloj() -> float:
        if sueltan.is_set():
            with suppress(threading.BrokenBarrierError):  # si no pueden mirar la hora los dos a la vez, mejor
                horas.wait()
        return 0.0

    testigo = Testigo(reloj=reloj)
    permisos = testigo.Semaphore("permisos", 2)
    for _ in range(2):
        espera(en_otro_hilo(testigo, permisos.acquire))
    sueltan.set()
    arranca(threading.Thread(target=permisos.release) for _ in range(2))
    assert testigo.tienen("permisos") == []


def test_el_semaforo_limitado_protesta() -> None:
    with pytest.raises(ValueError, match="released too many"):
        Testigo().BoundedSemaphore("permiso", 2).release()


def test_la_barrera_se_abre_para_todos() -> None:
    testigo = Testigo()
    barrera, hecho = None, []
    barrera = testigo.Barrier("mesa", 3, lambda: hecho.append("abierta"))
    arranca(testigo.Thread(barrera.wait, name=f"h{n}") for n in range(3))
    assert hecho == ["abierta"]
    assert [m.texto for m in testigo.marcas] == ["se abre la barrera"]


def test_la_barrera_rota_se_ve() -> None:
    testigo = Testigo()
    barrera = testigo.Barrier("mesa", 2)
    hilo = testigo.Thread(lambda: barrera.wait(0.01), name="solo")
    hilo.start()
    espera(hilo)
    assert isinstance(hilo.error, threading.BrokenBarrierError)
    assert barrera.broken
    assert testigo.marcas[0].texto == "barrera rota"


def test_una_condicion_se_suelta_mientras_se_espera() -> None:
    testigo = Testigo()
    barra, platos = testigo.Condition("barra"), list[str]()

    def camarero() -> None:
        with barra:
            assert barra.wait_for(lambda: bool(platos), timeout=60)

    hilo = testigo.Thread(camarero, name="camarero")
    hilo.start()
    espera_a_que_espere(testigo)
    with barra:
        platos.append("sopa")
        barra.notify_all()
    espera(hilo)
    assert hilo.error is None
    assert clases(testigo, "camarero") == ["tiene", "espera", "tiene"]


def test_una_condicion_que_no_llega_se_acaba() -> None:
    barra = Testigo().Condition("barra")
    with barra:
        assert barra.wait_for(lambda: False, timeout=0.01) is False
        assert barra.wait(0.01) is False


def test_un_aviso_despierta() -> None:
    testigo = Testigo()
    aviso = testigo.Event("ya")
    hilo = en_otro_hilo(testigo, aviso.wait)
    espera_a_que_espere(testigo)
    aviso.set()
    espera(hilo)
    assert aviso.wait() is True
    aviso.clear()
    assert not aviso.is_set()


def test_una_cola_llena_y_una_vacia_hacen_esperar() -> None:
    testigo = Testigo()
    cola = testigo.Queue("cola", maxsize=1)
    hilo = en_otro_hilo(testigo, lambda: [cola.put(n) for n in range(2)])
    espera_a_que_espere(testigo)
    assert [cola.get(60), cola.get(60)] == [0, 1]
    espera(hilo)
    assert testigo.tramos[1].recurso == "sitio en cola"
    with pytest.raises(queue.Empty):
        cola.get(0.01)
    assert max(cuantos for _, cuantos in cola.llenado) == 1


def test_un_temporizador_salta_o_se_cancela() -> None:
    testigo, saltos = Testigo(), list[str]()
    salta = testigo.Timer("salta", 0.01, lambda: saltos.append("salta"))
    nunca = testigo.Timer("nunca", 30, lambda: saltos.append("nunca"))
    salta.start()
    nunca.start()
    nunca.cancel()
    espera(salta, nunca)
    assert saltos == ["salta"]
    assert clases(testigo, "salta") == ["arma", "trabaja"]
    assert clases(testigo, "nunca") == ["arma"]


def abrazo(testigo: Testigo, hilos: int = 2) -> list[threading.Thread]:
    """Cada hilo toma un cerrojo y pide el del siguiente."""
    cerrojos = [testigo.Lock(f"c{n}") for n in range(hilos)]
    juntos = threading.Barrier(hilos)

    def trabaja(n: int) -> None:
        with cerrojos[n]:
            juntos.wait(60)
            with cerrojos[(n + 1) % hilos]:
                pass

    lista: list[threading.Thread] = [testigo.Thread(trabaja, name=f"h{n}", args=(n,)) for n in range(hilos)]
    arranca(lista)
    return lista


@pytest.mark.parametrize("hilos", [2, 3])
def test_se_encuentra_el_circulo_y_se_rompe(hilos: int) -> None:
    testigo = Testigo()
    errores = [getattr(h, "error", None) for h in abrazo(testigo, hilos)]
    assert sorted(testigo.ciclo) == [(f"h{n}", f"c{(n + 1) % hilos}") for n in range(hilos)]
    assert any(isinstance(e, Interbloqueo) for e in errores)
    assert "Interbloqueo" in testigo.explica()


def test_esperar_sin_circulo_no_es_interbloqueo() -> None:
    testigo = Testigo(paciencia=0.05)
    libro = testigo.Lock("libro")
    with libro:
        hilo = testigo.Thread(libro.acquire, name="otro")
        hilo.start()
        espera(hilo)
    assert type(hilo.error) is EsperaAgotada
    assert "tiene" in str(hilo.error)
    assert testigo.explica() == ""


def test_lo_esperado_suma() -> None:
    horas = iter([0.0, 1.0, 3.0, 4.0])
    testigo = Testigo(reloj=lambda: next(horas))
    tramo = testigo.empieza("espera", "libro")
    testigo.termina(tramo)
    assert testigo.esperado("espera", "libro") == 2.0


def test_espera_dice_quien_no_termina() -> None:
    fin = threading.Event()
    hilo = threading.Thread(target=fin.wait, name="terco", daemon=True)
    hilo.start()
    with pytest.raises(EsperaAgotada, match="terco"):
        espera(hilo, segundos=0.01)
    fin.set()
    espera(hilo)
