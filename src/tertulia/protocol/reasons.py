"""Why something could not be, as the part of a sentence: of the store, and of a login.

What belongs here: tables that `numerics` gives on. What must not: whole replies.
"""

from __future__ import annotations

STORE_REASONS = {
    "full": ("the disk is full", "el disco está lleno"),
    "locked": ("the database is locked", "la base de datos está bloqueada"),
    "corrupt": ("the database is damaged", "la base de datos está dañada"),
    "denied": ("permission to write is missing", "falta permiso para escribir"),
    "failed": ("the store failed", "falló el almacén"),
}

LOGIN_REASONS = {
    "wrong": ("wrong account or password", "la cuenta o la contraseña no es esa"),
    "throttled": (
        "too many attempts; wait some minutes",
        "demasiados intentos; espera unos minutos",
    ),
    "expired": ("this token is too old", "esa ficha ha caducado"),
    "owner": (
        "the account that answers for this agent is gone or suspended",
        "la cuenta que responde de este agente no existe o está suspendida",
    ),
    "agent": (
        "an agent logs in before it enters, not later",
        "un agente se identifica antes de entrar, no después",
    ),
    "capability": ("negotiate the capability sasl first", "negocia antes la capacidad sasl"),
    "mechanism": ("no such mechanism", "no existe ese mecanismo"),
    "base64": ("not valid base64", "no es base64 válido"),
    "no certificate": ("no client certificate was shown", "no se mostró ningún certificado de cliente"),
    "certificate": ("this certificate opens no such account", "ese certificado no abre esa cuenta"),
    "shared": (
        "other connections share this user; disconnect, or close them first",
        "otras conexiones comparten este usuario; desconéctate, o ciérralas antes",
    ),
    "unverified": ("the account is not verified yet", "la cuenta aún no está verificada"),
}
