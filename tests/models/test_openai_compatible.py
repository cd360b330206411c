"""Chat completions, against a server that misbehaves on command. No real provider is ever asked."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from tertulia.models.openai_compatible import OpenAICompatible
from tertulia.models.provider import Capabilities, Provider, ProviderError, Request, Turn
from tests.contracts.provider import WireContract, heard_and_closed
from tests.models.fake_provider import ANSWER, KEY, ODD, FakeProvider, fake_provider
from tests.support.machine import nobody_listens


def provider_at(url: str, model: str, key: str | None = KEY) -> OpenAICompatible:
    return OpenAICompatible(
        name="openai-compatible",
        model=model,
        base_url=f"{url}/v1",
        key=key,
        capabilities=Capabilities(8_192, 64),
    )


class TestOpenAICompatible(WireContract):
    def image(self, media_type: str, data: str) -> dict[str, object]:
        return {"type": "image_url", "image_url": {"url": f"data:{media_type};base64,{data}"}}

    def provider_at(self, url: str, model: str) -> Provider:
        return provider_at(url, model)


@pytest.fixture(scope="module")
def server() -> Iterator[FakeProvider]:
    with fake_provider() as running:
        yield running


def refused(server: FakeProvider, model: str) -> ProviderError:
    async def go() -> None:
        await heard_and_closed(provider_at(server.url, model))

    with pytest.raises(ProviderError) as found:
        asyncio.run(go())
    return found.value


@pytest.mark.parametrize(("model", "kind"), [("error_inside", "overloaded"), ("wrong_key", "wrong_key")])
def test_misbehaviour_has_a_kind(server: FakeProvider, model: str, kind: str) -> None:
    assert refused(server, model).kind == kind


@pytest.mark.parametrize("model", ODD)
def test_json_of_another_shape_is_an_error_of_the_providers(server: FakeProvider, model: str) -> None:
    """`provider.Provider.stream`: "Raises `ProviderError` and nothing else"."""
    error = refused(server, model)
    assert error.kind == "failed" and "chat completions" in error.detail


def test_an_address_with_a_password_is_never_shown() -> None:
    """One may come from OPENAI_BASE_URL, which no configuration checks."""

    async def go(url: str, key: str | None) -> None:
        await heard_and_closed(provider_at(url, "x", key))

    for key in (None, KEY):
        with nobody_listens() as port, pytest.raises(ProviderError) as found:
            url = f"http://ana:sesamo@127.0.0.1:{port}"
            assert "sesamo" not in repr(provider_at(url, "x", key))
            asyncio.run(go(url, key))
        assert "sesamo" not in str(found.value) and "sesamo" not in found.value.say("en")


def test_a_key_that_the_provider_repeats_is_not_passed_on(server: FakeProvider) -> None:
    error = refused(server, "wrong_key")
    assert KEY not in error.detail and KEY not in error.say("en") and "Incorrect" in error.detail


def test_what_is_sent(server: FakeProvider) -> None:
    async def go() -> tuple[list[str], object]:
        request = Request("sys", (Turn("user", "a"), Turn("assistant", "b"), Turn("user", "c")), 1_000, 0.3)
        texts, usages = await heard_and_closed(provider_at(server.url, "answer"), request)
        return texts, usages[0]

    texts, usage = asyncio.run(go())
    assert tuple(texts) == ANSWER and usage == (11, 3, 4)
    asked = server.requests[-1]
    assert [message["role"] for message in asked["messages"]] == ["system", "user", "assistant", "user"]
    assert asked["stream"] is True and asked["temperature"] == 0.3
    assert asked["max_tokens"] == 64, "never more than the model may"
    assert server.keys[-1] == KEY


def test_without_a_key_none_is_sent(server: FakeProvider) -> None:
    async def go() -> None:
        await heard_and_closed(provider_at(server.url, "answer", key=None))

    asyncio.run(go())
    assert server.keys[-1] == ""


def test_nobody_listens_there() -> None:
    async def go(url: str) -> None:
        await heard_and_closed(provider_at(url, "x"))

    with nobody_listens() as port, pytest.raises(ProviderError) as found:
        asyncio.run(go(f"http://127.0.0.1:{port}"))
    assert found.value.kind == "no_network"
