"""What each key may be, and what follows from it."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from tertulia.config import Model, Server, Settings, Tls, listeners, model_folder, store_url
from tertulia.config.settings import class_chain, rights_of, title_of
from tertulia.protocol.rights import EVERY


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
    with pytest.raises(ValidationError):
        Model(nick="a", provider="openai-compatible", model="m", base_url="http://ana:sesamo@127.0.0.1:1/v1")


def test_a_certificate_needs_its_key() -> None:
    with pytest.raises(ValidationError):
        Tls(certificate=Path("a.pem"))


def test_passwords_are_not_shown() -> None:
    assert "hunter2" not in repr(Settings(server={"password": "hunter2"}))


# --- operators --------------------------------------------------------------------------------------


def test_a_class_has_the_rights_of_those_it_extends() -> None:
    classes = {
        "helper": {"rights": ["kill"], "title": "helps"},
        "moderator": {"rights": ["ban"], "extends": "helper"},
        "chief": {"extends": "admin"},
    }
    settings = Settings.model_validate({"operator_classes": classes})
    assert rights_of(settings, "moderator") == {"kill", "ban"}
    assert title_of(settings, "moderator") == "helps"
    assert rights_of(settings, "chief") == rights_of(settings, "admin") == EVERY
    assert rights_of(settings, "nobody") == frozenset()


def test_classes_that_extend_each_other_end() -> None:
    classes = {"a": {"extends": "b", "rights": ["kill"]}, "b": {"extends": "a", "rights": ["ban"]}}
    settings = Settings.model_validate({"operator_classes": classes})
    assert rights_of(settings, "a") == {"kill", "ban"}
    assert class_chain(settings, "a") == ["a", "b", "a"]


@pytest.mark.parametrize(
    ("block", "kind"),
    [
        ({"name": "root"}, "operator_needs"),
        ({"name": "root", "password": "x", "auto": True}, "operator_auto"),
        ({"name": "root", "certificate": "abc"}, "fingerprint"),
    ],
)
def test_operators_that_cannot_be(block: dict[str, object], kind: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Settings.model_validate({"operators": [block]})
    assert [error["type"] for error in refused.value.errors()] == [kind]


def test_fingerprints_are_written_with_colons_or_without() -> None:
    shown = ":".join(["AB"] * 32)
    (operator,) = Settings.model_validate({"operators": [{"name": "r", "certificate": shown}]}).operators
    assert operator.certificate == "ab" * 32
