"""What NickServ says, in English and Spanish: one table.

What belongs here: texts with their fields. What must not: when they are said (`services`).
"""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "syntax": ("Syntax: {syntax}", "Se escribe: {syntax}"),
    "unknown": ("There is no {verb}; HELP lists what there is", "No existe {verb}; AYUDA dice qué hay"),
    "registered": (
        "The account {account} is yours, and so is the nick {account}",
        "La cuenta {account} es tuya, y el nombre {account} también",
    ),
    "already": ("You are logged in to {account} already", "Ya has entrado en la cuenta {account}"),
    "login needed": (
        "Log in first: IDENTIFY <account> <password>",
        "Entra antes: ENTRAR <cuenta> <contraseña>",
    ),
    "closed": ("Nobody was logged in: {reason}", "No se ha entrado: {reason}"),
    "suspended": ("This account is suspended: {reason}", "Esta cuenta está suspendida: {reason}"),
    "welcome": (
        "You are logged in to {account}. If somebody has your nick: /NICK {account}",
        "Has entrado en la cuenta {account}. Si alguien tiene tu nombre: /NICK {account}",
    ),
    "password changed": ("The password is changed", "La contraseña queda cambiada"),
    "no certificate": (
        "Your connection shows no client certificate; give a SHA-256 fingerprint",
        "Tu conexión no muestra certificado de cliente; da una huella SHA-256",
    ),
    "bad fingerprint": (
        "A fingerprint is a SHA-256 in hexadecimal, 64 digits",
        "Una huella es un SHA-256 en hexadecimal, 64 cifras",
    ),
    "certificate added": (
        "Who shows this certificate is you from now on (SASL EXTERNAL): {fingerprint}",
        "Quien muestre este certificado serás tú desde ahora (SASL EXTERNAL): {fingerprint}",
    ),
    "certificate there": ("It is on your list already", "Ya está en tu lista"),
    "certificate taken": ("It opens another account", "Abre otra cuenta"),
    "certificate limit": (
        "At most {limit} certificates; delete one first",
        "Como mucho {limit} certificados; borra antes uno",
    ),
    "certificate gone": ("It opens nothing any more", "Ya no abre nada"),
    "certificate unknown": ("It is not on your list", "No está en tu lista"),
    "certificate": ("{number}. {fingerprint}", "{number}. {fingerprint}"),
    "no certificates": ("No certificate opens your account", "Ningún certificado abre tu cuenta"),
    "session": (
        "{number}. {nick} by {door} from {address}{device}, since {since} UTC{own}",
        "{number}. {nick} por {door} desde {address}{device}, desde {since} UTC{own}",
    ),
    "device": (", on {device}", ", en {device}"),
    "absent": (
        "{nick} is here without a connection since {since} UTC",
        "{nick} está sin conexión desde {since} UTC",
    ),
    "not yours": ("{nick} is not a user of your account, or is you", "{nick} no es de tu cuenta, o eres tú"),
    "ghosted": ("{nick} is gone", "{nick} ya no está"),
    "setting": ("{name}: {value} ({help})", "{name}: {value} ({help})"),
    "everybody stays": ("But everybody stays on this server", "Pero en este servidor se queda todo el mundo"),
    "nobody stays": ("But nobody stays on this server", "Pero en este servidor no se queda nadie"),
    "setting unknown": ("There is: {names}", "Hay: {names}"),
    "setting value": ("Say on, off or default", "Di sí, no o normal"),
    "is on": ("on", "sí"),
    "is off": ("off", "no"),
    "is default": ("default", "normal"),
    "this one": (" (this one)", " (esta)"),
    "session closed": ("Closed: {nick}", "Cerrada: {nick}"),
    "session unknown": (
        "There is no session {number}; SESSIONS lists them",
        "No hay sesión {number}; SESIONES las dice",
    ),
    "dropped": (
        "The account {account} is deleted; what it said stays, without its name as an account",
        "La cuenta {account} queda borrada; lo que dijo se queda, sin constar como suyo",
    ),
    "dropped with words": (
        "The account {account} is deleted, with all that it said",
        "La cuenta {account} queda borrada, con todo lo que dijo",
    ),
    "export begun": (
        "Your data is being gathered: your account, rooms, files and all that you said. You will be told",
        "Se están reuniendo tus datos: la cuenta, las salas, los archivos y todo lo que has dicho. Te aviso",
    ),
    "export under way": ("It is being gathered already", "Ya se están reuniendo"),
    "export again": (
        "You had it not long ago: ask again in ten minutes",
        "Los has tenido hace poco: pídelos otra vez dentro de diez minutos",
    ),
    "export busy": ("Others are being served: ask again soon", "Hay otros antes: pídelos dentro de un rato"),
    "export failed": (
        "Your data could not be gathered: ask again later, or ask an operator",
        "No se han podido reunir tus datos: pídelos más tarde, o a un operador",
    ),
    "export done": (
        "Your data, {number} of {all} ({count} entries). Who has this link can read it, for a day: {link}",
        "Tus datos, {number} de {all} ({count} apuntes). Por un día los lee quien tenga el enlace: {link}",
    ),
    "export notices": (
        "That was the newest: {shown} of {count} messages. For all of them ask an operator",
        "Eso era lo último: {shown} de {count} mensajes. Para tenerlos todos, pídeselos a un operador",
    ),
    "no account": ("There is no account {account}", "No existe la cuenta {account}"),
    "info": (
        "{account}: made on {created}, last used on {seen}{state}",
        "{account}: creada el {created}, usada por última vez el {seen}{state}",
    ),
    "info own": (
        "Address: {email}. Certificates: {certificates}. Sessions: {sessions}",
        "Dirección: {email}. Certificados: {certificates}. Sesiones: {sessions}",
    ),
    "is suspended": (", suspended", ", suspendida"),
    "none": ("none", "ninguna"),
    "help": (
        'Say /NS or /MSG NickServ, and one of these. A password with spaces goes into "quotes":',
        "Di /NS o /MSG NickServ, y una de estas. Una contraseña con espacios va entre comillas dobles:",
    ),
}
