"""`tertulia check`: silent when all is well, else every problem with its place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tertulia.cli.check import run
from tertulia.cli.world import hash_password

Complain = Callable[..., tuple[int, list[str]]]


@pytest.fixture
def complain(folder: Path, capsys: pytest.CaptureFixture[str]) -> Complain:
    """Check a configuration: (exit code, lines of complaint)."""

    def check(text: str, environ: dict[str, str] | None = None, mode: int = 0o600) -> tuple[int, list[str]]:
        file = folder / "t.toml"
        file.write_text(text, encoding="utf-8")
        file.chmod(mode)
        code = run(Path("t.toml"), environ or {})
        captured = capsys.readouterr()
        assert captured.out == ""
        return code, captured.err.splitlines()

    return check


def test_all_is_well_in_silence(complain: Complain) -> None:
    assert complain('[server]\nname = "chat.example.org"\nlisten = ["irc://127.0.0.1:0"]\n') == (0, [])


def test_no_configuration_is_well(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(None, {}) == 0
    assert capsys.readouterr().err == ""


def test_mistakes_of_form_are_told(complain: Complain) -> None:
    code, lines = complain("[server]\nnmae = 1\n[limits]\nconnections = 0\n")
    assert code == 1
    assert [line.rpartition(": ")[0] for line in lines] == [
        "t.toml:2: server.nmae",
        "t.toml:4: limits.connections",
    ]


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ('[server]\nlisten = ["irc://0.0.0.0:6667"]\n', "t.toml:2: server.listen", "irc+insecure"),
        ('[server]\nlisten = ["ftp://127.0.0.1"]\n', "t.toml:2: server.listen", "ftp"),
        ('[server]\nmotd = "gone.txt"\n', "t.toml:2: server.motd", "gone.txt"),
        ('[server]\npassword = "$argon2id$nonsense"\n', "t.toml:2: server.password", "tertulia password"),
        ('[store]\nurl = "mysql://x"\n', "t.toml:2: store.url", "mysql"),
        ('[tls]\ncertificate = "a.pem"\nkey = "b.pem"\n', "t.toml:2: tls.certificate", "a.pem"),
        (
            '[operator_classes.mod]\nrights = ["kil"]\n',
            "t.toml:2: operator_classes.mod.rights[0]",
            "not 'kil'; did you mean kill?",
        ),
        (
            '[operator_classes.mod]\n[[operators]]\nname = "r"\naccount = "r"\nclass = "modd"\n',
            "t.toml:5: operators[0].class",
            "there is no [operator_classes.modd]; did you mean mod?",
        ),
        (
            '[operator_classes.a]\nextends = "a"\n',
            "t.toml:2: operator_classes.a.extends",
            "circle",
        ),
        ('[[models]]\nnick = "a"\n[[models]]\nnick = "A"\n', "t.toml:3: models[1]", "twice"),
    ],
)
def test_mistakes_of_meaning_are_told(complain: Complain, text: str, place: str, words: str) -> None:
    code, lines = complain(text)
    assert code == 1
    assert lines[0].startswith(f"{place}: ")
    assert words in lines[0]


def test_files_that_are_no_certificate_are_told(complain: Complain, folder: Path) -> None:
    for name in ("a.pem", "b.pem"):
        (folder / name).write_text("nothing", encoding="utf-8")
    code, lines = complain('[tls]\ncertificate = "a.pem"\nkey = "b.pem"\n')
    assert code == 1
    assert "cannot be used" in lines[0]


def test_a_missing_key_is_a_warning(complain: Complain) -> None:
    text = '[[models]]\nnick = "a"\nprovider = "openai"\nkey_env = "MY_KEY"\n'
    code, (line,) = complain(text)
    assert code == 0
    assert line.startswith("warning: t.toml:4: models[0].key_env: ")
    assert complain(text, {"MY_KEY": "sk-1"}) == (0, [])


def test_a_local_model_that_is_nowhere_is_a_warning(complain: Complain, folder: Path) -> None:
    text = '[[models]]\nnick = "a"\nmodel = "own.gguf"\n'
    code, (line,) = complain(text)
    assert (code, line.startswith("warning: t.toml:3: models[0].model: own.gguf ")) == (0, True)
    (folder / "own.gguf").touch()
    assert complain(text) == (0, [])


def test_clear_passwords_are_for_their_owner_alone(complain: Complain) -> None:
    text = '[[operators]]\nname = "a"\npassword = "hunter2"\n'
    code, (line,) = complain(text, mode=0o644)
    assert (code, line.startswith("warning: t.toml: ")) == (0, True)
    assert "hunter2" not in line
    assert complain(text, mode=0o600) == (0, [])


def test_hashes_may_be_read_by_others(complain: Complain) -> None:
    text = f'[[operators]]\nname = "a"\npassword = "{hash_password("hunter2")}"\n'
    assert complain(text, mode=0o644) == (0, [])


def test_a_password_in_a_variable_is_in_no_file(complain: Complain) -> None:
    assert complain("[server]\n", {"TERTULIA_SERVER__PASSWORD": "hunter2"}, mode=0o644) == (0, [])


MCP = '[[mcp]]\nname = "x"\n'


@pytest.mark.parametrize(
    ("text", "code", "told"),
    [
        (f'{MCP}command = ["a"]\nallow = ["account:*"]\n', 0, ""),
        (f'{MCP}url = "https://a.example/mcp"\nallow = ["room:#r model:lola", "*"]\n', 0, ""),
        (f'{MCP}command = ["a"]\n', 0, "warning: t.toml:1: mcp[0]: nobody may use these tools"),
        (f'{MCP}allow = ["*"]\n', 1, "needs either command"),
        (f'{MCP}command = ["a"]\nurl = "https://a.example"\nallow = ["*"]\n', 1, "and not both"),
        (f'{MCP}command = ["a"]\nallow = ["ana"]\n', 1, "t.toml:4: mcp[0].allow"),
        (f'{MCP}command = ["a"]\nallow = ["account:ana, account:bob"]\n', 1, "t.toml:4: mcp[0].allow"),
        (f'{MCP}command = ["a"]\nenv = ["sk-secret"]\nallow = ["*"]\n', 1, "never the key itself"),
        (f'{MCP}url = "https://a.example"\nkey_env = "NOT_SET"\nallow = ["*"]\n', 0, "mcp[0].key_env"),
        (f'{MCP}command = ["a"]\nallow = ["*"]\n' * 2, 1, "twice"),
    ],
)
def test_servers_of_tools(complain: Complain, text: str, code: int, told: str) -> None:
    found, lines = complain(text)
    assert found == code and (told in "\n".join(lines) if told else not lines), lines
