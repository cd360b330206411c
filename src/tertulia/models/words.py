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
    "remind_words_only": (
        "a reminder that gives work to a model is set by people, with !remind.",
        "un recordatorio que da trabajo a un modelo lo pone una persona, con !recuerda.",
    ),
    "approval": (
        "{nick} wants to call {tool}: !approve {id} or !deny {id} (in {minutes} min; !approve {id} private "
        "keeps what comes of it to you). The arguments:",
        "{nick} quiere llamar a {tool}: !aprueba {id} o !deniega {id} (en {minutes} min; !aprueba {id} "
        "privado deja para ti lo que salga). Los argumentos:",
    ),
    "approval_late": (
        "nobody approved {id} ({tool}) in time; it was not called.",
        "nadie aprobó {id} ({tool}) a tiempo; no se ha llamado.",
    ),
    "approval_dropped": ("{id} ({tool}) is not called.", "{id} ({tool}) no se llama."),
    "approval_lost": (
        "{nick} was waiting for your word on {id} ({tool}) when the server restarted; it was not called. Ask "
        "again if you still want it.",
        "{nick} esperaba tu palabra sobre {id} ({tool}) cuando se reinició el servidor; no se ha llamado. "
        "Vuelve a pedirlo si aún lo quieres.",
    ),
    "approval_by": ("{id} ({tool}) was approved by {by}.", "{by} ha aprobado {id} ({tool})."),
    "denial_by": ("{id} ({tool}) was denied by {by}.", "{by} ha denegado {id} ({tool})."),
    "no_such_approval": (
        "nothing called {id} waits for approval.",
        "no hay nada pendiente de aprobar que se llame {id}.",
    ),
    "not_yours_to_decide": (
        "{id} is for whoever asked, or for an operator of the room, to decide.",
        "{id} lo decide quien lo pidió, o un operador de la sala.",
    ),
    "approve_usage": ("say which: {usage}", "di cuál: {usage}"),
    "no_ledger": (
        "what was spent cannot be read just now; whoever runs this server finds the cause in its log.",
        "ahora no se puede leer lo gastado; quien lleva este servidor tiene la causa en el registro.",
    ),
    "stopped_unsaid": ("stopped, before I had said a word.", "parado, antes de haber dicho nada."),
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
        "for a while. I am a program ({model}): I can be wrong.",
        "Escribe «{nick}: » y tu pregunta, o escríbeme en privado; después sigue sin más, que te sigo "
        "un rato. Soy un programa ({model}): puedo equivocarme.",
    ),
    "help_words": (
        "You can ask for: {words}. “!help word” says how.",
        "Puedes pedir: {words}. «!ayuda palabra» explica cómo.",
    ),
    "usage": ("say it so: {usage}", "se escribe así: {usage}"),
    "only_in_rooms": ("that belongs into a room.", "eso se hace en una sala."),
    "operators_only": (
        "only operators of the room can do that.",
        "eso solo lo pueden hacer los operadores de la sala.",
    ),
    "not_kept": (
        "I could not write that down; nothing was changed. Try again in a while.",
        "no he podido anotarlo; no se ha cambiado nada. Prueba dentro de un rato.",
    ),
    "too_long": (
        "that is too long: {most} characters at most.",
        "es demasiado largo: {most} letras como mucho.",
    ),
    "cut_off": (
        "a restart cut me off before I had answered you. “{nick}: !retry” asks me again.",
        "un reinicio me cortó antes de terminar de responderte. «{nick}: !repite» me lo vuelve a preguntar.",
    ),
    "put_out": (
        "I am no longer in {room}, so my answer ends here.",
        "ya no estoy en {room}, así que mi respuesta acaba aquí.",
    ),
    "silenced": (
        "I may not speak in {room} now, so my answer ends here.",
        "ahora no puedo hablar en {room}, así que mi respuesta acaba aquí.",
    ),
    "room_renamed": (
        "the room is called {room} now, and my answer broke off. “{nick}: !retry” there asks me again.",
        "la sala se llama ahora {room}, y mi respuesta se cortó. «{nick}: !repite» allí me lo vuelve a "
        "preguntar.",
    ),
    "quiet_now": (
        "these are the room's quiet hours: I answer here again at {until}. In private I am there for you.",
        "son las horas de silencio de la sala: aquí vuelvo a responder a las {until}. En privado, sí.",
    ),
    "not_admitted": (
        "the operators of the room do not want me to answer here.",
        "los operadores de la sala no quieren que responda aquí.",
    ),
    "opted_out": (
        "you have asked not to be shown to models elsewhere, and I am one; !optin ends that.",
        "has pedido que no se te enseñe a modelos de fuera, y yo soy uno; !incluir lo deshace.",
    ),
    "withdrawn": (
        "somebody whose words I was shown has asked since not to be shown to models elsewhere. Ask me again.",
        "alguien cuyas palabras me enseñaron ha pedido después que no se le enseñe a modelos de fuera. "
        "Vuelve a preguntarme.",
    ),
    "opt_out": (
        "from now on nothing you say, or have said, is shown to a model that is not on this machine. "
        "!optin ends that.",
        "desde ahora nada de lo que digas, ni de lo que has dicho, se enseña a un modelo que no esté en esta "
        "máquina. !incluir lo deshace.",
    ),
    "opt_in": (
        "what you say may be shown to models again.",
        "lo que dices se puede volver a enseñar a los modelos.",
    ),
    "summary": (
        "I have {count} messages at hand, and of what was before them I remember: {text}",
        "tengo a mano {count} mensajes, y de lo anterior recuerdo: {text}",
    ),
    "no_summary": (
        "I have {count} messages at hand, and no summary of what was before them.",
        "tengo a mano {count} mensajes, y ningún resumen de lo anterior.",
    ),
    "forgotten": (
        "I have forgotten what was said here until now.",
        "he olvidado lo que se ha dicho aquí hasta ahora.",
    ),
    "prompt": (
        "the room asks of its models, by {by}: {text}",
        "la sala pide a sus modelos, por {by}: {text}",
    ),
    "no_prompt": ("the room asks nothing of its models.", "la sala no pide nada a sus modelos."),
    "ambient_on": (
        "models may speak here unasked, at most {count} times an hour.",
        "los modelos pueden hablar aquí sin que les pregunten, como mucho {count} veces por hora.",
    ),
    "ambient_off": (
        "models speak here only when they are asked.",
        "los modelos hablan aquí solo si se les pregunta.",
    ),
    "quiet": ("quiet hours of the models here: {hours}.", "horas de silencio de los modelos aquí: {hours}."),
    "no_quiet": ("there are no quiet hours here.", "aquí no hay horas de silencio."),
    "admitted": (
        "these answer here: {may}; these do not: {silent}.",
        "aquí responden: {may}; y no responden: {silent}.",
    ),
    "hops": (
        "programs answer each other here at most {count} times in a row.",
        "los programas se responden aquí como mucho {count} veces seguidas.",
    ),
    "remind_usage": (
        "say when and what: {usage}; for example “20m”, “18:30”, “tomorrow 9:00”, “every monday 9:00”.",
        "di cuándo y qué: {usage}; por ejemplo «20m», «18:30», «mañana 9:00», «cada lunes 9:00».",
    ),
    "remind_once": ("noted for {due} [{id}].", "anotado para {due} [{id}]."),
    "remind_every": (
        "noted, again and again, next at {due} [{id}].",
        "anotado, una y otra vez; la próxima, {due} [{id}].",
    ),
    "too_many_reminders": (
        "you have {most} reminders already; cancel one first.",
        "ya tienes {most} recordatorios; borra antes alguno.",
    ),
    "no_reminders": ("you have no reminders.", "no tienes recordatorios."),
    "no_such_reminder": ("you have no reminder {id}.", "no tienes ningún recordatorio {id}."),
    "cancelled": ("cancelled: {text}", "borrado: {text}"),
    "reminder": ("⏰ {asker}: {text}", "⏰ {asker}: {text}"),
    "reminder_late": (
        "⏰ {asker}: {text} (was due {due}; nobody was here to say it)",
        "⏰ {asker}: {text} (tocaba el {due}; no había quien lo dijera)",
    ),
    "zone": ("your time zone is {zone}: it is {now}.", "tu zona horaria es {zone}: son las {now}."),
    "no_such_zone": (
        "I know no time zone {zone}; they are called like Europe/Madrid.",
        "no conozco la zona horaria {zone}; se llaman como Europe/Madrid.",
    ),
    "cannot_now": (
        "I cannot think just now; try again in a while.",
        "ahora mismo no puedo pensar; prueba dentro de un rato.",
    ),
    "nothing_said": ("nothing was said in that time.", "en ese tiempo no se dijo nada."),
    "round_on": (
        "a round is going on here already; wait for it, or !stop it.",
        "ya hay una ronda en marcha aquí; espera a que acabe, o párala con !para.",
    ),
    "round_missing": ("these cannot answer now: {names}.", "ahora no pueden responder: {names}."),
    "round_nobody": ("nobody is here who could answer.", "no hay nadie que pueda responder."),
    "round_begins": (
        "I am asking {names}; the answers come together, in {seconds} s at most.",
        "pregunto a {names}; las respuestas llegan juntas, en {seconds} s como mucho.",
    ),
    "round_over": ("{count} of {all} have answered.", "han respondido {count} de {all}."),
    "round_late": ("Late: {names}.", "Llegan tarde: {names}."),
    "round_failed": ("Could not: {names}.", "No han podido: {names}."),
    "round_why": ("Why {names} could not: {why}", "Por qué no han podido {names}: {why}"),
    "round_votes": ("Votes: {votes}.", "Votos: {votes}."),
    "round_stopped": ("the round was stopped.", "se ha parado la ronda."),
    "catchup_where": (
        "say it in the room, or name one that we are both in: !catchup #room",
        "dilo en la sala, o nombra una en la que estemos los dos: !ponmealdía #sala",
    ),
    "catchup_nothing": ("you have missed nothing in {room}.", "no te has perdido nada en {room}."),
    "catchup": (
        "in {room} since {since} ({zone}), messages: {count} ({names}).",
        "en {room} desde {since} ({zone}), mensajes: {count} ({names}).",
    ),
    "translate": (
        "what others say here comes to you in “{language}” as well; !translate off ends it.",
        "lo que dicen aquí los demás te llega también en «{language}»; !traduce off lo quita.",
    ),
    "no_translate": (
        "nothing is translated for you here.",
        "aquí no se te traduce nada.",
    ),
    "translate_usage": (
        "say it so: {usage}; one of {languages}",
        "se escribe así: {usage}; uno de {languages}",
    ),
    "translate_spent": (
        "no more is translated in {room} today: the day's measure is used up.",
        "hoy no se traduce más en {room}: se ha agotado lo del día.",
    ),
    "language_any": (
        "answers here are in the language of the question.",
        "aquí se responde en el idioma de la pregunta.",
    ),
    "language_en": ("answers here are in English.", "aquí se responde en inglés."),
    "language_es": ("answers here are in Spanish.", "aquí se responde en español."),
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
