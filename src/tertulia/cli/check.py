"""`tertulia check`: what is wrong with a configuration, and where. Silent when all is well.

What belongs here: what can be known without opening anything: addresses, files, names that must differ,
secrets. What must not: the state of the machine (`doctor.py`), and words (`complaints.py`).
"""

from __future__ import annotations

import os
import ssl
import stat
import sys
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path

from pydantic import SecretStr

from tertulia.cli.complaints import sentence
from tertulia.cli.language import told
from tertulia.cli.world import ARGON2, is_hash
from tertulia.config import ConfigError, Places, Problem, Settings, load, store_url
from tertulia.config.origin import KeyPath
from tertulia.config.reading import key_text
from tertulia.config.settings import EVERY_RIGHT, class_chain
from tertulia.ports import StoreError

MOTD_ENDINGS = (".txt", ".md", ".motd")  # a text that ends so was meant to be a file


def run(named: Path | None, environ: Mapping[str, str] = os.environ, models: bool = False) -> int:
    """Print every problem, one a line. The exit code is 1 when the server could not start with this.

    `models`: ask each of them one word as well, and say what is wrong; then one that cannot answer is reason
    enough for the exit code.
    """
    try:
        settings = load(named, environ)
        problems = inspect(settings, Places.find(named, environ), environ)
    except ConfigError as error:
        problems = list(error.problems)
    for problem in problems:
        print(sentence(problem), file=sys.stderr)
    code = int(any(not problem.warning for problem in problems))
    if models and not code:
        from tertulia.cli.check_models import check_models

        return check_models(settings, environ)
    return code


def inspect(settings: Settings, places: Places, environ: Mapping[str, str]) -> list[Problem]:
    """Everything that is wrong with settings that are valid by themselves."""
    return [
        *_listeners(settings, places),
        *_store(settings, places),
        *_certificate(settings, places),
        *_motd(settings, places),
        *_passwords(settings, places),
        *_names(settings, places),
        *_classes(settings, places),
        *_models(settings, places, environ),
        *_fallbacks(settings, places),
        *_tools(settings, places, environ),
        *_prices(settings, places),
    ]


def _listeners(settings: Settings, places: Places) -> Iterator[Problem]:
    from tertulia.transports.uri import DoorError, parse_uri

    for uri in settings.server.listen or ():
        try:
            parse_uri(uri)
        except DoorError as error:
            where = places.where(("server", "listen"))
            yield Problem("listen_uri", "server.listen", where, context={"reason": told(error)})


def _store(settings: Settings, places: Places) -> Iterator[Problem]:
    from tertulia.store.open import check

    try:
        check(store_url(settings))
    except StoreError as error:
        yield Problem(
            "bad_store", "store.url", places.where(("store", "url")), context={"reason": told(error)}
        )


def _certificate(settings: Settings, places: Places) -> Iterator[Problem]:
    certificate, key = settings.tls.certificate, settings.tls.key
    if certificate is None or key is None:
        return
    missing = [
        (name, path) for name, path in (("certificate", certificate), ("key", key)) if not path.is_file()
    ]
    for name, path in missing:
        yield Problem("no_such_file", f"tls.{name}", places.where(("tls", name)), context={"path": path})
    if not missing:
        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key)
        except (ssl.SSLError, OSError) as error:
            where = places.where(("tls", "certificate"))
            yield Problem("bad_certificate", "tls", where, context={"reason": error.strerror or error})


def _motd(settings: Settings, places: Places) -> Iterator[Problem]:
    text = settings.server.motd
    if "\n" not in text and text.endswith(MOTD_ENDINGS) and not Path(text).is_file():
        where = places.where(("server", "motd"))
        yield Problem("no_such_file", "server.motd", where, context={"path": text})


def _passwords(settings: Settings, places: Places) -> Iterator[Problem]:
    secrets: list[tuple[KeyPath, SecretStr | None]] = [(("server", "password"), settings.server.password)]
    secrets += [(("operators", at, "password"), one.password) for at, one in enumerate(settings.operators)]
    secrets += [(("webirc", at, "password"), one.password) for at, one in enumerate(settings.webirc)]
    texts = [(location, secret.get_secret_value()) for location, secret in secrets if secret is not None]
    for location, text in texts:
        if text.startswith(ARGON2) and not is_hash(text):
            yield Problem("bad_hash", key_text(location), places.where(location))
    clear = [location for location, text in texts if not text.startswith(ARGON2)]
    in_file = any(not places.where(location).startswith("$") for location in clear)
    if in_file and places.path is not None and _others_may_read(places.path):
        yield Problem("clear_passwords", where=str(places.path), warning=True)


