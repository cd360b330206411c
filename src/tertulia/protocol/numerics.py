"""Numeric replies: name, number and the words, in English and Spanish: one table.

What belongs here: every numeric the server can say. What must not: when it is said.
A text may name its fields (`{limit}`); the middle parameters are given by the caller in order. A numeric
whose text is None ends with whatever parameter the caller gives last.
Numbers and names follow modern-irc (ircdocs) and, where it is silent, RFC 2812 and the WHOX page.
"""

from __future__ import annotations

from typing import NamedTuple

from tertulia.protocol import metadata_words
from tertulia.protocol.reasons import LOGIN_REASONS as LOGIN_REASONS
from tertulia.protocol.reasons import STORE_REASONS as STORE_REASONS

LANGUAGES = ("en", "es")


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
        "723",
        "This agent's token lacks the right {right}; who runs the server gives rights (tertulia agents)",
        "A la ficha de este agente le falta el derecho {right}; los da quien lleva el servidor",
    ),
    "ERR_AGENTROOM": Numeric(
        "723",
        "This agent's token is not for this room; who runs the server says for which (tertulia agents)",
        "La ficha de este agente no es para esta sala; lo decide quien lleva el servidor (tertulia agents)",
    ),
    "ERR_AGENTNEVER": Numeric("723", "Agents do not do this", "Los agentes no hacen esto"),
    "ERR_STALECLAIM": Numeric(
        "404",
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


class StandardReply(NamedTuple):
    en: str
    es: str


STANDARD_REPLIES: dict[str, StandardReply] = {
    # the words of FAIL, WARN and NOTE, by code (IRCv3 standard-replies)
    "INVALID_UTF8": StandardReply(
        "Message rejected: it must be UTF-8", "Mensaje rechazado: tiene que ser UTF-8"
    ),
    "INVALID_CHARACTER": StandardReply(
        "Message rejected: NUL or CR inside a line",
        "Mensaje rechazado: hay un NUL o un CR dentro de la línea",
    ),
    "NOT_STORED": StandardReply(
        "Nothing was said or changed: the server cannot store it now ({reason}). Try again shortly",
        "No se ha dicho ni cambiado nada: el servidor no puede guardarlo ahora ({reason}). "
        "Inténtalo dentro de un momento",
    ),
    "INVALID_PARAMS": StandardReply("Invalid parameters: {syntax}", "Parámetros no válidos: {syntax}"),
    "ACCOUNT_NEEDED": StandardReply("An account is required", "Hace falta una cuenta"),
    "INVALID_PARAMETERS": StandardReply(
        "Say GET, or SET ON, OFF or DEFAULT", "Di GET, o SET ON, OFF o DEFAULT"
    ),
    "MISSED_MORE": StandardReply(
        "More was said in {target} than the last {count} messages that follow",
        "En {target} se dijo más que los {count} últimos mensajes que siguen",
    ),
    "NEED_MORE_PARAMS": StandardReply("Not enough parameters: {syntax}", "Faltan parámetros: {syntax}"),
    "INTERNAL_ERROR": StandardReply("The store cannot be used now", "Ahora no se puede usar el almacén"),
    "INVALID_MSGREFTYPE": StandardReply(
        "A message is named by timestamp= or msgid=", "Un mensaje se nombra con timestamp= o msgid="
    ),
    "INVALID_TARGET": StandardReply("No such target, or not for you", "No existe ese destino"),
    "MESSAGE_ERROR": StandardReply("Messages could not be retrieved", "No se pudieron leer los mensajes"),
    **{code: StandardReply(*texts) for code, texts in metadata_words.REPLIES.items()},
    "SEARCH_DONE": StandardReply("End of the search: {count} found", "Fin de la búsqueda: {count} hallados"),
    "MULTILINE_MAX_BYTES": StandardReply(
        "Multiline batch max-bytes exceeded", "El mensaje supera los bytes permitidos"
    ),
    "MULTILINE_MAX_LINES": StandardReply(
        "Multiline batch max-lines exceeded", "El mensaje supera las líneas permitidas"
    ),
    "MULTILINE_INVALID_TARGET": StandardReply("Invalid multiline target", "El destino no es el del lote"),
    "MULTILINE_INVALID": StandardReply("Invalid multiline batch", "Lote de varias líneas no válido"),
    "TIMEOUT": StandardReply(
        "The batch was left open for too long and is dropped",
        "El lote estuvo abierto demasiado tiempo y se descarta",
    ),
    "INVALID_REFERENCE": StandardReply(
        "A batch is opened with + and closed with -, then letters, digits and hyphens",
        "Un lote se abre con + y se cierra con -, y luego letras, cifras y guiones",
    ),
    "TOO_MANY_BATCHES": StandardReply("Too many batches are open", "Hay demasiados lotes abiertos"),
    "UNKNOWN_TYPE": StandardReply("Unknown batch type", "Tipo de lote desconocido"),
    "STREAM_TOO_MANY": StandardReply(
        "So many streams are open already", "Ya hay demasiados mensajes abiertos"
    ),
    "UNKNOWN_COMMAND": StandardReply(
        "There is no TOKEN {subcommand}: SERVICELIST, GENERATE or VALIDATE",
        "No existe TOKEN {subcommand}: SERVICELIST, GENERATE o VALIDATE",
    ),
    "NEED_CAPABILITY": StandardReply(
        "Negotiate the capability {capability} first", "Negocia antes la capacidad {capability}"
    ),
    "NO_SERVICES": StandardReply("This network has no services", "Esta red no tiene servicios"),
    "UNKNOWN_SERVICE": StandardReply("There is no service {service}", "No existe el servicio {service}"),
    "TOKEN_ACCOUNT": StandardReply(
        "Log in to your account first: {service} wants to know who you are",
        "Entra antes en tu cuenta: {service} quiere saber quién eres",
    ),
    "NO_FILES": StandardReply(
        "Files cannot be handed in here: the operator has not opened a place for them",
        "Aquí no se pueden dejar archivos: el operador no ha abierto un sitio para ellos",
    ),
    "UNKNOWN_FILE": StandardReply("There is no such file of yours", "No tienes ningún archivo así"),
    "FILE": StandardReply(
        "{name} ({size} bytes, {type}), by {owner}, until {until}",
        "{name} ({size} bytes, {type}), de {owner}, hasta {until}",
    ),
    "FILES_END": StandardReply(
        "{count} files, newest first, at most {most} are shown",
        "{count} archivos, los más nuevos primero, se muestran {most} como mucho",
    ),
    "FILE_DELETED": StandardReply("The file is deleted: {name}", "El archivo está borrado: {name}"),
    "FILES_USED": StandardReply(
        "You have {count} files here, {size} of {quota} bytes",
        "Tienes aquí {count} archivos, {size} de {quota} bytes",
    ),
    "INVALID_SCOPE": StandardReply(
        "{scope} is neither a room nor a nick", "{scope} no es una sala ni un nick"
    ),
    "NO_PERMISSIONS": StandardReply(
        "You may not do this with {service} for {scope}", "No puedes hacer eso con {service} para {scope}"
    ),
    "INVALID_TOKEN": StandardReply(
        "The token is none, was used already, or is too old",
        "La ficha no existe, ya se usó o es demasiado vieja",
    ),
    "NOT_AN_AGENT": StandardReply(
        "Agents have an inbox, who come with a token (docs/agents.md)",
        "Tienen buzón los agentes, que entran con una ficha (docs/agents.md)",
    ),
    "STALE_CLAIM": StandardReply(
        "That claim is over: claim again, and do not answer what came with it",
        "Esa toma terminó: toma de nuevo, y no respondas a lo que vino con ella",
    ),
    "STREAM_INVALID": StandardReply("Invalid stream", "Mensaje que crece no válido"),
    "STREAM_INVALID_TARGET": StandardReply("The target is not the stream's", "El destino no es el del lote"),
    "STREAM_MAX_BYTES": StandardReply(
        "The stream is too long; it was closed there", "El mensaje es demasiado largo; se cerró ahí"
    ),
    "STREAM_MAX_LINES": StandardReply(
        "The stream has too many lines; it was closed there",
        "El mensaje tiene demasiadas líneas; se cerró ahí",
    ),
    "REDACT_FORBIDDEN": StandardReply(
        "You are not authorised to delete this message", "No puedes borrar ese mensaje"
    ),
    "REDACT_WINDOW_EXPIRED": StandardReply(
        "You can no longer delete this message; a room's operators can",
        "Ya no puedes borrar ese mensaje; quienes operan la sala sí",
    ),
    "CHANNEL_NAME_IN_USE": StandardReply(
        "The channel name is already taken", "Ya hay una sala con ese nombre"
    ),
    "CANNOT_RENAME": StandardReply(
        "The channel cannot be renamed so, or was renamed within the last minute",
        "La sala no se puede llamar así, o cambió de nombre hace menos de un minuto",
    ),
    "CHANNEL_RENAMED": StandardReply("The channel has been renamed", "La sala ha cambiado de nombre"),
    "UNKNOWN_MSGID": StandardReply(
        "This message does not exist or is too old", "Ese mensaje no existe o es demasiado antiguo"
    ),
    "INVALID_HOST": StandardReply(
        "A host has letters, digits, dots, colons, dashes, slashes; at most {limit}",
        "Una dirección lleva letras, cifras, puntos, dos puntos, guiones y barras; como mucho {limit}",
    ),
    "INVALID_REALNAME": StandardReply("Realname is not valid", "El nombre real no es válido"),
    "NICKNAME_RESERVED": StandardReply(
        "This nick belongs to an account: log in to it first, by SASL or /msg NickServ IDENTIFY",
        "Este nombre es de una cuenta: entra antes en ella, por SASL o con /msg NickServ ENTRAR",
    ),
    "NICKNAME_RECLAIMED": StandardReply(
        "The nick {nick} belongs to an account, whose owner has come: you are {new} now",
        "El nombre {nick} es de una cuenta y ha llegado quien la tiene: ahora eres {new}",
    ),
    "ACCOUNT_REQUIRED": StandardReply(
        "Nobody enters here without an account: log in by SASL",
        "Aquí no se entra sin cuenta: entra por SASL",
    ),
    "ACCOUNT_EXISTS": StandardReply("That name is taken", "Ese nombre ya está cogido"),
    "BAD_ACCOUNT_NAME": StandardReply(
        "An account's name is a valid nick", "El nombre de una cuenta ha de ser válido como apodo"
    ),
    "NEED_NICK": StandardReply("Send NICK first", "Envía antes NICK"),
    "ALREADY_AUTHENTICATED": StandardReply("You are logged in already", "Ya has entrado en una cuenta"),
    "WEAK_PASSWORD": StandardReply(
        "The password is too weak: at least {least} characters, and not the name",
        "La contraseña es demasiado débil: al menos {least} caracteres, y que no sea el nombre",
    ),
    "UNACCEPTABLE_PASSWORD": StandardReply(
        "The password has characters that cannot be used, or more than {most} bytes",
        "La contraseña tiene caracteres que no sirven, o más de {most} bytes",
    ),
    "INVALID_EMAIL": StandardReply("That is no address", "Eso no es una dirección"),
    "COMPLETE_CONNECTION_REQUIRED": StandardReply("Finish connecting first", "Termina antes de conectarte"),
    "INVALID_CODE": StandardReply(
        "Nothing is waiting to be verified with that code", "No hay nada que verificar con ese código"
    ),
    "TEMPORARILY_UNAVAILABLE": StandardReply(
        "No accounts can be made here now", "Ahora no se pueden crear cuentas aquí"
    ),
    "REGISTERED": StandardReply("Account successfully registered", "Cuenta creada"),
    "BUSY": StandardReply(
        "Too many commands are waiting; this one was dropped",
        "Hay demasiadas órdenes esperando; esta se descartó",
    ),
}


def words(texts: tuple[str, str] | StandardReply, language: str, **fields: object) -> str:
    """The text in a language of `LANGUAGES`, its fields filled in."""
    text = texts[1] if language == "es" else texts[0]
    return text.format(**fields) if fields else text
