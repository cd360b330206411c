"""The configuration as each room wants it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from tertulia.cli.translate import MOTD_LINES, for_core, motd_lines
from tertulia.cli.translate_models import for_models, tls_files
from tertulia.config import Limits, Model, Operator, Server, Settings, Tls

STARTED = datetime(2026, 1, 31, 18, 0, tzinfo=UTC)


def test_the_core_gets_everything_it_asks_for() -> None:
    settings = Settings(
        server=Server(
            name="chat.example", password="hunter2", language="es", admin=("one", "two"), motd="a\nb"
        ),
        operators=(Operator(name="admin", password="secret"),),
        limits=Limits(flood=False, connections=5),
    )
    core = for_core(settings, STARTED)
    assert (core.name, core.password, core.language, core.admin) == (
        "chat.example",
        "hunter2",
        "es",
        ("one", "two"),
    )
    assert core.motd == ("a", "b")
    assert [(one.name, one.password) for one in core.operators] == [("admin", "secret")]
    assert (core.bounds.flood, core.bounds.connections) == (False, 5)
    assert core.started == "2026-01-31 18:00:00 UTC"


def test_without_a_password_nobody_is_asked_for_one() -> None:
    assert for_core(Settings(), STARTED).password is None


def test_models_are_those_named_or_the_default_ones() -> None:
    assert [one.nick for one in for_models(Settings(), {})] == ["lola"]
    assert [one.nick for one in for_models(Settings(), {"OPENAI_API_KEY": "sk-1"})] == ["lola", "gpt"]
    assert for_models(Settings(models=()), {"OPENAI_API_KEY": "sk-1"}) == ()


def test_a_model_keeps_all_that_was_said_of_it() -> None:
    model = Model(nick="a", provider="scripted", rooms=("#x",), prompt="p", temperature=0.5, script=("hola",))
    (seat,) = for_models(Settings(models=(model,)), {})
    assert (seat.nick, seat.provider, seat.rooms, seat.prompt) == ("a", "scripted", ("#x",), "p")
    assert (seat.temperature, seat.script, seat.base_url, seat.key_env) == (0.5, ("hola",), "", "")


def test_the_certificate_is_the_named_one_or_in_the_data_folder() -> None:
    named = Settings(tls=Tls(certificate=Path("/a.pem"), key=Path("/b.pem")))
    assert (tls_files(named).certificate, tls_files(named).key) == (Path("/a.pem"), Path("/b.pem"))
    assert tls_files(Settings(server=Server(data=Path("/d")))).key.is_relative_to("/d")


def test_a_message_of_the_day_is_a_text_or_a_file(folder: Path) -> None:
    (folder / "motd.txt").write_text("uno\ndos\n", encoding="utf-8")
    assert motd_lines("motd.txt") == ("uno", "dos")
    assert motd_lines("Bienvenida") == ("Bienvenida",)
    assert motd_lines("") == ()
    assert motd_lines("x" * 5_000)[0].startswith("xxx")


def test_a_message_of_the_day_is_bounded() -> None:
    assert len(motd_lines("x\n" * 10_000)) == MOTD_LINES
