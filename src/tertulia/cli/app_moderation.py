"""The subcommands that keep a server in order: names, arguments and help; `errands.py` does them."""

from __future__ import annotations

from typing import Annotated

import typer

from tertulia.cli.app_options import SETTINGS, Config, Json, Speak
from tertulia.cli.language import say

Reason = Annotated[str, typer.Option(help=say("What they are told.", "Lo que se les dice."))]

bans = typer.Typer(
    help=say("Bans of the server; whether it runs or not.", "Vetos del servidor; esté en marcha o no."),
    **SETTINGS,
)


@bans.command("list", help=say("Every ban and exemption.", "Todos los vetos y exenciones."))
def bans_list(as_json: Json = False, config: Config = None, language: Speak = None) -> None:
    from tertulia.cli.errands import errand

    raise typer.Exit(errand(config, "bans.list", as_json))


@bans.command("add", help=say("Ban, exempt, or let in with an account only.",
                              "Veta, exime o deja entrar solo con cuenta."))  # fmt: skip
def bans_add(
    target: Annotated[str, typer.Argument(metavar=say("TARGET", "DESTINO"))],
    duration: Annotated[str, typer.Option(help=say("2h, 1d12h, 4w...", "2h, 1d12h, 4w..."))] = "",
    reason: Reason = "",
    note: Annotated[str, typer.Option(help=say("For operators.", "Para operadores."))] = "",
    effect: Annotated[str, typer.Option(metavar="ban|login|exempt")] = "ban",
    force: Annotated[
        bool, typer.Option("--force", help=say("However many it hits.", "Afecte a quien afecte."))
    ] = False,
    as_json: Json = False,
    config: Config = None,
    language: Speak = None,
) -> None:
    from tertulia.cli.errands import errand

    code = errand(config, "bans.add", as_json, target=target, duration=duration, reason=reason, note=note,
                  effect=effect, force=force)  # fmt: skip
    raise typer.Exit(code)


@bans.command("remove", help=say("Lift one, by its target or number.", "Levanta uno, por destino o número."))
def bans_remove(
    target: Annotated[str, typer.Argument(metavar=say("TARGET", "DESTINO"))],
    as_json: Json = False,
    config: Config = None,
    language: Speak = None,
) -> None:
    from tertulia.cli.errands import errand

    raise typer.Exit(errand(config, "bans.remove", as_json, target=target))


def add_to(app: typer.Typer) -> None:
    """Enter them into the program."""
    app.add_typer(bans, name="bans")

    @app.command(help=say("The rooms there are.", "Las salas que hay."))
    def rooms(as_json: Json = False, config: Config = None, language: Speak = None) -> None:
        from tertulia.cli.errands import errand

        raise typer.Exit(errand(config, "rooms", as_json))

    @app.command(help=say("Who is here, or in a room.", "Quién está aquí, o en una sala."))
    def members(
        room: Annotated[str, typer.Argument(metavar="[#SALA]")] = "",
        as_json: Json = False,
        config: Config = None,
        language: Speak = None,
    ) -> None:
        from tertulia.cli.errands import errand

        raise typer.Exit(errand(config, "members", as_json, room=room))

    @app.command(help=say("End somebody's connections.", "Corta las conexiones de alguien."))
    def kill(nick: str, reason: Reason = "", as_json: Json = False, config: Config = None,
             language: Speak = None) -> None:  # fmt: skip
        from tertulia.cli.errands import errand

        raise typer.Exit(errand(config, "kill", as_json, nick=nick, reason=reason))

    @app.command(help=say("The level of defence: 5 is normal, 1 lets nobody in.",
                          "El nivel de defensa: 5 es lo normal, 1 no deja entrar a nadie."))  # fmt: skip
    def defcon(
        level: Annotated[int | None, typer.Argument(metavar="[1-5]")] = None,
        as_json: Json = False,
        config: Config = None,
        language: Speak = None,
    ) -> None:
        from tertulia.cli.errands import errand

        raise typer.Exit(errand(config, "defcon", as_json, level=level))

    @app.command(help=say("What operators did, newest last.", "Lo que hicieron los operadores."))
    def audit(
        limit: Annotated[int, typer.Option(help=say("How many entries.", "Cuántas anotaciones."))] = 20,
        who: Annotated[str, typer.Option(help=say("Of this operator.", "De este operador."))] = "",
        what: Annotated[str, typer.Option(help="KILL, BAN, LIFT, DEFCON...")] = "",
        target: Annotated[str, typer.Option(help=say("About whom.", "Sobre quién."))] = "",
        as_json: Json = False,
        config: Config = None,
        language: Speak = None,
    ) -> None:
        from tertulia.cli.errands import errand

        raise typer.Exit(errand(config, "audit", as_json, limit=limit, who=who, what=what, target=target))

    @app.command(help=say("Have the running server read its configuration again.",
                          "Haz que el servidor en marcha relea su configuración."))  # fmt: skip
    def rehash(as_json: Json = False, config: Config = None, language: Speak = None) -> None:
        from tertulia.cli.errands import errand

        raise typer.Exit(errand(config, "rehash", as_json))

    @app.command(help=say("Say something to everybody who is connected.", "Di algo a quien esté conectado."))
    def announce(text: str, as_json: Json = False, config: Config = None, language: Speak = None) -> None:
        from tertulia.cli.errands import errand

        raise typer.Exit(errand(config, "announce", as_json, text=text))
