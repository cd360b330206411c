"""What is wrong with a configuration, in words.

What belongs here: a table from kinds of problems to sentences in English and Spanish. What must not:
finding problems.
"""

from __future__ import annotations

from tertulia.cli.language import reason, say
from tertulia.config import Problem
from tertulia.protocol.rights import RIGHTS

# What was expected, by pydantic's name of the error or ours. Braces are filled from the problem's context.
EXPECTED: dict[str, tuple[str, str]] = {
    "string_type": ("a text in quotes", "un texto entre comillas"),
    "int_type": ("a whole number", "un número entero"),
    "int_parsing": ("a whole number", "un número entero"),
    "int_from_float": ("a whole number", "un número entero"),
    "float_type": ("a number", "un número"),
    "float_parsing": ("a number", "un número"),
    "bool_type": ("true or false", "true o false"),
    "bool_parsing": ("true or false", "true o false"),
    "path_type": ("a path in quotes", "una ruta entre comillas"),
    "tuple_type": ("a list: [...], or for tables [[...]]", "una lista: [...], o para tablas [[...]]"),
    "model_type": ("a section: [name] with keys under it", "una sección: [nombre] con claves debajo"),
    "model_attributes_type": (
        "a section: [name] with keys under it",
        "una sección: [nombre] con claves debajo",
    ),
    "greater_than_equal": ("{ge} or more", "{ge} o más"),
    "greater_than": ("more than {gt}", "más de {gt}"),
    "less_than_equal": ("{le} or less", "{le} o menos"),
    "too_short": ("at least {min_length} entries", "al menos {min_length} elementos"),
    "ip_any_network": (
        "addresses or networks such as 192.0.2.7 or 2001:db8::/64",
        "direcciones o redes como 192.0.2.7 o 2001:db8::/64",
    ),
    "too_long": ("at most {max_length} entries", "como mucho {max_length} elementos"),
    "literal_error": ("one of {expected}", "uno de {expected}"),
    "server_name": (
        "a host name such as chat.example.org: letters, digits, dots and dashes",
        "un nombre de equipo como chat.ejemplo.org: letras, cifras, puntos y guiones",
    ),
    "network_name": ("one word, without spaces or commas", "una palabra, sin espacios ni comas"),
    "one_line": ("one line of at most 300 characters", "una línea de 300 caracteres como mucho"),
    "nick": (
        "a nick: at most 32 letters, digits or -[]\\`_^{{|}}, not beginning with a digit or a dash",
        "un nick: 32 letras, cifras o -[]\\`_^{{|}} como mucho, sin empezar por cifra ni guion",
    ),
    "room": (
        "a room such as #tertulia, without spaces or commas",
        "una sala como #tertulia, sin espacios ni comas",
    ),
    "fingerprint": (
        "a SHA-256 fingerprint: 64 hexadecimal digits, with or without colons",
        "una huella SHA-256: 64 cifras hexadecimales, con dos puntos o sin ellos",
    ),
    "right": (f"a right: * (all), {', '.join(RIGHTS)}", f"un derecho: * (todos), {', '.join(RIGHTS)}"),
    "operator_name": ("one word of at most 32 characters", "una palabra de 32 caracteres como mucho"),
    "http_url": (
        "an address beginning with http:// or https://, without a user and password in it",
        "una dirección que empiece por http:// o https://, sin usuario ni contraseña en ella",
    ),
    "contact": (
        "an address such as mailto:operator@example.org or https://example.org/contact",
        "una dirección como mailto:responsable@ejemplo.org o https://ejemplo.org/contacto",
    ),
    "service_key": (
        "a name with the vendor before it, such as example.org/quotes",
        "un nombre con el dueño delante, como ejemplo.org/citas",
    ),
    "capability": (
        "the name of a capability that can be switched off, such as draft/multiline",
        "el nombre de una capacidad que se pueda apagar, como draft/multiline",
    ),
    "tag_rule": (
        'the name of a client tag without "+", such as typing; "*" for all, "-typing" for an exception',
        'el nombre de una etiqueta de cliente sin "+", como typing; "*" son todas, "-typing" una excepción',
    ),
    "currency": (
        "the three capitals of a currency, such as EUR",
        "las tres mayúsculas de una moneda, como EUR",
    ),
    "timezone": (
        "a time zone such as Europe/Madrid or UTC",
        "una zona horaria como Europe/Madrid o UTC",
    ),
    "budget_of": (
        'one of "all", "guests", "account" (each), "account:name", "model:nick", "room:#room"; '
        '"model:*" and "room:*" are each of them',
        'uno de "all", "guests", "account" (cada una), "account:nombre", "model:nick", "room:#sala"; '
        '"model:*" y "room:*" son cada uno de ellos',
    ),
    "origin": (
        "an origin such as https://chat.example.org, without a path",
        "un origen como https://chat.ejemplo.org, sin ruta",
    ),
}

