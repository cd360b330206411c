"""What can go wrong with PostgreSQL, in the five words of `ports.StoreError`, and what an operator can do.

What belongs here: causes to codes, codes to advice. What must not: SQL.
"""

from __future__ import annotations

import psycopg
from psycopg import errors
from psycopg.conninfo import conninfo_to_dict

from tertulia.ports import StoreError

OURS = (psycopg.IntegrityError, psycopg.DataError, psycopg.NotSupportedError)
"""What is wrong with the records, and not with the database."""

BY_STATE = {
    "53100": "full",  # disk_full
    "53200": "full",  # out_of_memory
    "53300": "locked",  # too_many_connections
    "55P03": "locked",  # lock_not_available
    "57014": "locked",  # query_canceled: a timeout of ours
    "40001": "locked",
    "40P01": "locked",
    "25006": "denied",  # read_only_sql_transaction: a standby
    "42501": "denied",  # insufficient_privilege
    "3D000": "denied",  # invalid_catalog_name
    "XX001": "corrupt",
    "XX002": "corrupt",
}
"""SQLSTATE (PostgreSQL's Appendix A); the others are "failed"."""

REFUSALS = (
    "password authentication failed",
    "autentificación password falló",
    "does not exist",
    "no existe la base de datos",
    "no existe el rol",
)
"""While connecting there is no state, only the server's words, and those are in its own language."""

ADVICE = {
    "full": (
        "The database server's disk or memory is full: make room there. Nothing else needs to be done.",
        "El disco o la memoria del servidor de datos están llenos: haz sitio allí. No hace falta nada más.",
    ),
    "locked": (
        "Something else holds the tables, or all connections are taken. See pg_stat_activity.",
        "Algo más tiene las tablas, o no quedan conexiones libres. Mira pg_stat_activity.",
    ),
    "corrupt": (
        "The database is damaged. Stop the server, and restore a backup.",
        "La base de datos está dañada. Para el servidor y recupera una copia.",
    ),
    "denied": (
        "The database must exist, not be a standby, and its user must own it: "
        "CREATE DATABASE tertulia OWNER tertulia;",
        "La base de datos debe existir, no ser una réplica, y su usuario debe ser el dueño: "
        "CREATE DATABASE tertulia OWNER tertulia;",
    ),
    "failed": (
        "See whether the database server runs and can be reached at this address, and its log.",
        "Mira si el servidor de datos está en marcha y se llega a él en esta dirección, y su registro.",
    ),
}


def explained(error: psycopg.Error, url: str) -> StoreError:
    """The `StoreError` for what PostgreSQL, or the way to it, said."""
    code = code_of(error)
    said = " ".join(str(error).split()) or type(error).__name__
    cause = f"{place_of(url)}: {said} ({error.sqlstate or type(error).__name__})."
    english, spanish = ADVICE[code]
    return StoreError(code, f"{cause} {english}", f"{cause} {spanish}")


def code_of(error: psycopg.Error) -> str:
    state = error.sqlstate or ""
    if state[:2] == "28" or isinstance(error, errors.InvalidPassword):
        return "denied"
    if not state and any(words in str(error) for words in REFUSALS):
        return "denied"
    return BY_STATE.get(state, "failed")


def place_of(url: str) -> str:
    """Where a url leads, without what must stay secret in it."""
    try:
        given = conninfo_to_dict(url)
    except psycopg.Error:
        return "postgresql"
    host = given.get("host") or "localhost"
    port = f":{given['port']}" if given.get("port") and not str(host).startswith("/") else ""
    return f"postgresql://{host}{port}/{given.get('dbname') or ''}"
