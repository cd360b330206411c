"""Settings from environment variables."""

from __future__ import annotations

from pathlib import Path

import pytest

from tertulia.config import ConfigError, load
from tertulia.config.variables import key_of, variable_of


@pytest.fixture(autouse=True)
def _an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_a_variable_names_section_and_key() -> None:
    assert key_of("TERTULIA_SERVER__NAME") == ("server", "name")
    assert key_of("TERTULIA_MODELS") == ("models",)


def test_other_variables_are_left_alone() -> None:
    assert [key_of(name) for name in ("HOME", "TERTULIA_CONFIG", "TERTULIA_TRACE")] == [None, None, None]
    assert load(None, {"TERTULIA_TRACE": "1"}) is not None


@pytest.mark.parametrize(
    "text", ["irc://127.0.0.1:1,plain://127.0.0.1:2", '["irc://127.0.0.1:1", "plain://127.0.0.1:2"]']
)
def test_a_list_has_commas_or_brackets(text: str) -> None:
    settings = load(None, {"TERTULIA_SERVER__LISTEN": text})
    assert settings.server.listen == ("irc://127.0.0.1:1", "plain://127.0.0.1:2")


def test_numbers_and_truths_are_read_from_text() -> None:
    settings = load(None, {"TERTULIA_LIMITS__FLOOD": "false", "TERTULIA_LIMITS__FLOOD_PER_SECOND": "2.5"})
    assert (settings.limits.flood, settings.limits.flood_per_second) == (False, 2.5)


def test_a_text_of_digits_stays_a_text() -> None:
    settings = load(None, {"TERTULIA_SERVER__PASSWORD": "1234"})
    assert settings.server.password is not None
    assert settings.server.password.get_secret_value() == "1234"


def test_repeated_tables_are_a_list_in_toml() -> None:
    settings = load(None, {"TERTULIA_MODELS": '[{nick = "lola", provider = "scripted", script = ["hola"]}]'})
    assert settings.models is not None
    assert [(one.nick, one.script) for one in settings.models] == [("lola", ("hola",))]


def test_a_problem_names_the_variable() -> None:
    environ = {"TERTULIA_LIMITS__CONNECTIONS": "many", "TERTULIA_STROE__URL": "x", "TERTULIA_MODELS": "[{"}
    with pytest.raises(ConfigError) as caught:
        load(None, environ)
    assert {(one.key, one.where) for one in caught.value.problems} == {
        ("limits.connections", "$TERTULIA_LIMITS__CONNECTIONS"),
        ("stroe", "$TERTULIA_STROE__URL"),
        ("models", "$TERTULIA_MODELS"),
    }


def test_the_variable_of_a_key_is_found_from_inside_its_list() -> None:
    environ = {"TERTULIA_MODELS": "[]", "TERTULIA_SERVER__NAME": "x"}
    assert variable_of(("models", 0, "nick"), environ) == "TERTULIA_MODELS"
    assert variable_of(("server", "network"), environ) is None
