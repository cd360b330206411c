"""Las pruebas de la tarea, una por fila del enunciado, con la explicación de cada fallo.

Aquí va qué se prueba y qué se le dice al alumno. No va aquí cómo se arranca su programa (`programa.py`).
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass

from tarea.calificador import persona as paciente
from tarea.calificador.persona import OIR_SEGUNDOS, NoOye, Persona
from tarea.calificador.programa import Programa

_TEXTO = "¿Qué pasó, señora Ñáñez? 🎈"
_CIERRE_SEGUNDOS = 5.0
_INTENTOS = 12
_MARCHAS = 3  # veces que se van de golpe: a un programa mal hecho, una vez puede salirle bien por suerte
_HABLA_BYTES = 1_000_000  # además de lo que el sistema guarde: lo que cabe en una cola razonable
_TOPE_BYTES = 16_000_000  # si el sistema guarda más, aquí se deja de medir
_CITA = 80  # letras de una línea oída que se enseñan


class Falla(Exception):
    """Lo que el programa hizo mal, en palabras para el alumno."""


@dataclass(frozen=True, slots=True)
class Prueba:
    """`por_que` dice para qué importa; `pista`, por dónde empezar a buscar."""

    nombre: str
    puntos: int
    titulo: str
    hace: Callable[[Programa, ExitStack], None]
    por_que: str
    pista: str


def gente(programa: Programa, pila: ExitStack, *nombres: str) -> list[Persona]:
    """Personas con estos nombres, y todas dentro: ya oyen a la primera."""
    primera = entra(programa, pila, nombres[0])
    return [primera, *llegan(programa, pila, primera, nombres[0], nombres[1:])]


def llegan(
    programa: Programa, pila: ExitStack, primera: Persona, su_nombre: str, nombres: Sequence[str]
) -> list[Persona]:
    """Otras personas, cuando ya hay una dentro, que al volver de aquí ya la oyen."""
    personas = [entra(programa, pila, nombre) for nombre in nombres]
    for nombre, persona in zip(nombres, personas, strict=True):
        _ya_se_oyen(primera, su_nombre, persona, nombre)
    return personas


def entra(programa: Programa, pila: ExitStack, nombre: str) -> Persona:
    """Una persona que ha dicho su nombre; quizá el programa aún no la ha dejado entrar."""
    persona = llega(programa, pila)
    with contado(f"Al llegar {nombre}"):
        persona.entra(nombre)
    return persona


def _ya_se_oyen(primera: Persona, su_nombre: str, otra: Persona, otro_nombre: str) -> None:
    with contado(f"{su_nombre} habló y {otro_nombre} no oyó nada suyo a tiempo"):
        primera.di(f"¿se me oye, {otro_nombre}?")
        _oye_al_fin(otra, primera, su_nombre, f"¿se me oye, {otro_nombre}?", OIR_SEGUNDOS)


def _oye_al_fin(quien: Persona, habla: Persona, su_nombre: str, frase: str, segundos: float) -> None:
    """Espera una frase ya dicha, que se repite si no llega: quizá a quien oye aún lo dejan entrar."""
    for intento in range(_INTENTOS):
        try:
            quien.oye(su_nombre, frase, segundos / _INTENTOS)
            return
        except NoOye as no:
            if no.colgado or no.inundado or intento == _INTENTOS - 1:
                raise
        habla.di(frase)


def llega(programa: Programa, pila: ExitStack, *, guarda_poco: bool = False) -> Persona:
    try:
        persona = Persona(programa.puerto, guarda_poco=guarda_poco)
    except OSError:
        raise Falla(
            "No se puede conectar: el servidor ya no acepta a nadie (¿ha terminado, o está ocupado?)."
        ) from None
    pila.callback(persona.cierra)
    return persona


@contextmanager
def contado(que: str) -> Iterator[None]:
    """Convierte lo que no se oyó en una frase que empieza por `que`."""
    try:
        yield
    except NoOye as no:
        if no.inundado:
            raise Falla(
                f"{que}: el servidor ha enviado más de cuatro megabytes sin que nadie hablara."
            ) from None
        oido = "; lo último que llegó fue " + _cita(no.oido[-1]) if no.oido else "; no llegó nada"
        cuelgue = " El servidor colgó la conexión." if no.colgado else ""
        raise Falla(f"{que}: se esperaba {no.que}{oido}.{cuelgue}") from None


def _cita(linea: str) -> str:
    """Una línea oída, como código: en Markdown un `<ana>` suelto se tomaría por HTML."""
    corta = linea if len(linea) <= _CITA else linea[:_CITA] + "..."
    return "`" + corta.replace("`", "'") + "`"


# --- Las pruebas ------------------------------------------------------------------------------------------


def pregunta(programa: Programa, pila: ExitStack) -> None:
    with contado("Al conectar"):
        llega(programa, pila).pregunta()


def difusion(programa: Programa, pila: ExitStack) -> None:
    ana, beto, carla = gente(programa, pila, "ana", "beto", "carla")
    with contado("Ana habló y beto no la oyó"):
        ana.di("hola a todos")
        beto.oye("ana", "hola a todos")
    with contado("Ana habló y carla no la oyó"):
        carla.oye("ana", "hola a todos")
    for n in range(3):
        with contado(f"Carla dijo tres frases y a ana no le llegó la {n + 1}.ª, o no en su orden"):
            carla.di(f"frase {n} de carla")
            ana.oye("carla", f"frase {n} de carla")


def nombres(programa: Programa, pila: ExitStack) -> None:
    ana, beto = gente(programa, pila, "ana", "beto")
    otra = llega(programa, pila)
    with contado("Al conectar"):
        otra.entra("ana")
    with contado("Una segunda persona dijo llamarse «ana», que ya está"):
        otra.pregunta()
    with contado("Una persona envió un nombre vacío"):
        otra.di("")
        otra.pregunta()
    callado = llega(programa, pila)
    with contado("Al conectar"):
        callado.pregunta()
    ana.di("esto es solo para los que tienen nombre")
    with contado("Ana habló y beto no la oyó"):
        beto.oye("ana", "solo para los que tienen nombre")
    with contado("Ana volvió a hablar y beto no la oyó"):
        ana.di("y esto también")  # cuando llega, lo anterior ya está repartido
        beto.oye("ana", "y esto también")
    if any("solo para los que tienen nombre" in linea for linea in callado.calla(0.5 * paciente.PACIENCIA)):
        raise Falla("Quien todavía no ha dicho su nombre oye ya lo que dicen los demás.")
    with contado("Después de dos nombres que no valían, la persona dijo «carla»"):
        otra.di("carla")
        otra.di("ya estoy")
        beto.oye("carla", "ya estoy")


def byte_a_byte(programa: Programa, pila: ExitStack) -> None:
    ana, beto = gente(programa, pila, "ana", "beto")
    for byte in (_TEXTO + "\n").encode():
        ana.crudo(bytes([byte]))
        if not programa.lee_todo(ana.puerto, 1.0):
            time.sleep(0.003)  # aquí no se sabe cuándo lo lee
    with contado("Ana envió una frase con eñes, byte a byte"):
        beto.espera(
            lambda linea: "ana" in linea and _TEXTO in linea, f"una sola línea con «ana» y «{_TEXTO}»"
        )


def dos_en_uno(programa: Programa, pila: ExitStack) -> None:
    ana, beto = gente(programa, pila, "ana", "beto")
    ana.crudo(b"uno, el primero\ndos, el segundo\ntres, a med")
    for numero, texto in enumerate(("uno, el primero", "dos, el segundo"), 1):
        with contado(f"Ana envió dos frases y media de una vez, y la {numero}.ª no llegó en su propia línea"):
            linea = beto.oye("ana", texto)
            if "primero" in linea and "segundo" in linea:
                raise Falla("Ana envió dos frases de una vez y llegaron pegadas en una sola línea.")
    if any("tres, a" in linea for linea in beto.calla(0.4 * paciente.PACIENCIA)):
        raise Falla("Ana envió media frase, sin su salto de línea, y el servidor la dio por entera.")
    with contado("Ana envió la segunda mitad de su tercera frase"):
        ana.crudo(b"ias\n")
        beto.oye("ana", "tres, a medias")


def se_va(programa: Programa, pila: ExitStack) -> None:
    ana, beto = gente(programa, pila, "ana", "beto")
    for n in range(_MARCHAS):
        se_iran = tuple(f"{nombre}{n}" for nombre in ("carla", "dani", "eva"))
        carla, dani, eva = llegan(programa, pila, ana, "ana", se_iran)
        with programa.parado():  # lo que pasa mientras está ocupado: al seguir, aún no sabe quién falta
            dani.cierra()
            carla.corta()
            eva.corta()
            ana.di(f"¿sigue ahí alguien? {n}")
        with contado("Carla y eva cortaron sin avisar y dani cerró; ana siguió hablando"):
            beto.oye("ana", f"¿sigue ahí alguien? {n}")
    for n in range(5):
        with contado("Carla y eva cortaron sin avisar y dani cerró; ana siguió hablando"):
            ana.di(f"¿queda alguien más? {n}")
            beto.oye("ana", f"¿queda alguien más? {n}")
        beto.calla(0.15 * paciente.PACIENCIA)  # el programa tarda lo suyo en enterarse de que se han ido
    (nueva,) = gente(programa, pila, "elena")
    with contado("Después de que se fueran, entró elena"):
        nueva.di("acabo de llegar")
        beto.oye("elena", "acabo de llegar")


def lento(programa: Programa, pila: ExitStack) -> None:
    ana, beto = gente(programa, pila, "ana", "beto")
    bytes_de_sobra = _HABLA_BYTES + 4 * _cabe_sin_leer()
    dormido = llega(programa, pila, guarda_poco=True)
    with contado("Al llegar una persona que va a dormirse"):
        dormido.entra("dormido")
    _ya_se_oyen(ana, "ana", dormido, "dormido")  # desde aquí está dentro, y no lee más
    relleno = "x" * 2000
    for n in range(bytes_de_sobra // len(relleno)):
        with contado("Hay una persona que no lee lo que le llega. Ana habla, y los demás dejaron de oírla"):
            ana.di(f"{n} {relleno}")
            if n % 10 == 9:
                beto.oye("ana", f"{n} x", 6.0)
        if n % 10 == 9:  # y ana oye a beto: entonces ya ha leído cuanto le llegó antes, y no es otra dormida
            with contado("Hay una persona que no lee lo que le llega. Beto habla, y ana dejó de oírlo"):
                beto.di(f"hasta {n} te he oído")
                ana.oye("beto", f"hasta {n} te", 6.0)


def _cabe_sin_leer() -> int:
    """Los bytes que este sistema guarda a quien no lee. Se mide, porque depende de cómo esté configurado."""
    cabe = 0
    with socket.create_server(("127.0.0.1", 0)) as escucha, ExitStack() as pila:
        pila.callback(Persona(escucha.getsockname()[1], guarda_poco=True).cierra)
        atiende = pila.enter_context(escucha.accept()[0])
        atiende.setblocking(False)
        with suppress(BlockingIOError):
            while cabe < _TOPE_BYTES:
                cabe += atiende.send(b"x" * 2000)
    return cabe


def cien(programa: Programa, pila: ExitStack) -> None:
    personas = []
    for n in range(100):
        persona = llega(programa, pila)
        with contado(f"Al llegar la persona número {n + 1}"):
            persona.entra(f"persona{n}x")
        personas.append(persona)
    with contado("Con cien personas dentro, habló la última"):
        personas[-1].di("¿estamos las cien?")
    for n, persona in enumerate(personas[:-1]):
        with contado(f"Con cien personas dentro, habló la última y la número {n + 1} no la oyó"):
            _oye_al_fin(persona, personas[-1], "persona99x", "¿estamos las cien?", 10.0)


def cierre(programa: Programa, pila: ExitStack) -> None:
    ana, beto = gente(programa, pila, "ana", "beto")
    with contado("Beto habló y ana no lo oyó"):
        beto.di("ya estamos los dos")
        ana.oye("beto", "ya estamos los dos")  # lo que se dijo de que entraba beto, si algo, llegó antes
    antes = len(ana.lineas)
    if not programa.pide_que_termine(_CIERRE_SEGUNDOS * paciente.PACIENCIA):
        raise Falla(
            f"Se le pidió que terminara (SIGTERM) y {_CIERRE_SEGUNDOS:g} segundos después sigue en marcha."
        )
    if not ana.espera_que_cuelgue(2.0 * paciente.PACIENCIA):
        raise Falla("El programa terminó, pero la conexión de ana sigue abierta (¿quedó un proceso hijo?).")
    if not any(linea.startswith("*") for linea in ana.lineas[antes:]):
        raise Falla(
            "El programa terminó sin avisar: nadie recibió una línea que empiece por «*» antes del final."
        )


PRUEBAS: tuple[Prueba, ...] = (
    Prueba("pregunta", 1, "Arranca y pregunta el nombre", pregunta,
           "Es lo primero que ve quien llega: sin la pregunta no sabe que le toca hablar.",
           "Envía la pregunta nada más aceptar, con su «\\n» al final, y asegúrate de que sale "
               "(`flush` si usas `makefile`)."),
    Prueba("difusion", 2, "Lo que dice uno lo oyen todos, con su nombre", difusion,
           "Es la charla misma.",
           "Guarda los clientes en una lista compartida, protegida por un cerrojo, y recórrela entera "
               "con cada frase."),
    Prueba("nombres", 1, "Nombres repetidos o vacíos, y nadie habla sin nombre", nombres,
           "Si dos se llaman igual, no se sabe quién dijo qué.",
           "Mete a cada uno en la lista de los que oyen solo después de tener nombre; pregunta en un "
               "bucle hasta que valga."),
    Prueba("byte_a_byte", 1, "Letras de UTF-8 que llegan byte a byte", byte_a_byte,
           "La red corta donde quiere, también por la mitad de una «ñ», que son dos bytes.",
           "No hagas `recv(...).decode()`: junta bytes hasta el «\\n» y traduce la línea entera."),
    Prueba("dos_en_uno", 1, "Dos frases en un mismo envío, y media frase", dos_en_uno,
           "TCP es un chorro de bytes: un `recv` no es un mensaje.",
           "Guarda lo que sobra después del último «\\n» y júntalo con lo siguiente que llegue."),
    Prueba("se_va", 1, "Alguien se va sin avisar, y los demás siguen", se_va,
           "En un chat de verdad la gente se queda sin batería.",
           "Rodea cada lectura y cada escritura: un `OSError` en uno no puede parar el bucle que "
               "escribe a todos. Y quítalo de la lista."),
    Prueba("lento", 1, "Alguien no lee, y los demás siguen", lento,
           "`sendall` espera a que el otro lea. Si lo llama quien reparte, uno dormido para a todos.",
           "Una cola con límite y un hilo que escriba por cada cliente; si la cola se llena, córtale."),
    Prueba("cien", 1, "Cien personas a la vez", cien,
           "Un servidor que solo aguanta a cinco no es un servidor.",
           "Mira el número de `listen`, los límites de tu fondo de hilos, y que aceptar no espere a "
               "que alguien diga su nombre."),
    Prueba("cierre", 1, "Cierre ordenado", cierre,
           "Quien no se despide deja a los demás esperando.",
           "Atiende `SIGTERM` (`signal.signal` en Python, `Runtime.addShutdownHook` en Java): avisa "
               "con una línea que empiece por «*», cierra y termina."),
)  # fmt: skip