def _others_may_read(path: Path) -> bool:
    return bool(path.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH))


def _names(settings: Settings, places: Places) -> Iterator[Problem]:
    lists = {
        "models": [one.nick.lower() for one in settings.models or ()],
        "operators": [one.name for one in settings.operators],
        "webirc": [one.name for one in settings.webirc],
        "mcp": [one.name for one in settings.mcp],
    }
    for key, names in lists.items():
        for at, name in enumerate(names):
            if name in names[:at]:
                yield Problem("twice", f"{key}[{at}]", places.where((key, at)), context={"name": name})


def _classes(settings: Settings, places: Places) -> Iterator[Problem]:
    """Classes of operators that are named and not there, or that extend themselves."""
    classes = settings.operator_classes
    named: list[tuple[KeyPath, str]] = [
        (("operators", at, "class"), one.class_) for at, one in enumerate(settings.operators)
    ]
    named += [
        (("operator_classes", key, "extends"), one.extends) for key, one in classes.items() if one.extends
    ]
    for location, name in named:
        if name != EVERY_RIGHT and name not in classes:
            nearest = "".join(get_close_matches(name, [*classes, EVERY_RIGHT], n=1))
            where, context = places.where(location), {"name": name}
            yield Problem("unknown_class", key_text(location), where, nearest=nearest, context=context)
    for name in classes:
        if name in class_chain(settings, name)[1:]:
            location = ("operator_classes", name, "extends")
            yield Problem("class_circle", key_text(location), places.where(location), context={"name": name})


def _models(settings: Settings, places: Places, environ: Mapping[str, str]) -> Iterator[Problem]:
    """What keeps a model from answering; the server runs without it, so these are warnings."""
    from tertulia.models.local.catalogue import find

    for at, model in enumerate(settings.models or ()):
        if model.key_env is not None and not environ.get(model.key_env):
            where = places.where(("models", at, "key_env"))
            context = {"name": model.key_env}
            yield Problem("unset_variable", f"models[{at}].key_env", where, context=context, warning=True)
        if (
            model.provider == "local"
            and not find(model.model)
            and not Path(model.model).expanduser().is_file()
        ):
            where = places.where(("models", at, "model"))
            context = {"name": model.model}
            yield Problem("unknown_model", f"models[{at}].model", where, context=context, warning=True)


def _tools(settings: Settings, places: Places, environ: Mapping[str, str]) -> Iterator[Problem]:
    """What keeps a server of tools from working; models answer without it, so these are warnings."""
    for at, one in enumerate(settings.mcp):
        if one.key_env is not None and not environ.get(one.key_env):
            where, context = places.where(("mcp", at, "key_env")), {"name": one.key_env}
            yield Problem("unset_variable", f"mcp[{at}].key_env", where, context=context, warning=True)
        if not one.allow:
            yield Problem("mcp_nobody", f"mcp[{at}]", places.where(("mcp", at)), warning=True)


def _fallbacks(settings: Settings, places: Places) -> Iterator[Problem]:
    nicks = {model.nick.lower() for model in settings.models or ()}
    for at, model in enumerate(settings.models or ()):
        for name in model.fallback:
            if name.lower() not in nicks - {model.nick.lower()}:
                where = places.where(("models", at, "fallback"))
                yield Problem("no_such_nick", f"models[{at}].fallback", where, context={"name": name})
    for at, budget in enumerate(settings.budgets):
        scope, _, name = budget.of.partition(":")
        if scope == "model" and settings.models is not None and name.lower() not in nicks | {"*"}:
            where = places.where(("budgets", at, "of"))
            yield Problem("no_such_nick", f"budgets[{at}].of", where, context={"name": name})


def _prices(settings: Settings, places: Places) -> Iterator[Problem]:
    """A budget of money does not hold those whose price nobody knows."""
    if all(budget.cost is None for budget in settings.budgets):
        return
    from tertulia.cli.spending import dollar_of
    from tertulia.cli.translate_models import for_models
    from tertulia.models.providers import price_of

    currency = settings.ledger.currency
    for at, model in enumerate(for_models(settings, {}) if settings.models else ()):
        if price_of(model, currency, dollar_of(settings)) is None:
            context = {"name": model.nick, "currency": currency}
            where = places.where(("models", at))
            yield Problem("no_price", f"models[{at}]", where, context=context, warning=True)
