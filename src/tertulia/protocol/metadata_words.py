"""What METADATA answers, in English and Spanish: rows of the tables in `numerics.py`.

What belongs here: texts with their fields. What must not: when they are said (`commands.metadata`).
"""

from __future__ import annotations

NUMERICS: dict[str, tuple[str, str | None, str | None]] = {
    "RPL_KEYVALUE": ("761", None, None),
    "RPL_KEYNOTSET": ("766", "key is not set", "la clave no está puesta"),
    "RPL_METADATASUBOK": ("770", None, None),
    "RPL_METADATAUNSUBOK": ("771", None, None),
    "RPL_METADATASUBS": ("772", None, None),
    "RPL_METADATASYNCLATER": ("774", "ask for it later", "pídelo más tarde"),
}

REPLIES: dict[str, tuple[str, str]] = {
    "INVALID_SUBCOMMAND": ("There is no such subcommand", "No existe esa suborden"),
    "KEY_INVALID": ("That is no key", "Eso no es una clave"),
    "INVALID_KEY": ("That is no key", "Eso no es una clave"),
    "KEY_NO_PERMISSION": ("You may not set that here", "Aquí no puedes ponerlo"),
    "KEY_NOT_SET": ("The key is not set", "La clave no está puesta"),
    "VALUE_INVALID": (
        "The value is not of the right form, or too long",
        "El valor no tiene la forma debida o es demasiado largo",
    ),
    "INVALID_VALUE": (
        "The value is not of the right form, or too long",
        "El valor no tiene la forma debida o es demasiado largo",
    ),
    "LIMIT_REACHED": ("There is no room for another key", "No caben más claves"),
    "RATE_LIMITED": (
        "Too many changes; again in {seconds} s",
        "Demasiados cambios; otra vez dentro de {seconds} s",
    ),
    "TOO_MANY_SUBS": ("Too many subscriptions", "Demasiadas suscripciones"),
}
