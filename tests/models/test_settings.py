"""What a configuration says about one model is a frozen value."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from tertulia.models.settings import FIRST_ROOM, ModelSettings, default_settings


def test_the_defaults_are_a_local_model_in_the_first_room() -> None:
    (lola,) = default_settings({})
    assert (lola.provider, lola.rooms, lola.model) == ("local", (FIRST_ROOM,), "")
    with pytest.raises(FrozenInstanceError):
        lola.nick = "x"  # type: ignore[misc]


def test_the_model_and_the_endpoint_of_gpt_can_be_said_in_the_environment() -> None:
    environment = {"OPENAI_API_KEY": "k", "OPENAI_MODEL": "m", "OPENAI_BASE_URL": "http://127.0.0.1:1/v1"}
    assert default_settings(environment)[1] == ModelSettings(
        "gpt", "openai", model="m", base_url="http://127.0.0.1:1/v1"
    )
