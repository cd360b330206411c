"""The `!` words: in both languages, with what `!help` says of each.

What belongs here: the table of words. What must not: what they do (`deeds`), whether one was said
(`manners`). A word of Spanish is answered in Spanish, unless whoever said it chose another language.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from tertulia.models.words import Language

Bare = Literal["all", "one", "follow"]


@dataclass(frozen=True, slots=True)
class Word:
    """One thing to ask for."""

    words: tuple[str, ...]  # the same in English and Spanish, or English only; the first names the deed
    spanish: tuple[str, ...]
    usage: tuple[str, str]  # what follows the word: English, Spanish
    help: tuple[str, str]
    bare: Bare = (
        "one"  # said to nobody: all hear it, or the one who speaks for all, or who follows the person
    )
    operators: bool = False  # of the room
    rooms: bool = False  # makes no sense in private
    shown_to_all: bool = False  # what comes of it is for the room, and not for whoever asked


VOCABULARY: Final = (
    Word(
        ("help",), ("ayuda",), ("[word]", "[palabra]"),
        ("what you can ask for; of one word, how", "qué puedes pedir; de una palabra, cómo"),
    ),
    Word(
        ("stop",), ("para", "alto"), ("", ""),
        ("ends the answer to you; what was said stays", "acaba la respuesta que te dan; lo dicho queda"),
        bare="all",
    ),
    Word(
        ("retry",), ("repite",), ("", ""),
        ("asks your last question again", "repite tu última pregunta"), bare="all",
    ),
    Word(
        ("models",), ("modelos",), ("", ""),
        ("who is here and how they are", "quién hay y cómo está"),
    ),
    Word(
        ("summary",), ("resumen",), ("", ""),
        ("what a model remembers of older talk", "qué recuerda un modelo de lo hablado antes"), bare="follow",
    ),
    Word(
        ("forget",), ("olvida",), ("", ""),
        ("a model forgets what was said until now; in a room, for operators",
         "un modelo olvida lo dicho hasta ahora; en una sala, para operadores"), bare="follow",
    ),
    Word(
        ("optout",), ("excluir",), ("", ""),
        ("what you say is never shown to a model elsewhere; !optin ends it",
         "lo que dices no se enseña a modelos de fuera; !incluir lo deshace"),
    ),
    Word(
        ("optin",), ("incluir",), ("", ""),
        ("what you say may be shown to models again", "lo que dices se puede volver a enseñar a los modelos"),
    ),
    Word(
        ("remind", "remindme"), ("recuerda", "recuérdame", "recuerdame"),
        ("[20m tea | every weekday 9:00 summarise yesterday | list | cancel id]",
         "[20m té | cada laborable 9:00 resume lo de ayer | lista | borra id]"),
        ("says it to you then, or does it; without anything: what you have asked for",
         "te lo dice entonces, o lo hace; sin nada: lo que tienes pedido"),
    ),
    Word(
        ("timezone",), ("zona",), ("[Europe/Madrid]",) * 2,
        ("the time zone of your reminders", "la zona horaria de tus recordatorios"),
    ),
    Word(
        ("usage",), ("gasto",), ("[#room]", "[#sala]"),
        ("what you, this room and this model have spent", "lo gastado por ti, esta sala y este modelo"),
    ),
    Word(
        ("round",), ("ronda",),
        ("[vote | summary] [30s] [@model ...] question", "[voto | resumen] [30s] [@modelo ...] pregunta"),
        ("asks several models at once and shows their answers together",
         "pregunta a varios modelos a la vez y enseña juntas sus respuestas"), rooms=True, shown_to_all=True,
    ),
    Word(
        ("catchup",), ("ponmealdía", "ponmealdia"), ("[#room, in private]", "[#sala, en privado]"),
        ("what you missed, to you alone", "lo que te has perdido, solo para ti"),
    ),
    Word(
        ("translate",), ("traduce",), ("[es | en | ... | off]",) * 2,
        ("what others say here, in your language beside it, to you alone",
         "lo que dicen los demás, al lado en tu idioma, solo para ti"), rooms=True,
    ),
    Word(
        ("approve",), ("aprueba", "autoriza"), ("id [private]", "id [privado]"),
        ("lets a model call the tool that it asked you about; private: what comes of it is for you alone",
         "deja que un modelo llame a la herramienta por la que te preguntó; privado: lo que salga es solo "
         "para ti"),
    ),
    Word(
        ("deny",), ("deniega", "rechaza"), ("id",) * 2,
        ("a model does not call the tool that it asked you about",
         "un modelo no llama a la herramienta por la que te preguntó"),
    ),
    Word(
        ("prompt",), (), ("[text | off]", "[texto | off]"),
        ("what the room asks of its models; operators set it",
         "qué pide la sala a sus modelos; lo fijan operadores"), rooms=True,
    ),
    Word(
        ("ambient",), ("espontáneo", "espontaneo"),
        ("[on [calls an hour] | off]", "[on [veces por hora] | off]"),
        ("may a model speak unasked; operators set it",
         "si un modelo puede hablar sin que le pregunten; lo fijan operadores"), rooms=True,
    ),
    Word(
        ("quiet",), ("silencio",), ("[22:00-8:00 [Europe/Madrid] | off]",) * 2,
        ("hours in which models answer nobody here; operators set it",
         "horas en que los modelos no responden aquí; lo fijan operadores"), rooms=True,
    ),
    Word(
        ("admit",), ("admite",), ("[model | only model ... | all]", "[modelo | only modelo ... | all]"),
        ("which models may answer here; operators set it",
         "qué modelos pueden responder aquí; lo fijan operadores"), rooms=True,
    ),
    Word(
        ("dismiss",), ("despide",), ("model", "modelo"),
        ("a model answers here no more; for operators", "un modelo deja de responder aquí; para operadores"),
        operators=True, rooms=True,
    ),
    Word(
        ("hops",), ("saltos",), ("[1-10 | off]",) * 2,
        ("how often programs may answer each other; operators set it",
         "cuántas veces pueden contestarse los programas; lo fijan operadores"), rooms=True,
    ),
    Word(
        ("language",), ("idioma",), ("[en | es | off]",) * 2,
        ("the language of all answers here; operators set it",
         "el idioma de las respuestas aquí; lo fijan operadores"), rooms=True,
    ),
)  # fmt: skip

BY_NAME: Final = {word.words[0]: word for word in VOCABULARY}
KNOWN: Final[dict[str, tuple[str, Language | None]]] = {
    **{alias: (word.words[0], None) for word in VOCABULARY for alias in word.words},
    **{alias: (word.words[0], "es") for word in VOCABULARY for alias in word.spanish},
}
"""What people type -> (the deed's name, the language it is surely in)."""


def shown(name: str, tongue: Language) -> str:
    """The word as one of this language would type it, with what follows."""
    word = BY_NAME[name]
    typed = word.spanish[0] if tongue == "es" and word.spanish else name
    return f"!{typed} {word.usage[tongue == 'es']}".rstrip()
