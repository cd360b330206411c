"""Anthropic and Google through the library, against their formats spoken by our own server."""

from __future__ import annotations

import pytest

from tertulia.models.library import Library
from tertulia.models.provider import Capabilities, Kind, Provider
from tests.contracts.provider import WireContract
from tests.models.fake_provider import KEY

pytest.importorskip("pydantic_ai", reason="an extra: tertulia[providers]")
pytestmark = pytest.mark.slow  # half a second to import, another for its clients


class _ThroughTheLibrary(WireContract):
    NAME = ""

    def provider_at(self, url: str, model: str) -> Provider:
        return Library(
            name=self.NAME,
            model=model,
            base_url=url,
            key=KEY,
            capabilities=Capabilities(8_192, 64),
        )


class TestAnthropic(_ThroughTheLibrary):
    NAME = "anthropic"

    def image(self, media_type: str, data: str) -> dict[str, object]:
        return {"media_type": media_type, "data": data, "type": "base64"}


class TestGoogle(_ThroughTheLibrary):
    NAME = "google"

    def image(self, media_type: str, data: str) -> dict[str, object]:
        return {"inlineData": {"data": data, "mime_type": media_type}}  # the API takes either spelling

    KINDS: tuple[Kind, ...] = ("wrong_key", "no_such_model", "overloaded", "failed")
