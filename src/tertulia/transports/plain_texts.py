"""What the plain door says, in Spanish and English.

What belongs here: sentences, and which refusal of the server becomes which. What must not: when they are
said.
"""

from __future__ import annotations

from typing import NamedTuple


class Text(NamedTuple):
    es: str
    en: str


LANGUAGES = ("es", "en")

TEXTS = {
    "greeting": Text("Hola. Esto es {network}.", "Hello. This is {network}."),
    "ask": Text("¿Cómo te llamas?", "What is your name?"),
    "bad_name": Text(
        "Ese nombre no vale: sin espacios, una letra primero, y {limit} letras, cifras, - o _ como mucho.",
        "That name will not do: no spaces, a letter first, and at most {limit} letters, digits, - or _.",
    ),
    "try_name": Text("¿Quizá {name}?", "Perhaps {name}?"),
    "name_refused": Text("No se puede usar el nombre {name}.", "The name {name} cannot be used."),
    "name_taken": Text("Ya hay alguien que se llama {name}.", "Somebody is called {name} already."),
    "too_much_waiting": Text("Espera: todavía no has entrado.", "Wait: you are not in yet."),
    "welcome": Text(
        "Hola, {name}. Lo que escribas se dice en la sala; /help explica lo demás. (English: /lang en)",
        "Hello, {name}. What you type is said in the room; /help explains the rest. (Español: /lang es)",
    ),
    "here": Text("Estás en {room}.", "You are in {room}."),
    "left": Text("Has dejado {room}.", "You have left {room}."),
    "goodbye": Text("Hasta luego.", "See you."),
    "names": Text("En {room}: {names}", "In {room}: {names}"),
    "names_more": Text("{names} y {more} más", "{names} and {more} more"),
    "joins": Text("{nick} entra", "{nick} comes in"),
    "parts": Text("{nick} sale", "{nick} leaves"),
    "quits": Text("{nick} se va", "{nick} is gone"),
    "kicks": Text("{nick} echa a {whom}", "{nick} puts {whom} out"),
    "kicked": Text("{nick} te echa de {room}", "{nick} puts you out of {room}"),
    "renamed": Text("{nick} ahora se llama {new}", "{nick} is now called {new}"),
    "you_renamed": Text("Ahora te llamas {new}.", "You are now called {new}."),
    "topic": Text("Tema de {room}: {topic}", "Topic of {room}: {topic}"),
    "topic_set": Text("{nick} pone el tema: {topic}", "{nick} sets the topic: {topic}"),
    "topic_cleared": Text("{nick} quita el tema", "{nick} clears the topic"),
    "no_topic": Text("{room} no tiene tema.", "{room} has no topic."),
    "mode": Text("{nick} cambia {room}: {modes}", "{nick} changes {room}: {modes}"),
    "invited": Text("{nick} te invita a {room}: /join {room}", "{nick} invites you to {room}: /join {room}"),
    "away": Text("{nick} está ausente: {why}", "{nick} is away: {why}"),
    "room_row": Text("{room} ({count}) {topic}", "{room} ({count}) {topic}"),
    "you": Text("tú", "you"),
    "no_room": Text("No estás en ninguna sala: /join {room}", "You are in no room: /join {room}"),
    "language": Text("De acuerdo, en español.", "All right, in English."),
    "languages": Text("Escribe /lang es o /lang en.", "Write /lang es or /lang en."),
    "unknown": Text(
        "No conozco /{name}. /help dice lo que hay. Para empezar una frase con /, escribe //.",
        "I do not know /{name}. /help says what there is. To begin a sentence with /, write //.",
    ),
    "usage_join": Text("Se escribe /join #sala", "Write /join #room"),
    "usage_me": Text("Se escribe /me y lo que haces: /me sonríe", "Write /me and what you do: /me smiles"),
    "usage_msg": Text("Se escribe /msg nombre texto", "Write /msg name text"),
    "usage_name": Text("Se escribe /name nombre", "Write /name name"),
    "usage_pass": Text(
        "Se escribe /pass contraseña, antes que el nombre", "Write /pass password, before your name"
    ),
    "password": Text(
        "Este servidor pide contraseña: conecta otra vez y escribe /pass contraseña antes que tu nombre.",
        "This server asks for a password: connect again and write /pass password before your name.",
    ),
    "closing": Text("El servidor cierra: {why}", "The server closes: {why}"),
    "nobody": Text("Aquí no hay nadie que se llame {what}.", "Nobody here is called {what}."),
    "no_such_room": Text("No hay ninguna sala {what}.", "There is no room {what}."),
    "bad_room": Text(
        "{what} no es un nombre de sala: empiezan por # y no llevan espacios.",
        "{what} is not a room's name: they begin with # and have no spaces.",
    ),
    "cannot_speak": Text("No puedes hablar en {what}.", "You cannot speak in {what}."),
    "not_there": Text("No estás en {what}.", "You are not in {what}."),
    "room_full": Text("{what} está llena.", "{what} is full."),
    "room_invited": Text("A {what} solo se entra con invitación.", "{what} is by invitation only."),
    "room_banned": Text("No te dejan entrar en {what}.", "You are not let into {what}."),
    "room_key": Text("{what} pide una clave: /join {what} clave", "{what} asks for a key: /join {what} key"),
    "too_many_rooms": Text("Estás en demasiadas salas.", "You are in too many rooms."),
    "not_operator": Text("Eso solo lo hace quien modera {what}.", "Only those who moderate {what} do that."),
    "too_long": Text("Esa línea es demasiado larga.", "That line is too long."),
    "refused": Text("No se ha podido: {why}", "That did not work: {why}"),
}  # fmt: skip

HELP = {
    "es": (
        "Lo que escribes se dice en la sala. Además:",
        "  /names             quién está aquí       /me texto      haces algo: * ana ríe",
        "  /join #sala        entras en otra        /part          dejas la sala",
        "  /msg nombre texto  se lo dices a solas   /name nombre   cambias de nombre",
        "  /topic texto       pones el tema         /rooms         qué salas hay",
        "  /lang en           in English            /quit          te vas",
    ),
    "en": (
        "What you type is said in the room. Besides:",
        "  /names             who is here           /me text       as in: * ana smiles",
        "  /join #room        you enter another     /part          you leave the room",
        "  /msg name text     you tell them alone   /name name     you change your name",
        "  /topic text        you set the topic     /rooms         which rooms there are",
        "  /lang es           en español            /quit          you go",
    ),
}

# The server's refusals (modern-irc "Numerics"). {what} is the second parameter, {why} the last one.
REFUSALS = {
    "401": "nobody",
    "403": "no_such_room",
    "404": "cannot_speak",
    "405": "too_many_rooms",
    "406": "nobody",
    "417": "too_long",
    "442": "not_there",
    "464": "password",
    "471": "room_full",
    "473": "room_invited",
    "474": "room_banned",
    "475": "room_key",
    "476": "bad_room",
    "479": "bad_room",
    "482": "not_operator",
}
NAME_REFUSALS = {
    "431": "bad_name",
    "432": "name_refused",
    "433": "name_taken",
    "436": "name_taken",
    "437": "name_refused",
}
SILENT = frozenset({"422"})  # no message of the day: nobody misses it


def say(language: str | None, key: str, **values: object) -> str:
    """A sentence in a language; in both, while the language is not known."""
    text = TEXTS[key]
    both = (text.es, text.en) if language is None else (text.es if language == "es" else text.en,)
    return " / ".join(sentence.format(**values) for sentence in both)
