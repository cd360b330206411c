"""What ChanServ says, in English and Spanish: one table.

What belongs here: texts with their fields. What must not: when they are said (`chanserv` and its verbs).
"""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "syntax": ("Syntax: {syntax}", "Se escribe: {syntax}"),
    "unknown": ("There is no {verb}; HELP lists what there is", "No existe {verb}; AYUDA dice qué hay"),
    "help": ("Say /CS or /MSG ChanServ, and one of these:", "Di /CS o /MSG ChanServ, y una de estas:"),
    "login needed": (
        "A room belongs to an account: log in first, by SASL or /msg NickServ IDENTIFY",
        "Una sala es de una cuenta: entra antes en la tuya, por SASL o con /msg NickServ ENTRAR",
    ),
    "no account": ("There is no account {account}", "No existe la cuenta {account}"),
    "no room": ("There is no room {room}", "No existe la sala {room}"),
    "not registered": (
        "{room} is not registered; its operator can say REGISTER {room}",
        "{room} no está registrada; quien la opera puede decir REGISTRAR {room}",
    ),
    "taken": ("{room} belongs to {founder}", "{room} es de {founder}"),
    "operator only": (
        "You must operate {room} to register it",
        "Para registrar {room} tienes que operarla",
    ),
    "founder only": ("Only the founder of {room} may", "Solo puede quien fundó {room}"),
    "not enough": ("Your rank in {room} is not enough for that", "Tu rango en {room} no alcanza para eso"),
    "closed now": ("No rooms are registered for now", "Por ahora no se registran salas"),
    "too many rooms": (
        "An account founds at most {limit} rooms",
        "Una cuenta funda como mucho {limit} salas",
    ),
    "registered": (
        "{room} is yours: you are its founder wherever you come from, logged in",
        "{room} es tuya: la has fundado, y lo será desde donde entres con tu cuenta",
    ),
    "info": (
        "{room}: belongs to {founder} since {day}; on its list: {entries}",
        "{room}: es de {founder} desde el {day}; en su lista: {entries}",
    ),
    "setting": ("{name}: {value}", "{name}: {value}"),
    "own room": ("~{room}: yours; on its list: {entries}", "~{room}: tuya; en su lista: {entries}"),
    "listed room": ("{rank}{room}: of {founder}", "{rank}{room}: de {founder}"),
    "rooms": ("Rooms: {count}", "Salas: {count}"),
    "offered": (
        "{account} has seven days to say /CS ACCEPT {room}; until then nothing changes",
        "{account} tiene siete días para decir /CS ACEPTAR {room}; hasta entonces nada cambia",
    ),
    "offer": (
        "{nick} offers you the room {room}: /CS ACCEPT {room} takes it",
        "{nick} te ofrece la sala {room}: con /CS ACEPTAR {room} es tuya",
    ),
    "no offer": ("Nobody offers you {room}", "Nadie te ofrece {room}"),
    "offer withdrawn": ("{room} is offered to nobody", "{room} no se ofrece a nadie"),
    "transferred": ("{room} belongs to {account} now", "{room} es ahora de {account}"),
    "founder already": ("{account} is the founder of {room}", "{account} ya es quien fundó {room}"),
    "drop code": (
        "{room} would be anybody's, without its list. To do it: DROP {room} {code}",
        "{room} sería de cualquiera, sin su lista. Para hacerlo: SOLTAR {room} {code}",
    ),
    "dropped": (
        "{room} is nobody's now; its history stays",
        "{room} ya no es de nadie; su historia se queda",
    ),
    "entry": ("{rank} {who}", "{rank} {who}"),
    "entries": ("On the list of {room}: {count}", "En la lista de {room}: {count}"),
    "listed": ("{who} gets +{rank} in {room} from now on", "{who} recibe +{rank} en {room} desde ahora"),
    "unlisted": ("{who} is off the list of {room}", "{who} ya no está en la lista de {room}"),
    "not listed": ("{who} is not on the list of {room}", "{who} no está en la lista de {room}"),
    "no rank": (
        "A rank is one of founder, admin, op, halfop, voice (or q, a, o, h, v)",
        "Un rango es fundador, admin, op, semiop o voz (o q, a, o, h, v)",
    ),
    "list full": ("The list is full (at most {limit})", "La lista está llena (como mucho {limit})"),
    "not there": ("{nick} is not in {room}", "{nick} no está en {room}"),
    "ban": ("{mask} by {by}, until {until}: {reason}", "{mask} de {by}, hasta {until}: {reason}"),
    "bans": ("Bans in {room}: {count}", "Vetos en {room}: {count}"),
    "not banned": ("{who} is not on the list of bans of {room}", "{who} no está en los vetos de {room}"),
    "link": ("{url}", "{url}"),
    "link word": (
        "lets in until {day}, uses: {uses}. In any IRC client: /join {room} {key}",
        "deja entrar hasta {day}, usos: {uses}. En cualquier programa de IRC: /join {room} {key}",
    ),
    "link listed": (
        "{name} by {by}, until {day}, used {used} of {uses}",
        "{name} de {by}, hasta {day}, usado {used} de {uses}",
    ),
    "links": ("Links into {room}: {count}", "Enlaces a {room}: {count}"),
    "no link": ("{room} has no link {link} of yours", "{room} no tiene un enlace {link} tuyo"),
    "unlinked": ("Links into {room} taken back: {count}", "Enlaces a {room} retirados: {count}"),
    "link over": (
        "That link is over: it has expired, was used up or taken back",
        "Ese enlace ya no vale: ha caducado, se ha gastado o lo han retirado",
    ),
    "in already": ("You are in {room} already", "Ya estás en {room}"),
    "too many links": (
        "There are too many links (at most {limit} of a room); UNLINK takes some back",
        "Hay demasiados enlaces (como mucho {limit} de una sala); DESENLAZAR los retira",
    ),
    "link terms": (
        "A link lasts at most {days} days and {uses} uses: LINK <room> 2d 10",
        "Un enlace dura como mucho {days} días y {uses} usos: ENLACE <sala> 2d 10",
    ),
    "no end": ("no end", "sin fin"),
    "settings": (
        "Settings: history, history-seen, successor, welcome. SET <room> <setting> <value>",
        "Se puede poner: historia, historia-vista, sucesor, bienvenida. PONER <sala> <qué> <valor>",
    ),
    "history words": (
        "history is on, off, or a number of days (at most {most})",
        "historia es sí, no, o un número de días (como mucho {most})",
    ),
    "seen words": ("history-seen is all or joined", "historia-vista es todo o entrada"),
    "kept": ("kept", "se guarda"),
    "seen by all": ("all", "todo"),
    "none": ("none", "nada"),
}
