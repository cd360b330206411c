"""People for the tests of streams: a speaker, and one listener for each form in which a stream is served."""

from __future__ import annotations

import pytest

from tests.server.speaking import CAPS
from tests.support.town import Client, Town


@pytest.fixture
def town() -> Town:
    return Town()


@pytest.fixture
def lola(town: Town) -> Client:
    """The speaker."""
    return town.join("lola", "#r", caps=f"{CAPS} labeled-response")


@pytest.fixture
def new(town: Town, lola: Client) -> Client:
    return town.join("new", "#r", caps=f"{CAPS} draft/multiline")


@pytest.fixture
def multi(town: Town, new: Client) -> Client:
    return town.join("multi", "#r", caps="batch message-tags draft/multiline")


@pytest.fixture
def old(town: Town, lola: Client, new: Client, multi: Client) -> Client:
    """The last to come: the others have nothing left to hear."""
    client = town.join("old", "#r")
    lola.take(), new.take(), multi.take()
    return client
