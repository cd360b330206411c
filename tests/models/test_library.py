"""Anthropic and Google through the library, against their formats spoken by our own server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tertulia.models.library import Library
from tertulia.models.provider import Capabilities, Kind, Provider
from tests.contracts.provider import ProviderContract
from tests.models.fake_provider import KEY, fake_provider

pytest.importorskip("pydantic_ai", reason="an extra: tertulia[providers]")
pytestmark = pytest.mark.slow  # half a second to import, another for its clients


class _ThroughTheLibrary(ProviderContract):
    NAME = ""
    PATH = ""

    @contextmanager
    def made(self, behaviour: str) -> Iterator[Provider]:
        with fake_provider() as server:
            self.gone = server.gone
            yield Library(
                name=self.NAME, model=behaviour, base_url=server.url + self.PATH, key=KEY,
                capabilities=Capabilities(8_192, 64),
            )  # fmt: skip


class TestAnthropic(_ThroughTheLibrary):
    NAME = "anthropic"


class TestGoogle(_ThroughTheLibrary):
    NAME = "google"
    KINDS: tuple[Kind, ...] = ("wrong_key", "no_such_model", "overloaded", "failed")
