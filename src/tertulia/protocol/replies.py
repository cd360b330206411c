"""Standard replies (IRCv3 FAIL, WARN, NOTE): code and words, in English and Spanish: one table.

What belongs here: every such reply. What must not: when it is said. Numerics stand in `numerics.py`.
"""

from __future__ import annotations

from typing import NamedTuple

from tertulia.protocol import metadata_words


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
    "STREAM_STOPPED": StandardReply(
        "{nick} stopped the message; it was closed there", "{nick} detuvo el mensaje; se cerró ahí"
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
    "MAX_REGISTRATIONS": StandardReply("At most {most} devices", "Como mucho {most} dispositivos"),
    "FORBIDDEN": StandardReply("There are no notifications here", "Aquí no se envían avisos"),
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
