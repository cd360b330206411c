"""Numeric replies: name, number and the words, in English and Spanish: one table.

What belongs here: every numeric the server can say. What must not: when it is said.
A text may name its fields (`{limit}`); the middle parameters are given by the caller in order. A numeric
whose text is None ends with whatever parameter the caller gives last.
Numbers and names follow modern-irc (ircdocs) and, where it is silent, RFC 2812 and the WHOX page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from tertulia.protocol import metadata_words
from tertulia.protocol.reasons import LOGIN_REASONS as LOGIN_REASONS
from tertulia.protocol.reasons import STORE_REASONS as STORE_REASONS
from tertulia.protocol.replies import STANDARD_REPLIES as STANDARD_REPLIES
from tertulia.protocol.replies import StandardReply as StandardReply

LANGUAGES = ("en", "es")
NICK = "\0"  # where the nick belongs in what is written once for all: no line has a NUL


class Numeric(NamedTuple):
    number: str
    en: str | None
    es: str | None


def _same(number: str) -> Numeric:
    return Numeric(number, None, None)


NUMERICS: dict[str, Numeric] = {
    # --- registration
    "RPL_WELCOME": Numeric(
        "001", "Welcome to {network}, {nick}", "Te damos la bienvenida a {network}, {nick}"
    ),
    "RPL_YOURHOST": Numeric(
        "002", "Your host is {server}, running {version}", "Tu servidor es {server}, con {version}"
    ),
    "RPL_CREATED": Numeric("003", "This server was started {since}", "Este servidor arrancó {since}"),
    "RPL_MYINFO": _same("004"),
    "RPL_ISUPPORT": Numeric("005", "are supported by this server", "son admitidos por este servidor"),
    "RPL_SNOMASK": Numeric("008", "Server notice mask", "Avisos del servidor que oyes"),
    **{name: Numeric(*row) for name, row in metadata_words.NUMERICS.items()},
    "RPL_MAP": _same("015"),
    "RPL_MAPEND": Numeric("017", "End of MAP", "Fin de MAP"),
    # --- the network
    "RPL_UMODEIS": _same("221"),
    "RPL_LUSERCLIENT": Numeric(
        "251",
        "There are {users} users and {invisible} invisible on {servers} servers",
        "Hay {users} usuarios y {invisible} invisibles en {servers} servidores",
    ),
    "RPL_LUSEROP": Numeric("252", "operators online", "operadores en línea"),
    "RPL_LUSERUNKNOWN": Numeric("253", "unknown connections", "conexiones sin identificar"),
    "RPL_LUSERCHANNELS": Numeric("254", "rooms formed", "salas formadas"),
    "RPL_LUSERME": Numeric(
        "255", "I have {users} clients and {servers} servers", "Tengo {users} clientes y {servers} servidores"
    ),
    "RPL_ADMINME": Numeric("256", "Administrative info", "Datos de administración"),
    "RPL_ADMINLOC1": _same("257"),
    "RPL_ADMINLOC2": _same("258"),
    "RPL_ADMINEMAIL": _same("259"),
    "RPL_TRYAGAIN": Numeric(
        "263", "Please wait a while and try again", "Espera un momento y vuelve a intentarlo"
    ),
    "RPL_LOCALUSERS": Numeric(
        "265", "Current local users {users}, max {most}", "Usuarios ahora {users}, máximo {most}"
    ),
    "RPL_GLOBALUSERS": Numeric(
        "266", "Current global users {users}, max {most}", "Usuarios en la red {users}, máximo {most}"
    ),
    "RPL_WHOISCERTFP": Numeric(
        "276",
        "has client certificate fingerprint {fingerprint}",
        "tiene un certificado de cliente con huella {fingerprint}",
    ),
    # --- users
    "RPL_AWAY": _same("301"),
    "RPL_USERHOST": _same("302"),
    "RPL_ISON": _same("303"),
    "RPL_UNAWAY": Numeric("305", "You are no longer marked as being away", "Ya no constas como ausente"),
    "RPL_NOWAWAY": Numeric("306", "You have been marked as being away", "Ahora constas como ausente"),
    "RPL_WHOISUSER": _same("311"),
    "RPL_WHOISSERVER": _same("312"),
    "RPL_WHOISOPERATOR": _same("313"),
    "RPL_WHOWASUSER": _same("314"),
    "RPL_WHOISSERVICE": Numeric(
        "310", "is a service of this network: /msg it HELP", "es un servicio de esta red: /msg y AYUDA"
    ),
    "RPL_ENDOFWHO": Numeric("315", "End of WHO list", "Fin de la lista WHO"),
    "RPL_WHOISIDLE": Numeric("317", "seconds idle, signon time", "segundos en silencio, hora de entrada"),
    "RPL_ENDOFWHOIS": Numeric("318", "End of WHOIS list", "Fin de la lista WHOIS"),
    "RPL_WHOISCHANNELS": _same("319"),
    "RPL_WHOISSPECIAL": _same("320"),
    "RPL_LISTSTART": Numeric("321", "Users  Name", "Usuarios  Nombre"),
    "RPL_LIST": _same("322"),
    "RPL_LISTEND": Numeric("323", "End of LIST", "Fin de LIST"),
    "RPL_WHOISACCOUNT": Numeric("330", "is logged in as", "ha entrado con la cuenta"),
    "RPL_WHOISBOT": Numeric("335", "is a bot", "es un bot"),
    "RPL_WHOISACTUALLY": Numeric("338", "is actually using host", "usa en realidad la dirección"),
    "RPL_WHOISHOST": Numeric(
        "378", "is connecting from {mask} {address}", "se conecta desde {mask} {address}"
    ),
    "RPL_WHOISMODES": Numeric("379", "is using modes {modes}", "tiene los modos {modes}"),
    "RPL_WHOISGATEWAY": Numeric("350", "is connected by this gateway", "se conecta por esta pasarela"),
    "RPL_WHOISSECURE": Numeric("671", "is using a secure connection", "usa una conexión segura"),
    # --- rooms
    "RPL_CHANNELMODEIS": _same("324"),
    "RPL_CREATIONTIME": _same("329"),
    "RPL_NOTOPIC": Numeric("331", "No topic is set", "No hay tema"),
    "RPL_TOPIC": _same("332"),
    "RPL_TOPICWHOTIME": _same("333"),
    "RPL_INVITELIST": Numeric("336", None, None),
    "RPL_ENDOFINVITELIST": Numeric("337", "End of INVITE list", "Fin de la lista de invitaciones"),
    "RPL_INVITING": _same("341"),
    "RPL_INVEXLIST": _same("346"),
    "RPL_ENDOFINVEXLIST": Numeric(
        "347", "End of invite exception list", "Fin de la lista de invitados permanentes"
    ),
    "RPL_EXCEPTLIST": _same("348"),
    "RPL_ENDOFEXCEPTLIST": Numeric("349", "End of exception list", "Fin de la lista de excepciones"),
    "RPL_VERSION": _same("351"),
    "RPL_WHOREPLY": _same("352"),
    "RPL_NAMREPLY": _same("353"),
    "RPL_WHOSPCRPL": _same("354"),
    "RPL_ENDOFNAMES": Numeric("366", "End of NAMES list", "Fin de la lista NAMES"),
    "RPL_BANLIST": _same("367"),
    "RPL_ENDOFBANLIST": Numeric("368", "End of ban list", "Fin de la lista de vetos"),
    "RPL_ENDOFWHOWAS": Numeric("369", "End of WHOWAS", "Fin de WHOWAS"),
    "RPL_LINKS": _same("364"),
    "RPL_ENDOFLINKS": Numeric("365", "End of LINKS list", "Fin de la lista LINKS"),
    "RPL_STATSOLINE": _same("243"),
    "RPL_STATSKLINE": _same("216"),
    "RPL_STATSDLINE": _same("225"),
    "RPL_STATSDEBUG": _same("249"),
    "RPL_STATSUPTIME": Numeric(
        "242",
        "Server up {days} days {hours:02}:{minutes:02}:{seconds:02}",
        "El servidor lleva {days} días {hours:02}:{minutes:02}:{seconds:02}",
    ),
    "RPL_ENDOFSTATS": Numeric("219", "End of STATS report", "Fin de STATS"),
    "RPL_SERVLISTEND": Numeric("235", "End of service listing", "Fin de la lista de servicios"),
    "RPL_KNOCK": Numeric("710", "has asked for an invite", "pide que se le invite"),
    "RPL_KNOCKDLVR": Numeric(
        "711", "Your KNOCK has been delivered", "Se ha avisado a quienes operan la sala"
    ),
    "ERR_CHANOPEN": Numeric("713", "Channel is open; just join it", "La sala está abierta; entra sin más"),
    "ERR_KNOCKONCHAN": Numeric("714", "You are already on that channel", "Ya estás en esa sala"),
    # --- the server
    "RPL_INFO": _same("371"),
    "RPL_MOTD": _same("372"),
    "RPL_ENDOFINFO": Numeric("374", "End of INFO list", "Fin de INFO"),
    "RPL_MOTDSTART": Numeric("375", "- {server} Message of the day -", "- {server} Mensaje del día -"),
    "RPL_ENDOFMOTD": Numeric("376", "End of MOTD command", "Fin del mensaje del día"),
    "RPL_YOUREOPER": Numeric(
        "381", "You are now an operator of this server", "Ahora eres operador de este servidor"
    ),
    "RPL_REHASHING": Numeric("382", "Rehashing", "Releyendo la configuración"),
    "RPL_TIME": _same("391"),
    "RPL_VISIBLEHOST": Numeric("396", "is now your visible host", "es ahora tu dirección visible"),
    # --- errors
    "ERR_UNKNOWNERROR": Numeric(
        "400",
        "Something went wrong in the server; its operator can read what",
        "Algo falló en el servidor; quien lo lleva puede leer qué",
    ),
    "ERR_NOSUCHNICK": Numeric("401", "No such nick/channel", "No hay nadie ni sala con ese nombre"),
    "ERR_NOSUCHSERVER": Numeric("402", "No such server", "No existe ese servidor"),
    "ERR_NOSUCHCHANNEL": Numeric(
        "403",
        "No such channel; room names begin with # and have no spaces or commas",
        "No existe esa sala; los nombres empiezan por # y no llevan espacios ni comas",
    ),
    "ERR_CANNOTSENDTOCHAN": Numeric(
        "404", "Cannot send to channel ({reason})", "No puedes hablar en la sala ({reason})"
    ),
    "ERR_TOOMANYCHANNELS": Numeric(
        "405",
        "You have joined too many channels (at most {limit})",
        "Estás en demasiadas salas (como mucho {limit})",
    ),
    "ERR_WASNOSUCHNICK": Numeric("406", "There was no such nickname", "No hubo nadie con ese nombre"),
    "ERR_TOOMANYTARGETS": Numeric(
        "407",
        "Too many targets (at most {limit}); no message was delivered beyond them",
        "Demasiados destinatarios (como mucho {limit}); al resto no se entregó nada",
    ),
    "ERR_NOSUCHSERVICE": Numeric("408", "No such service", "No existe ese servicio"),
    "ERR_NOORIGIN": Numeric("409", "No origin specified", "Falta el origen"),
    "ERR_INVALIDCAPCMD": Numeric("410", "Invalid CAP command", "Orden CAP no válida"),
    "ERR_NORECIPIENT": Numeric("411", "No recipient given ({command})", "Falta el destinatario ({command})"),
    "ERR_NOTEXTTOSEND": Numeric("412", "No text to send", "No hay texto que enviar"),
    "ERR_INPUTTOOLONG": Numeric(
        "417",
        "Input line was too long: at most 510 bytes, tags apart; it was not processed",
        "La línea era demasiado larga: como mucho 510 bytes, etiquetas aparte; no se procesó",
    ),
    "ERR_UNKNOWNCOMMAND": Numeric(
        "421", "Unknown command; HELP lists those there are", "Orden desconocida; HELP dice cuáles hay"
    ),
    "ERR_NOMOTD": Numeric("422", "There is no message of the day", "No hay mensaje del día"),
    "ERR_NONICKNAMEGIVEN": Numeric("431", "No nickname given", "Falta el nombre"),
    "ERR_ERRONEUSNICKNAME": Numeric(
        "432",
        "Erroneous nickname: letters, digits and []\\`_^{{|}}-, not a digit first, at most {limit}",
        "Nombre no válido: letras, cifras y []\\`_^{{|}}-, sin empezar por cifra, como mucho {limit}",
    ),
    "ERR_NICKNAMEINUSE": Numeric("433", "Nickname is already in use", "Ese nombre ya está en uso"),
    "ERR_USERNOTINCHANNEL": Numeric("441", "They aren't on that channel", "No está en esa sala"),
    "ERR_NOTONCHANNEL": Numeric("442", "You're not on that channel", "No estás en esa sala"),
    "ERR_USERONCHANNEL": Numeric("443", "is already on channel", "ya está en la sala"),
    "ERR_SUMMONDISABLED": Numeric("445", "SUMMON has been disabled", "SUMMON no está disponible"),
    "ERR_USERSDISABLED": Numeric("446", "USERS has been disabled", "USERS no está disponible"),
    "ERR_CANTCHANGENICK": Numeric(
        "447", "Nobody changes nick while in this room (+N)", "En esta sala no se cambia de nombre (+N)"
    ),
    "ERR_NOTREGISTERED": Numeric(
        "451",
        "You have not registered: send NICK and USER first",
        "Aún no te has presentado: envía antes NICK y USER",
    ),
    "ERR_NEEDMOREPARAMS": Numeric("461", "Not enough parameters: {syntax}", "Faltan parámetros: {syntax}"),
    "ERR_ALREADYREGISTERED": Numeric("462", "You may not reregister", "Ya te has presentado"),
    "ERR_PASSWDMISMATCH": Numeric("464", "Password incorrect", "Contraseña incorrecta"),
    "ERR_KEYSET": Numeric(
        "467", "Channel key is already set or not valid", "La clave ya está puesta o no es válida"
    ),
    "ERR_LINKCHANNEL": Numeric("470", "Forwarding to another channel", "Se te lleva a otra sala"),
    "ERR_CHANNELISFULL": Numeric(
        "471", "Cannot join channel (+l): it is full", "No puedes entrar (+l): la sala está llena"
    ),
    "ERR_UNKNOWNMODE": Numeric("472", "is unknown mode char to me", "no es un modo que yo conozca"),
    "ERR_INVITEONLYCHAN": Numeric(
        "473", "Cannot join channel (+i): by invitation only", "No puedes entrar (+i): solo por invitación"
    ),
    "ERR_BANNEDFROMCHAN": Numeric(
        "474", "Cannot join channel (+b): you are banned", "No puedes entrar (+b): tienes un veto"
    ),
    "ERR_BADCHANNELKEY": Numeric(
        "475",
        "Cannot join channel (+k): wrong or missing key",
        "No puedes entrar (+k): falta la clave o no es esa",
    ),
    "ERR_BADCHANMASK": Numeric("476", "Bad channel name", "Nombre de sala no válido"),
    "ERR_NEEDREGGEDNICK": Numeric(
        "477",
        "Cannot join or write (+R): log in to an account first",
        "No puedes entrar ni escribir (+R): entra antes en una cuenta",
    ),
    "ERR_THROTTLE": Numeric(
        "480",
        "Cannot join channel (+j): too many are coming in; try again in a while",
        "No puedes entrar (+j): están entrando demasiados; prueba dentro de un rato",
    ),
    "ERR_SECUREONLYCHAN": Numeric(
        "489",
        "Cannot join channel (+z): connect with TLS",
        "No puedes entrar (+z): conéctate con TLS",
    ),
    "ERR_BANLISTFULL": Numeric(
        "478", "Channel list is full (at most {limit})", "La lista está llena (como mucho {limit})"
    ),
    "ERR_NOPRIVILEGES": Numeric(
        "481",
        "Permission denied: you're not an operator of this server",
        "Permiso denegado: no eres operador del servidor",
    ),
    "ERR_CHANOPRIVSNEEDED": Numeric("482", "You're not a channel operator", "No eres operador de la sala"),
    "ERR_CANTKILLSERVER": Numeric("483", "You can't kill a server", "No se puede expulsar a un servidor"),
    "ERR_NOOPERHOST": Numeric("491", "No operator block fits your name", "Ningún operador tiene ese nombre"),
    "ERR_UMODEUNKNOWNFLAG": Numeric("501", "Unknown MODE flag", "Modo desconocido"),
    "ERR_USERSDONTMATCH": Numeric(
        "502", "Cannot change mode for other users", "No puedes cambiar los modos de otros"
    ),
    "ERR_HELPNOTFOUND": Numeric("524", "No help available on this topic", "No hay ayuda sobre eso"),
    "ERR_INVALIDKEY": Numeric("525", "Key is not well-formed", "La clave no está bien formada"),
    "ERR_INVALIDMODEPARAM": Numeric("696", "Invalid mode parameter", "Parámetro de modo no válido"),
    "ERR_YOUREBANNEDCREEP": _same("465"),
    "ERR_NOPRIVS": Numeric(
        "723",
        "Insufficient operator privileges: your class lacks this right",
        "Te falta ese derecho: tu clase de operador no lo tiene",
    ),
    # --- agents (docs/agents.md)
    "ERR_AGENTRIGHT": Numeric(
        "751",
        "This agent's token lacks the right {right}; who runs the server gives rights (tertulia agents)",
        "A la ficha de este agente le falta el derecho {right}; los da quien lleva el servidor",
    ),
    "ERR_AGENTROOM": Numeric(
        "752",
        "This agent's token is not for this room; who runs the server says for which (tertulia agents)",
        "La ficha de este agente no es para esta sala; lo decide quien lleva el servidor (tertulia agents)",
    ),
    "ERR_AGENTNEVER": Numeric("753", "Agents do not do this", "Los agentes no hacen esto"),
    "ERR_STALECLAIM": Numeric(
        "754",
        "Nothing was said: this claim is over, and another may be answering what it held",
        "No se ha dicho nada: esa toma terminó, y puede que otro responda ya a lo que tenía",
    ),
    # --- help and languages
    "RPL_HELPSTART": _same("704"),
    "RPL_HELPTXT": _same("705"),
    "RPL_ENDOFHELP": Numeric("706", "End of HELP", "Fin de la ayuda"),
    # --- who comes and goes (IRCv3 monitor)
    "RPL_MONONLINE": _same("730"),
    "RPL_MONOFFLINE": _same("731"),
    "RPL_MONLIST": _same("732"),
    "RPL_ENDOFMONLIST": Numeric("733", "End of MONITOR list", "Fin de la lista MONITOR"),
    "ERR_MONLISTFULL": Numeric("734", "Monitor list is full", "La lista MONITOR está llena"),
    "RPL_YOURLANGUAGESARE": Numeric("687", "You will be answered in English", "Se te responderá en español"),
    # --- accounts (IRCv3 sasl-3.1)
    "RPL_LOGGEDIN": Numeric(
        "900", "You are now logged in as {account}", "Has entrado con la cuenta {account}"
    ),
    "RPL_LOGGEDOUT": Numeric("901", "You are now logged out", "Has salido de la cuenta"),
    "ERR_NICKLOCKED": Numeric(
        "902", "This account is suspended: {reason}", "Esta cuenta está suspendida: {reason}"
    ),
    "RPL_SASLSUCCESS": Numeric("903", "SASL authentication successful", "Autenticación SASL correcta"),
    "ERR_SASLFAIL": Numeric(
        "904", "SASL authentication failed ({reason})", "Falló la autenticación SASL ({reason})"
    ),
    "ERR_SASLTOOLONG": Numeric("905", "SASL message too long", "Mensaje SASL demasiado largo"),
    "ERR_SASLABORTED": Numeric("906", "SASL authentication aborted", "Autenticación SASL cancelada"),
    "ERR_SASLALREADY": Numeric(
        "907", "You have already authenticated using SASL", "Ya te has autenticado con SASL"
    ),
    "RPL_SASLMECHS": Numeric("908", "are available SASL mechanisms", "son los mecanismos SASL disponibles"),
    "ERR_NOLANGUAGE": Numeric(
        "982", "Language is not available: {languages}", "Ese idioma no está: {languages}"
    ),
}


def written(
    server: str, nick: str, language: str, name: str, params: Sequence[str], fields: Mapping[str, object]
) -> str:
    """A numeric of the table as a line. Without a text of its own, the last parameter is the text."""
    row = NUMERICS[name]
    text = row.es if language == "es" else row.en
    if text is None:
        *params, text = params
    elif fields:
        text = text.format(**fields)
    if not params:
        return f":{server} {row.number} {nick} :{text}\r\n"
    return f":{server} {row.number} {nick} {' '.join(params)} :{text}\r\n"


def words(texts: tuple[str, str] | StandardReply, language: str, **fields: object) -> str:
    """The text in a language of `LANGUAGES`, its fields filled in."""
    text = texts[1] if language == "es" else texts[0]
    return text.format(**fields) if fields else text