# Problems that are told in a sentence of their own.
SENTENCES: dict[str, tuple[str, str]] = {
    "unknown": ("there is no such key", "no existe esa clave"),
    "missing": ("is needed", "hace falta"),
    "unreadable": ("cannot be read: {reason}", "no se puede leer: {reason}"),
    "not_utf8": (
        "is not UTF-8 text (byte {byte})",
        "no es texto UTF-8 (byte {byte})",
    ),
    "syntax": ("is not valid TOML: {reason}", "no es TOML válido: {reason}"),
    "secret": (
        "a key does not belong in the file: put it in an environment variable and name that in key_env",
        "una clave secreta no va en el fichero: ponla en una variable de entorno y nómbrala en key_env",
    ),
    "variable_name": (
        "must be the name of an environment variable (capitals, digits, _), never the key itself",
        "debe ser el nombre de una variable de entorno (mayúsculas, cifras, _), nunca la clave secreta misma",
    ),
    "cloak_key": (
        "is too short to hide anything: at least {least} characters, at random",
        "es demasiado corta para esconder nada: al menos {least} caracteres, al azar",
    ),
    "budget_bounds": (
        "bounds nothing: give cost, tokens or both",
        "no limita nada: pon cost, tokens o los dos",
    ),
    "no_such_nick": (
        "no model is called {name}",
        "ningún modelo se llama {name}",
    ),
    "no_price": (
        "nobody knows what {name} costs in {currency}: without price_in and price_out it counts as free",
        "no se sabe cuánto cuesta {name} en {currency}: sin price_in y price_out no suma dinero",
    ),
    "certificate_pair": (
        "certificate and key belong together: give both or neither",
        "certificate y key van juntos: pon los dos o ninguno",
    ),
    "operator_needs": (
        "needs a password, a certificate or an account: else everybody would be one",
        "necesita password, certificate o account: si no, lo sería cualquiera",
    ),
    "operator_auto": (
        "auto goes with a certificate or an account, and without a password, which nobody would be asked for",
        "auto va con certificate o account, y sin password, que no se pediría a nadie",
    ),
    "unknown_class": (
        "there is no [operator_classes.{name}]",
        "no existe [operator_classes.{name}]",
    ),
    "class_circle": (
        "extends itself in a circle: {name}",
        "se amplía a sí misma en círculo: {name}",
    ),
    "mcp_name": ("letters, digits and -, at most 24", "letras, cifras y -, como mucho 24"),
    "mcp_allow": (
        'conditions with spaces between them, each "*", "operators", "model:nick", "room:#room", '
        '"account:name" or "account:*" (logged in)',
        'condiciones separadas por espacios, cada una "*", "operators", "model:nick", "room:#sala", '
        '"account:nombre" o "account:*" (con sesión)',
    ),
    "mcp_nobody": (
        'nobody may use these tools: add allow, as in allow = ["account:*"]',
        'nadie puede usar estas herramientas: añade allow, como en allow = ["account:*"]',
    ),
    "mcp_way": (
        "needs either command (a list: the program and its arguments) or url, and not both",
        "necesita o bien command (una lista: el programa y sus argumentos) o bien url, y no los dos",
    ),
    "provider_needs": (
        'provider = "{provider}" needs the key {key}',
        'provider = "{provider}" necesita la clave {key}',
    ),
    "twice": ("{name} is there twice", "{name} está dos veces"),
    "unset_variable": (
        "the environment has no {name}: this model cannot answer",
        "el entorno no tiene {name}: este modelo no podrá contestar",
    ),
    "no_such_file": ("there is no file {path}", "no hay ningún fichero {path}"),
    "unreadable_file": ("cannot read {path}: {reason}", "no se puede leer {path}: {reason}"),
    "bad_certificate": (
        "the certificate and key cannot be used: {reason}",
        "el certificado y su clave no se pueden usar: {reason}",
    ),
    "bad_hash": (
        "begins like an argon2id hash but is none; make one with `tertulia password`",
        "empieza como un hash argon2id pero no lo es; haz uno con `tertulia password`",
    ),
    "clear_passwords": (
        "holds clear passwords and others can read it: chmod 600, or hashes from `tertulia password`",
        "tiene contraseñas en claro y otros pueden leerlo: chmod 600, o hashes de `tertulia password`",
    ),
    "unknown_model": (
        "{name} is neither in the catalogue nor a file; `tertulia models list` shows the catalogue",
        "{name} no está en el catálogo ni es un fichero; `tertulia models list` muestra el catálogo",
    ),
    "listen_uri": ("{reason}", "{reason}"),  # the doors' own words
    "bad_store": ("{reason}", "{reason}"),  # the store's own words
}


def sentence(problem: Problem) -> str:
    """One line: where, which key, what is wrong, what was given, what was perhaps meant."""
    place = ": ".join(part for part in (problem.where, problem.key) if part)
    word = say("warning: ", "aviso: ") if problem.warning else ""
    return f"{word}{place}: {_matter(problem)}"


def _matter(problem: Problem) -> str:
    if problem.kind in SENTENCES:
        context = {
            name: reason(value) if isinstance(value, OSError) else value
            for name, value in problem.context.items()
        }
        text = say(*SENTENCES[problem.kind]).format(**context)
        if problem.nearest:
            text += say(f"; did you mean {problem.nearest}?", f"; ¿querías decir {problem.nearest}?")
        return text
    english, spanish = EXPECTED.get(problem.kind, (problem.kind, problem.kind))
    context = {**problem.context}
    if "expected" in context:
        context["expected"] = str(context["expected"]).replace(" or ", say(" or ", " o "))
    expected = say(english, spanish).format(**context)
    given = say(f", not {problem.given}", f", no {problem.given}") if problem.given else ""
    meant = problem.nearest
    guess = say(f"; did you mean {meant}?", f"; ¿querías decir {meant}?") if meant else ""
    return say(f"must be {expected}{given}", f"debe ser {expected}{given}") + guess
