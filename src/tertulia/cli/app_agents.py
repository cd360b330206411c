"""The subcommands about agents: names, arguments and help; `errands.py` does them."""

from __future__ import annotations

from typing import Annotated

import typer

from tertulia.cli.app_options import SETTINGS, Config, Json, Speak
from tertulia.cli.language import say

Server = Annotated[
    str,
    typer.Option(
        metavar="URI",
        help=say("Where it is: irc://, ircs:// or unix://.", "Dónde está: irc://, ircs:// o unix://."),
    ),
]


def add_mcp(app: typer.Typer) -> None:
    """`tertulia mcp`."""

    @app.command(
        help=say(
            "An agent's tools by MCP on standard input and output; its token is in TERTULIA_AGENT_TOKEN.",
            "Las herramientas de un agente por MCP en la entrada y la salida estándar; su ficha va en "
            "TERTULIA_AGENT_TOKEN.",
        )
    )
    def mcp(
        server: Server = "irc://127.0.0.1:6667",
        room: Annotated[
            list[str] | None,
            typer.Option(metavar="#SALA", help=say("Join it at once.", "Entra en ella ya.")),
        ] = None,
        language: Speak = None,
    ) -> None:
        from tertulia.cli.mcp import run

        raise typer.Exit(run(server, room or []))


agents = typer.Typer(
    help=say(
        "Agents: programs that come in with a token; whether the server runs or not.",
        "Agentes: programas que entran con una ficha; esté el servidor en marcha o no.",
    ),
    **SETTINGS,
)
Name = Annotated[str, typer.Argument(metavar=say("AGENT", "AGENTE"))]
EXPIRES = say("12h, 30d, 52w, or never.", "12h, 30d, 52w, o never (nunca).")


@agents.command("add", help=say("Let an agent in, and show its token once.",
                                "Admite a un agente y muestra su ficha una vez."))  # fmt: skip
def add(
    name: Name,
    owner: Annotated[
        str, typer.Option(help=say("The account that answers for it.", "La cuenta que responde de él."))
    ],
    room: Annotated[
        list[str],
        typer.Option(metavar="#SALA", help=say("May be repeated; '*': all.", "Puede repetirse; '*': todas.")),
    ],
    right: Annotated[
        list[str] | None,
        typer.Option(
            metavar="read|say|stream|search|members|private",
            help=say("May be repeated; none: all.", "Puede repetirse; ninguno: todos."),
        ),
    ] = None,
    expires: Annotated[str, typer.Option(help=EXPIRES)] = "90d",
    as_json: Json = False,
    config: Config = None,
    language: Speak = None,
) -> None:
    from tertulia.cli.errands import errand

    code = errand(config, "agents.add", as_json, name=name, owner=owner, rooms=room, rights=right or [],
                  expires=expires)  # fmt: skip
    raise typer.Exit(code)


@agents.command("list", help=say("Every agent.", "Todos los agentes."))
def show(as_json: Json = False, config: Config = None, language: Speak = None) -> None:
    from tertulia.cli.errands import errand

    raise typer.Exit(errand(config, "agents.list", as_json))


@agents.command("revoke", help=say("End an agent's token.", "Anula la ficha de un agente."))
def revoke(name: Name, as_json: Json = False, config: Config = None, language: Speak = None) -> None:
    from tertulia.cli.errands import errand

    raise typer.Exit(errand(config, "agents.revoke", as_json, name=name))


@agents.command("rotate", help=say("Another token for an agent.", "Otra ficha para un agente."))
def rotate(
    name: Name,
    expires: Annotated[str, typer.Option(help=EXPIRES)] = "",
    as_json: Json = False,
    config: Config = None,
    language: Speak = None,
) -> None:
    from tertulia.cli.errands import errand

    raise typer.Exit(errand(config, "agents.rotate", as_json, name=name, expires=expires))
