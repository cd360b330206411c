"""What members that are models say by themselves, in two languages, and which language to say it in.

What belongs here: the texts, and guessing a language from a line. What must not: when to say them.
"""

from __future__ import annotations

import re
from typing import Final, Literal

Language = Literal["en", "es"]

_SPANISH_LETTERS: Final = re.compile(r"[¿¡ñáéíóúü]", re.IGNORECASE)
_SPANISH_WORDS: Final = """
el la los las un una unos unas de del al que qué y o es son está están estoy eres soy en con por para como
cómo cuál cuándo dónde quién hola gracias te se lo le mi tu su nos sí si pero más muy hay haz dime
cuenta explica puedes quiero vale adiós buenas buenos días tardes noches otra ahora esto eso porque favor
"""
_ENGLISH_WORDS: Final = """
the an of to and or is are was be in with by for as how what which when where who why hello hi hey
thanks you it my your we us yes if but more very there do does can could would please tell explain
this that these not i am she they again now because
"""
_SPANISH: Final = frozenset(_SPANISH_WORDS.split())
_ENGLISH: Final = frozenset(_ENGLISH_WORDS.split())
_WORD: Final = re.compile(r"[^\W\d_]+")


def language(text: str, otherwise: Language = "en") -> Language:
    """Spanish or English, by common words and letters; `otherwise` when nothing tells."""
    words = [word.lower() for word in _WORD.findall(text)]
    spanish = sum(word in _SPANISH for word in words) + 2 * bool(_SPANISH_LETTERS.search(text))
    english = sum(word in _ENGLISH for word in words)
    if spanish == english:
        return otherwise
    return "es" if spanish > english else "en"


_TEXTS: Final[dict[str, tuple[str, str]]] = {
    # name: (English, Spanish)
    "queued": (
        "I will get to you: {position} before you.",
        "enseguida te atiendo: {position} por delante.",
    ),
    "full": (
        "{waiting} questions are waiting for me already; I cannot take more. Ask again in a while.",
        "ya me esperan {waiting} preguntas y no puedo aceptar más. Vuelve a preguntar dentro de un rato.",
    ),
    "arriving": (
        "I am still arriving: {how_far}. Ask me again when I am here.",
        "todavía estoy llegando: {how_far}. Vuelve a preguntarme cuando esté.",
    ),
    "away.downloading": ("arriving: downloading, {percent} %", "llegando: descargando, {percent} %"),
    "away.checking": ("arriving: checking the download", "llegando: comprobando lo descargado"),
    "away.waking": ("arriving: waking up", "llegando: despertando"),
    "away.failed": ("I cannot come: {reason}", "no puedo venir: {motivo}"),
    "nothing_to_stop": ("I am not saying anything.", "no estoy diciendo nada."),
    "not_yours": (
        "only whoever asked, or an operator of the room, can stop me.",
        "solo puede pararme quien preguntó o un operador de la sala.",
    ),
    "nothing_to_retry": (
        "you have asked me nothing yet that I could try again.",
        "todavía no me has preguntado nada que pueda repetir.",
    ),
    "silent": ("I have nothing to say to that.", "no tengo nada que decir a eso."),
    "help": (
        "Say “{nick}: ” and your question, or write to me in private; then just go on, I follow you "
        "for a while. !stop stops an answer, !retry asks again, !models says who is here. "
        "I am a program ({model}): I can be wrong.",
        "Escribe «{nick}: » y tu pregunta, o escríbeme en privado; después sigue sin más, que te sigo "
        "un rato. !stop para una respuesta, !retry repite la pregunta, !models dice quién hay. "
        "Soy un programa ({model}): puedo equivocarme.",
    ),
    "model": ("{nick}: {model}, by {provider}; {state}", "{nick}: {model}, de {provider}; {state}"),
    "state.ready": ("ready", "disponible"),
    "state.busy": ("{waiting} waiting", "{waiting} en espera"),
}


def say(name: str, in_language: Language, **values: object) -> str:
    """One of the texts above."""
    return _TEXTS[name][in_language == "es"].format(**values)


def both(name: str, **values: object) -> str:
    """A text for nobody in particular: both languages."""
    return f"{say(name, 'en', **values)} · {say(name, 'es', **values)}"
