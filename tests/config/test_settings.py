"""What each key may be, and what follows from it."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from tertulia.config import Model, Server, Settings, Tls, listeners, model_folder, store_url


def test_settings_are_frozen() -> None:
    with pytest.raises(ValidationError):
        Settings().server.name = "other"


def test_doors_are_on_loopback_unless_told_otherwise() -> None:
    uris = listeners(Settings())
    assert [uri.partition(":")[0] for uri in uris] == ["irc", "ircs", "unix", "http", "plain"]
    assert all("127.0.0.1" in uri or uri.startswith("unix:///") for uri in uris)


def test_doors_that_are_named_stand_alone() -> None:
    assert listeners(Settings(server=Server(listen=("irc://127.0.0.1:0",)))) == ("irc://127.0.0.1:0",)


def test_the_store_and_the_socket_are_in_the_data_folder() -> None:
    settings = Settings(server=Server(data=Path("/srv/chat")))
    assert store_url(settings) == "sqlite:////srv/chat/tertulia.db"
    assert "unix:///srv/chat/tertulia.sock" in listeners(settings)


@pytest.mark.parametrize(
    ("environ", "folder"),
    [
        ({"XDG_DATA_HOME": "/x", "HOME": "/h"}, "/x/tertulia/models"),
        ({"HOME": "/h"}, "/h/.local/share/tertulia/models"),
        ({}, "data/models"),
    ],
)
def test_model_files_are_shared_by_a_users_servers(environ: dict[str, str], folder: str) -> None:
    assert model_folder(Settings(), environ) == Path(folder)


@pytest.mark.parametrize("name", ["tertulia.local", "My.Little.Server", "localhost", "chat-1.example.org"])
def test_names_of_servers(name: str) -> None:
    assert Server(name=name).name == name


@pytest.mark.parametrize("name", ["", "a b", "-x", ":x", "x" * 64, "a\n"])
def test_no_names_of_servers(name: str) -> None:
    with pytest.raises(ValidationError):
        Server(name=name)


@pytest.mark.parametrize("nick", ["lola", "gpt-5", "[bot]", "x" * 32])
def test_nicks_of_models(nick: str) -> None:
    assert Model(nick=nick).nick == nick


@pytest.mark.parametrize("nick", ["", "5gpt", "-x", "a b", "#x", "x" * 33])
def test_no_nicks_of_models(nick: str) -> None:
    with pytest.raises(ValidationError):
        Model(nick=nick)


def test_a_provider_by_address_needs_an_address() -> None:
    with pytest.raises(ValidationError):
        Model(nick="a", provider="openai-compatible", model="m")
    assert Model(nick="a", provider="openai-compatible", model="m", base_url="http://127.0.0.1:1/v1")


def test_a_certificate_needs_its_key() -> None:
    with pytest.raises(ValidationError):
        Tls(certificate=Path("a.pem"))


def test_passwords_are_not_shown() -> None:
    assert "hunter2" not in repr(Settings(server={"password": "hunter2"}))
