"""ChanServ: the commands about registered rooms that people know by heart, in English and Spanish.

What belongs here: the table of verbs, and the ways to say them. What must not: what one of them does
(`room_register`, `room_access`, `room_settings`), and texts (`room_words`). What is said to ChanServ is never
relayed, and never stored.
"""

from __future__ import annotations

from tertulia.commands import room_access, room_bans, room_links, room_register, room_settings
from tertulia.commands.answering import Verb, Verbs
from tertulia.commands.registry import command
from tertulia.commands.room_desk import CHANSERV
from tertulia.commands.turn import Turn


@command("CS <verb> [<words>]", "Talk to ChanServ about rooms: HELP.",
         "Habla con ChanServ de las salas: AYUDA.", cost=3.0)  # fmt: skip
async def cs(turn: Turn, params: list[str]) -> None:
    await VERBS.heard(turn, " ".join(params))


@command("CHANSERV <verb> [<words>]", "The same as CS.", "Lo mismo que CS.", cost=3.0)
async def chanserv(turn: Turn, params: list[str]) -> None:
    await VERBS.heard(turn, " ".join(params))


_giving = room_access.giving
_TABLE: tuple[Verb, ...] = (
    Verb("REGISTER", "REGISTRAR", "REGISTER <room>", "make a room yours, that you operate",
         "haz tuya una sala que operas", 1, room_register.register),
    Verb("INFO", "DATOS", "INFO <room>", "whose a room is, and how it is set",
         "de quién es una sala y cómo está puesta", 1, room_register.info),
    Verb("LIST", "LISTA", "LIST", "your rooms, and those whose lists name you",
         "tus salas, y las que te tienen en su lista", 0, room_register.list_own),
    Verb("ACCESS", "ACCESO", "ACCESS <room> [LIST | ADD <account or mask> <rank> | DEL <entry>]",
         "who gets which rank on coming in", "quién recibe qué rango al entrar", 1, room_access.access),
    Verb("AMODE", "AMODO", "AMODE <room> [(+|-)<q, a, o, h or v> <account or mask>]",
         "the same in the words of modes", "lo mismo en las letras de los modos", 1, room_access.amode),
    Verb("UP", "SUBIR", "UP [<room>]", "have your rank", "recupera tu rango", 0, room_access.up),
    Verb("DOWN", "BAJAR", "DOWN <room>", "lay down your ranks", "deja tus rangos", 1, room_access.down),
    Verb("OP", "OPERAR", "OP <room> [<nick>]", "make an operator", "da el rango de operador", 1,
         _giving("o", True)),
    Verb("DEOP", "DESOPERAR", "DEOP <room> [<nick>]", "take it back", "quítalo", 1, _giving("o", False)),
    Verb("HALFOP", "SEMIOP", "HALFOP <room> [<nick>]", "make a half-operator",
         "da el rango de semioperador", 1, _giving("h", True)),
    Verb("DEHALFOP", "DESEMIOP", "DEHALFOP <room> [<nick>]", "take it back", "quítalo", 1,
         _giving("h", False)),
    Verb("VOICE", "VOZ", "VOICE <room> [<nick>]", "give voice", "da voz", 1, _giving("v", True)),
    Verb("DEVOICE", "DESVOZ", "DEVOICE <room> [<nick>]", "take it back", "quítala", 1, _giving("v", False)),
    Verb("BAN", "VETAR", "BAN <room> <who> [<duration>] [<reason>]",
         "keep somebody out, for a while (30m, 2h, 1d) or for good",
         "deja fuera a alguien, un rato (30m, 2h, 1d) o para siempre", 1, room_bans.banning(False)),
    Verb("UNBAN", "PERDONAR", "UNBAN <room> [<who>]", "lift it; alone, from yourself",
         "levanta el veto; sin más, el tuyo", 1, room_bans.lifting(False)),
    Verb("MUTE", "CALLAR", "MUTE <room> <who> [<duration>] [<reason>]", "let somebody stay, but not speak",
         "que alguien esté, pero no hable", 1, room_bans.banning(True)),
    Verb("UNMUTE", "DESCALLAR", "UNMUTE <room> <who>", "let somebody speak again", "que vuelva a hablar", 1,
         room_bans.lifting(True)),
    Verb("AKICK", "VETOS", "AKICK <room> [LIST | ADD <who> [<duration>] [<reason>] | DEL <who>]",
         "the bans with their ends and reasons", "los vetos, hasta cuándo y por qué", 1, room_bans.akick),
    Verb("KICK", "ECHAR", "KICK <room> <nick> [<reason>]", "put somebody out", "echa a alguien", 1,
         room_bans.kick),
    Verb("INVITE", "INVITAR", "INVITE <room>", "invite yourself", "invítate", 1, room_bans.invite),
    Verb("LINK", "ENLACE", room_links.SYNTAX,
         "make a link that lets people in: for 7 days, as often as it is used",
         "haz un enlace que deja entrar: durante 7 días, cuantas veces se use", 1, room_links.link),
    Verb("LINKS", "ENLACES", "LINKS <room>", "the links there are", "los enlaces que hay", 1,
         room_links.links),
    Verb("UNLINK", "DESENLAZAR", "UNLINK <room> <name or *>", "take links back", "retira enlaces", 2,
         room_links.unlink),
    Verb("ENTER", "ENTRAR", "ENTER <link>", "follow a link, or its word alone",
         "entra con un enlace, o solo con su palabra", 1, room_links.enter),
    Verb("SET", "PONER", "SET <room> <setting> [<value>]", "history, history-seen, successor, welcome",
         "historia, historia-vista, sucesor, bienvenida", 1, room_settings.set_),
    Verb("TRANSFER", "CEDER", "TRANSFER <room> [<account>]", "offer your room; alone, withdraw the offer",
         "ofrece tu sala; sin cuenta, retira la oferta", 1, room_register.transfer),
    Verb("ACCEPT", "ACEPTAR", "ACCEPT <room>", "take a room that is offered to you",
         "acepta una sala que se te ofrece", 1, room_register.accept),
    Verb("DROP", "SOLTAR", "DROP <room> [<code>]", "give your room up: it becomes anybody's",
         "renuncia a tu sala: pasa a ser de cualquiera", 1, room_register.drop),
)  # fmt: skip

_OTHER_NAMES = {
    "ACCESS": ("ACL",),
    "AMODE": ("FLAGS",),
    "DROP": ("UNREGISTER",),
    "TRANSFER": ("FOUNDER",),
}
VERBS = Verbs(CHANSERV, _TABLE, _OTHER_NAMES)
