"""The table of providers, and making one."""

from __future__ import annotations

import pytest

from tertulia.models.library import MAKERS, Library
from tertulia.models.openai_compatible import OpenAICompatible
from tertulia.models.provider import ProviderError
from tertulia.models.providers import TABLE, capabilities_of, make
from tertulia.models.scripted import Scripted
from tertulia.models.settings import ModelSettings, default_settings

KEYS = {
    "OPENAI_API_KEY": "sk-test-openai",
    "ANTHROPIC_API_KEY": "sk-test-a",
    "GEMINI_API_KEY": "sk-test-g",
    "MINE": "m",
}


@pytest.mark.parametrize(
    ("settings", "kind", "model"),
    [
        (ModelSettings("a", "openai"), OpenAICompatible, TABLE["openai"].model),
        (ModelSettings("a", "openai", model="other"), OpenAICompatible, "other"),
        (ModelSettings("a", "anthropic"), Library, TABLE["anthropic"].model),
        (ModelSettings("a", "google"), Library, TABLE["google"].model),
        (
            ModelSettings("a", "openai-compatible", model="m", base_url="http://127.0.0.1:1/v1"),
            OpenAICompatible,
            "m",
        ),
        (ModelSettings("a", "scripted", script=("x",)), Scripted, "scripted"),
    ],
)
def test_each_is_made(settings: ModelSettings, kind: type, model: str) -> None:
    provider = make(settings, KEYS)
    assert isinstance(provider, kind) and provider.model == model
    assert "sk-test" not in repr(provider)


@pytest.mark.parametrize(
    ("settings", "environment", "kind", "detail"),
    [
        (ModelSettings("a", "openai"), {}, "no_key", "OPENAI_API_KEY"),
        (ModelSettings("a", "openai", key_env="MINE"), {"OPENAI_API_KEY": "x"}, "no_key", "MINE"),
        (ModelSettings("a", "anthropic"), {"ANTHROPIC_API_KEY": " "}, "no_key", "ANTHROPIC_API_KEY"),
        (ModelSettings("a", "openai-compatible", base_url="http://x"), {}, "no_such_model", "model"),
        (ModelSettings("a", "openai-compatible", model="m"), {}, "failed", "base_url"),
    ],
)
def test_what_is_missing_is_named(
    settings: ModelSettings, environment: dict[str, str], kind: str, detail: str
) -> None:
    with pytest.raises(ProviderError) as refused:
        make(settings, environment)
    assert refused.value.kind == kind and detail in refused.value.say("en")


def test_capabilities_can_be_said_otherwise() -> None:
    found = capabilities_of(ModelSettings("a", "openai", answer_tokens=7, context_tokens=9))
    assert (found.answer_tokens, found.context_tokens, found.vision) == (7, 9, True)


def test_the_table_is_whole() -> None:
    assert set(MAKERS) == {name for name, kind in TABLE.items() if kind.by == "library"}
    assert all(kind.key_env for kind in TABLE.values() if kind.needs_key)


def test_who_is_there_without_a_configuration() -> None:
    assert [one.nick for one in default_settings({})] == ["lola"]
    assert [(one.nick, one.provider) for one in default_settings(KEYS)] == [
        ("lola", "local"),
        ("gpt", "openai"),
    ]


def test_a_fingerprint_changes_with_what_shapes_an_answer() -> None:
    one = ModelSettings("a", "openai")
    assert one.fingerprint == ModelSettings("a", "openai", rooms=("#x",), key_env="Y").fingerprint
    assert one.fingerprint != ModelSettings("a", "openai", prompt="p").fingerprint
    assert len(one.fingerprint) == 12


def test_a_script_can_call_tools_if_it_is_said_to() -> None:
    assert make(ModelSettings("a", "scripted", script=("x",), tools=True), {}).capabilities.tools
    assert not make(ModelSettings("a", "scripted", script=("x",)), {}).capabilities.tools
