"""The subcommands as a table, with their arguments and help.

What belongs here: names, arguments, help texts. What must not: work; each body hands over to a file of its
own, which is imported only then, so that `--version` and `serve` start fast.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tertulia import __version__
from tertulia.cli.app_agents import add_mcp, agents
from tertulia.cli.app_moderation import add_to
from tertulia.cli.app_options import SETTINGS, Config, Json, Speak
from tertulia.cli.language import say


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"tertulia {__version__}")
        raise typer.Exit


Version = Annotated[
    bool,
    typer.Option(
        "--version",
        callback=_show_version,
        is_eager=True,
        help=say("Show the version.", "Muestra la versión."),
    ),
]

app = typer.Typer(
    help=say(
        "Tertulia: a chat server in which people and language models are members of the same rooms.",
        "Tertulia: un servidor de chat donde personas y modelos de lenguaje están en las mismas salas.",
    ),
    **SETTINGS,
)
models = typer.Typer(help=say("Local language models.", "Modelos de lenguaje locales."), **SETTINGS)
history = typer.Typer(help=say("What was said.", "Lo que se dijo."), **SETTINGS)
accounts = typer.Typer(
    help=say("Accounts, whether the server runs or not.", "Cuentas, esté el servidor en marcha o no."),
    **SETTINGS,
)
app.add_typer(models, name="models")
app.add_typer(history, name="history")
store = typer.Typer(help=say("Where all is kept.", "Donde se guarda todo."), **SETTINGS)
app.add_typer(accounts, name="accounts")
app.add_typer(store, name="store")
app.add_typer(agents, name="agents")
add_to(app)
add_mcp(app)


@app.callback()
def root(version: Version = False, language: Speak = None) -> None:
    """The options before the subcommand."""


@app.command(help=say("Open the server, in the foreground.", "Abre el servidor, en primer plano."))
def serve(
    config: Config = None,
    listen: Annotated[
        list[str] | None,
        typer.Option(
            metavar="URI",
            help=say(
                "A door, instead of the configured ones; may be repeated: irc://127.0.0.1:6667.",
                "Una puerta, en lugar de las configuradas; puede repetirse: irc://127.0.0.1:6667.",
            ),
        ),
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option(
            metavar=say("FOLDER", "CARPETA"),
            help=say("Folder of the server's data.", "Carpeta de los datos del servidor."),
        ),
    ] = None,
    log_level: Annotated[
        str | None,
        typer.Option(metavar="debug|info|warning|error", help=say("What is logged.", "Qué se registra.")),
    ] = None,
    log_json: Annotated[
        bool,
        typer.Option("--log-json", help=say("Log lines as JSON.", "Registro en JSON.")),
    ] = False,
    language: Speak = None,
) -> None:
    from tertulia.cli.serve import run

    given = {
        "listen": listen or None,
        "data": data,
        "level": log_level,
        "format": "json" if log_json else None,
    }
    raise typer.Exit(run(config, given))


@app.command(
    help=say(
        "Say what is wrong with a configuration; silent when all is well.",
        "Dice qué está mal en una configuración; calla si todo está bien.",
    )
)
def check(
    config: Config = None,
    models: Annotated[
        bool,
        typer.Option(
            "--models",
            help=say("Also ask each model one word.", "Además, pide una palabra a cada modelo."),
        ),
    ] = False,
    language: Speak = None,
) -> None:
    from tertulia.cli.check import run

    raise typer.Exit(run(config, models=models))


@app.command(
    help=say(
        "What the models cost, out of their ledger; also while the server runs.",
        "Lo que cuestan los modelos, según su libro; también con el servidor en marcha.",
    )
)
def usage(
    by: Annotated[
        str,
        typer.Option(
            metavar="day|month|model|provider|room|account|purpose|outcome",
            help=say("Added up by.", "Sumado por."),
        ),
    ] = "model",
    since: Annotated[
        str | None, typer.Option(metavar="DAY", help=say("From that day on.", "Desde ese día."))
    ] = None,
    until: Annotated[
        str | None, typer.Option(metavar="DAY", help=say("Before that day.", "Antes de ese día."))
    ] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help=say("As CSV.", "En CSV."))] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help=say("As JSON, with reservations.", "En JSON, con las reservas."))
    ] = False,
    config: Config = None,
    language: Speak = None,
) -> None:
    from tertulia.cli.usage import run

    raise typer.Exit(run(by, since, until, "csv" if as_csv else "json" if as_json else "table", config))


@app.command(
    help=say(
        "Look at this machine: ports, certificate, model, disk, limits.",
        "Mira esta máquina: puertos, certificado, modelo, disco, límites.",
    )
)
def doctor(config: Config = None, language: Speak = None) -> None:
    from tertulia.cli.doctor import run

    raise typer.Exit(run(config))


@app.command(
    help=say(
        "Read a password, unseen, and print its argon2id hash for the configuration.",
        "Lee una contraseña sin mostrarla y escribe su hash argon2id para la configuración.",
    )
)
def password(language: Speak = None) -> None:
    from tertulia.cli.password import run

    raise typer.Exit(run())


@models.command("list", help=say("The catalogue, and what is here.", "El catálogo, y qué hay aquí."))
def models_list(config: Config = None, language: Speak = None) -> None:
    from tertulia.cli.models import list_all

    raise typer.Exit(list_all(config))


@models.command("pull", help=say("Fetch a model and verify its sum.", "Trae un modelo y comprueba su suma."))
def models_pull(
    name: Annotated[str | None, typer.Argument(metavar=say("NAME", "NOMBRE"))] = None,
    config: Config = None,
    language: Speak = None,
) -> None:
    from tertulia.cli.models import pull

    raise typer.Exit(pull(name, config))


@models.command("remove", help=say("Delete a model's file.", "Borra el fichero de un modelo."))
def models_remove(
    name: Annotated[str, typer.Argument(metavar=say("NAME", "NOMBRE"))],
    config: Config = None,
    language: Speak = None,
) -> None:
    from tertulia.cli.models import remove

    raise typer.Exit(remove(name, config))


@history.command("export", help=say("Messages as JSON Lines.", "Los mensajes en JSON Lines."))
def history_export(
    room: Annotated[
        list[str] | None,
        typer.Option(
            metavar="#SALA", help=say("Only this room; may be repeated.", "Solo esta sala; puede repetirse.")
        ),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(
            metavar="TIME",
            help=say(
                "From then on, such as 2026-01-31 or 2026-01-31T18:00:00Z.", "Desde entonces: 2026-01-31..."
            ),
        ),
    ] = None,
    until: Annotated[
        str | None, typer.Option(metavar="TIME", help=say("Before then.", "Antes de entonces."))
    ] = None,
    account: Annotated[
        str,
        typer.Option(
            metavar=say("ACCOUNT", "CUENTA"),
            help=say(
                "A person's own data: all the account said, and its private talk.",
                "Los datos de una persona: lo que dijo la cuenta, y sus conversaciones privadas.",
            ),
        ),
    ] = "",
    config: Config = None,
    language: Speak = None,
) -> None:
    from tertulia.cli.history import export

    raise typer.Exit(export(room or [], since, until, config, account))


@store.command("move", help=say("To another, empty database.", "A otra base de datos, vacía."))
def store_move(
    to: Annotated[
        str,
        typer.Option(
            metavar="URL",
            help=say(
                "postgresql://user@host/database or sqlite:///path. No server may be running on either.",
                "postgresql://usuario@host/base o sqlite:///ruta. Sin servidor en marcha en ninguna.",
            ),
        ),
    ],
    config: Config = None,
    language: Speak = None,
) -> None:
    from tertulia.cli.store import move

    raise typer.Exit(move(to, config))


Account = Annotated[str, typer.Argument(metavar=say("ACCOUNT", "CUENTA"))]


@accounts.command("list", help=say("Every account, a line each.", "Todas las cuentas, una por línea."))
def accounts_list(as_json: Json = False, config: Config = None, language: Speak = None) -> None:
    from tertulia.cli.accounts import list_all

    raise typer.Exit(list_all(config, as_json))


@accounts.command(
    "add",
    help=say(
        "Make an account; its password is read, unseen.", "Crea una cuenta; lee su contraseña sin mostrarla."
    ),
)
def accounts_add(
    name: Account,
    email: Annotated[str, typer.Option(help=say("Its owner's address.", "La dirección de su dueño."))] = "",
    config: Config = None,
    language: Speak = None,
) -> None:
    from tertulia.cli.accounts import add

    raise typer.Exit(add(name, email, config))


@accounts.command(
    "password", help=say("Give an account another password.", "Cambia la contraseña de una cuenta.")
)
def accounts_password(name: Account, config: Config = None, language: Speak = None) -> None:
    from tertulia.cli.accounts import change_password

    raise typer.Exit(change_password(name, config))


@accounts.command(
    "suspend", help=say("Let nobody log in to an account.", "No deja entrar a nadie en una cuenta.")
)
def accounts_suspend(
    name: Account,
    reason: Annotated[
        str, typer.Option(help=say("What its owner is told.", "Lo que se dirá a su dueño."))
    ] = "",
    lift: Annotated[
        bool, typer.Option("--lift", help=say("End the suspension.", "Levanta la suspensión."))
    ] = False,
    config: Config = None,
    language: Speak = None,
) -> None:
    from tertulia.cli.accounts import suspend

    raise typer.Exit(suspend(name, reason, lift, config))


@accounts.command("delete", help=say("Delete an account.", "Borra una cuenta."))
def accounts_delete(
    name: Account,
    words: Annotated[
        bool, typer.Option("--words", help=say("With all that it said.", "Con todo lo que dijo."))
    ] = False,
    config: Config = None,
    language: Speak = None,
) -> None:
    from tertulia.cli.accounts import delete

    raise typer.Exit(delete(name, words, config))
