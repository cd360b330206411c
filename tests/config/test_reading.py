"""File under environment under command line; and every mistake named with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from tertulia.config import ConfigError, Places, Problem, find_file, load


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def problems_of(folder: Path, text: str) -> list[Problem]:
    file = folder / "bad.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load(file, {})
    return list(caught.value.problems)


# --- Where settings come from -------------------------------------------------------------------------------


def test_no_configuration_is_needed(folder: Path) -> None:
    settings = load(None, {})
    assert settings.server.name == "tertulia.local"
    assert settings.models is None


def test_the_stronger_source_wins_key_by_key(folder: Path) -> None:
    file = folder / "some.toml"
    file.write_text('[server]\nname = "file"\nnetwork = "File"\nlanguage = "es"\n', encoding="utf-8")
    settings = load(
        file, {"TERTULIA_SERVER__NETWORK": "Env", "TERTULIA_SERVER__NAME": "env"}, {"server": {"name": "arg"}}
    )
    assert (settings.server.name, settings.server.network, settings.server.language) == ("arg", "Env", "es")


def test_the_file_is_named_or_in_the_environment_or_here(folder: Path) -> None:
    assert find_file(None, {}) is None
    (folder / "tertulia.toml").touch()
    assert find_file(None, {}) == Path("tertulia.toml")
    assert find_file(None, {"TERTULIA_CONFIG": "other.toml"}) == Path("other.toml")
    assert find_file(Path("named.toml"), {"TERTULIA_CONFIG": "other.toml"}) == Path("named.toml")


def test_what_a_hand_made_settings_reads_is_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tertulia.config import Settings

    monkeypatch.setenv("TERTULIA_SERVER__NAME", "env")
    monkeypatch.setenv("SERVER", "{}")
    assert Settings().server.name == "tertulia.local"


# --- Files that cannot be read ------------------------------------------------------------------------------


def test_a_missing_file_is_a_problem(folder: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load(folder / "gone.toml", {})
    (problem,) = caught.value.problems
    assert (problem.kind, problem.where) == ("unreadable", str(folder / "gone.toml"))


def test_broken_toml_is_a_problem(folder: Path) -> None:
    (problem,) = problems_of(folder, "[server\n")
    assert problem.kind == "syntax"
    assert "line 1" in problem.context["reason"]


def test_a_file_in_another_encoding_is_a_problem(folder: Path) -> None:
    file = folder / "latin.toml"
    file.write_bytes('[server]\ndescription = "Tertulia de María"\n'.encode("latin-1"))
    with pytest.raises(ConfigError) as caught:
        load(file, {})
    assert [one.kind for one in caught.value.problems] == ["not_utf8"]


# --- Mistakes -----------------------------------------------------------------------------------------------


def test_all_mistakes_are_told_at_once_each_with_its_line(folder: Path) -> None:
    text = '[server]\nnmae = "x"\nlanguage = "fr"\n\n[limits]\nconnections = 0\nflood = "perhaps"\n'
    found = {(one.key, one.where.rpartition(":")[2], one.kind) for one in problems_of(folder, text)}
    assert found == {
        ("server.nmae", "2", "unknown"),
        ("server.language", "3", "literal_error"),
        ("limits.connections", "6", "greater_than_equal"),
        ("limits.flood", "7", "bool_parsing"),
    }


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("[server]\nnmae = 1\n", "server.name"),
        ("[sevrer]\nname = 1\n", "server"),
        ('[[models]]\nnick = "a"\nprompts = "x"\n', "models[0].prompt"),
        ("[server]\ndurability = 1\n", "store.durability"),
        ("[server]\nwhatever = 1\n", ""),
    ],
)
def test_an_unknown_key_has_a_nearest_name(folder: Path, text: str, nearest: str) -> None:
    (problem,) = problems_of(folder, text)
    assert (problem.kind, problem.nearest) == ("unknown", nearest)


def test_what_was_given_is_shown_and_cut(folder: Path) -> None:
    short, long = problems_of(folder, f'[limits]\nconnections = "a few"\nping_seconds = "{"x" * 500}"\n')
    assert short.given == "'a few'"
    assert len(long.given) < 70


@pytest.mark.parametrize("name", ["key", "api_key", "token"])
def test_a_key_in_the_file_is_refused_unseen(folder: Path, name: str) -> None:
    (problem,) = problems_of(folder, f'[[models]]\nnick = "a"\n{name} = "sk-verysecret"\n')
    assert problem.kind == "secret"
    assert "verysecret" not in repr(problem)


@pytest.mark.parametrize("given", ["sk-proj-verysecret", "AIzaVerysecret"])
def test_a_key_in_place_of_its_variable_is_refused_unseen(folder: Path, given: str) -> None:
    (problem,) = problems_of(folder, f'[[models]]\nnick = "a"\nkey_env = "{given}"\n')
    assert problem.kind == "variable_name"
    assert "erysecret" not in repr(problem)


def test_a_password_of_the_wrong_type_is_not_shown(folder: Path) -> None:
    (problem,) = problems_of(folder, "[server]\npassword = 123456\n")
    assert problem.given == ""


def test_a_section_where_a_list_belongs_is_refused(folder: Path) -> None:
    (problem,) = problems_of(folder, '[models]\nnick = "a"\n')
    assert (problem.kind, problem.key, problem.given) == ("tuple_type", "models", "")


def test_places_know_file_and_variable(folder: Path) -> None:
    (folder / "tertulia.toml").write_text('[server]\nname = "x"\n', encoding="utf-8")
    places = Places.find(None, {"TERTULIA_SERVER__NETWORK": "Net"})
    assert places.where(("server", "name")) == "tertulia.toml:2"
    assert places.where(("server", "network")) == "$TERTULIA_SERVER__NETWORK"
    assert places.where(("store", "url")) == "tertulia.toml"
