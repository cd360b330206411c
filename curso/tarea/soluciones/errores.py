"""Soluciones equivocadas a propósito, cada una en una sola cosa: la buena con un cambio, y qué prueba lo ve.

Aquí va la tabla, y los programas que se portan mal de verdad. No va aquí cómo se comprueba: eso lo hacen las
pruebas del calificador.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

AQUI = Path(__file__).parent


class Error(NamedTuple):
    """`ve`: la prueba que tiene que fallar. Pueden caer otras con ella."""

    nombre: str
    ve: str
    antes: str
    despues: str


PYTHON = (
    Error("no_pregunta", "pregunta", 'enchufe.sendall("¿Cómo te llamas?\\n".encode())\n    for', "for"),
    Error("sin_nombre", "difusion", 'a_todos(f"<{nombre}> {linea}")', "a_todos(linea)"),
    Error("solo_al_ultimo", "difusion", "in colas.items():", "in list(colas.items())[-1:]:"),
    Error("repetidos", "nombres", "if nombre and nombre not in colas:", "if nombre:"),
    Error("vacio", "nombres", "if nombre and nombre not", "if nombre not"),
    Error(
        "traduce_trozos",
        "byte_a_byte",
        """    resto = b""
    while trozo := enchufe.recv(1024):
        *enteras, resto = (resto + trozo).split(b"\\n")
""",
        """    resto = ""
    while trozo := enchufe.recv(1024):
        *enteras, resto = (resto + trozo.decode("utf-8", "replace")).split("\\n")
        enteras = [linea.encode() for linea in enteras]
""",
    ),
    Error("un_recv_una_frase", "dos_en_uno", "*enteras, resto = (resto + "
        "trozo).split", "enteras, resto = [trozo.strip()], b''  #"),
    Error("media_frase", "dos_en_uno", "for linea in enteras:", "enteras, resto = [*enteras, *([resto] "
        "if resto else [])], b''\n        for linea in enteras:"),
    Error(
        "se_cae_al_escribir",
        "se_va",
        """            try:
                cola.put_nowait(texto)
            except queue.Full:
                corta(enchufes[nombre])
""",
        """            enchufes[nombre].settimeout(5)
            try:
                enchufes[nombre].sendall((texto + "\\n").encode())
            except OSError:
                os._exit(1)
""",
    ),
    Error(
        "escribe_quien_reparte",
        "lento",
        """            try:
                cola.put_nowait(texto)
            except queue.Full:
                corta(enchufes[nombre])
""",
        """            try:
                enchufes[nombre].sendall((texto + "\\n").encode())
            except OSError:
                pass
""",
    ),
    Error("veinte_plazas", "cien", "    while True:\n        enchufe, _ = "
        "escucha.accept()\n", "    for _ in range(20):\n        enchufe, _ = escucha.accept()\n"),
    Error("sordo_al_cierre", "cierre", "signal.signal(signal.SIGTERM, "
        "termina)", "signal.signal(signal.SIGTERM, signal.SIG_IGN)"),
    Error("sin_despedida", "cierre", 'enchufe.sendall(b"* El servidor cierra\\n")', "pass"),
)  # fmt: skip

JAVA = (
    Error("no_pregunta", "pregunta", 'persona.envia("¿Cómo te llamas?");\n        for', "for"),
    Error("sin_nombre", "difusion", 'aTodos("<" + nombre + "> " + linea);', "aTodos(linea);"),
    Error("repetidos", "nombres", "!nombre.isEmpty() && !personas.containsKey(nombre)", "!nombre.isEmpty()"),
    Error(
        "latin1",
        "byte_a_byte",
        "linea.toString(StandardCharsets.UTF_8)",
        "linea.toString(StandardCharsets.ISO_8859_1)",
    ),
    Error(
        "un_read_una_frase",
        "dos_en_uno",
        "ByteArrayOutputStream linea = new ByteArrayOutputStream();\n",
        """ByteArrayOutputStream linea = new ByteArrayOutputStream();
            if (linea.size() == 0) {
                byte[] trozo = new byte[1024];
                int leidos = entrada.read(trozo);
                return leidos < 0 ? null : new String(trozo, 0, leidos, StandardCharsets.UTF_8).strip();
            }
""",
    ),
    Error("se_cae", "se_va", "            if (nombre != null) {\n", "            if (nombre != null) "
        "{\n                Runtime.getRuntime().halt(1);\n"),
    Error(
        "escribe_quien_reparte",
        "lento",
        "if (!persona.cola.offer(texto)) {\n                    persona.corta();\n                }",
        "try { persona.envia(texto); } catch (IOException seFue) { persona.corta(); }",
    ),
    Error("veinte_plazas", "cien", "while (true) "
        "{\n                Socket enchufe", "for (int n = 0; n < 20; n++) "
            "{\n                Socket enchufe"),
    Error("sin_despedida", "cierre", 'persona.envia("* El servidor '
        'cierra");', 'if (personas.isEmpty()) { persona.envia(""); }'),
)  # fmt: skip

# Programas que no son una solución, y de los que quien corrige tiene que salir entero.
MALOS = {
    "nunca_contesta": """
import socket, sys, time
s = socket.create_server(("127.0.0.1", int(sys.argv[1])))
time.sleep(1000)
""",
    "inunda": """
import socket, sys, threading
def inunda(c):
    try:
        while True:
            c.sendall(b"bla bla bla\\n" * 5000)
            print("x" * 100000)
    except OSError:
        pass
s = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True:
    threading.Thread(target=inunda, args=(s.accept()[0],), daemon=True).start()
""",
    "se_multiplica": """
import os, socket, sys, time
s = socket.create_server(("127.0.0.1", int(sys.argv[1])))
for _ in range(5):
    if os.fork() == 0:
        os.setsid()
time.sleep(1000)
""",
    "llena_el_disco": """
import socket, sys, time
s = socket.create_server(("127.0.0.1", int(sys.argv[1])))
with open("enorme", "wb") as f:
    while True:
        f.write(b"x" * 1_000_000)
""",
    "llena_el_disco_a_trozos": """
import socket, sys, time
s = socket.create_server(("127.0.0.1", int(sys.argv[1])))
for n in range(40):
    with open(f"trozo{n}", "wb") as f:
        f.write(b"x" * 10_000_000)
    time.sleep(0.05)
time.sleep(1000)
""",
    "come_memoria": """
import socket, sys
s = socket.create_server(("127.0.0.1", int(sys.argv[1])))
trozos = []
while True:
    trozos.append(bytearray(100_000_000))
""",
    "sale_enseguida": "print('hola')\n",
    "no_es_python": "esto no es python\n",
}


def buena(extension: str) -> str:
    """El texto de la solución buena: `py` o `java`."""
    return (AQUI / ("servidor.py" if extension == "py" else "Servidor.java")).read_text(encoding="utf-8")


def con_error(error: Error, extension: str) -> str:
    """La buena con ese cambio. `ValueError` si el cambio ya no encaja en ella."""
    texto = buena(extension)
    if error.antes not in texto:
        raise ValueError(f"el error {error.nombre} ya no encaja en la solución")
    return texto.replace(error.antes, error.despues)
