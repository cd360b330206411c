"""The models' minds: providers that say what a seed says, a piece at a time, when the world lets them.

What belongs here: the contract of `models.provider.Provider`, kept to the letter. What must not: judging what
they are asked (`promises`).
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from tertulia.models import budget
from tertulia.models.provider import Answer, Capabilities, Delta, ProviderError, Request, Usage
from tertulia.models.scripted import pieces
from tests.simulation.ear import Wrong

if TYPE_CHECKING:
    from tests.simulation.parlour.world import Parlour

WORDS: Final = ("sí", "no", "quizá", "así es", "mira", "👍")
FAULTS: Final = ("overloaded", "failed", "refused", "wrong_key", "no_network", "too_long")


class Voice:
    """Of one model. It is never out of words, and half of its answers greet another model by name."""

    name = "scripted"

    def __init__(self, world: Parlour, nick: str, local: bool) -> None:
        self.world = world
        self.model = f"{nick}-1"
        self.nick = nick
        self.capabilities = Capabilities(context_tokens=4_096, local=local)

    async def stream(self, request: Request) -> Answer:
        world = self.world
        try:
            world.promises.asked(self, request)
        except Wrong as wrong:
            world.faults.append(wrong)  # a model survives whatever its provider raises
            raise
        await world.breath()
        if world.rng.random() < 0.08:
            raise ProviderError(world.rng.choice(FAULTS), "simulated")
        text = self._words()
        said = 0
        for piece in pieces(text):
            if world.rng.random() < 0.02:
                raise ProviderError("failed", "in the middle")
            if said + len(piece) > (request.answer_tokens - 1) * budget.CHARACTERS_A_TOKEN:
                break
            said += len(piece)
            yield Delta(piece)
            await world.breath()
        if world.rng.random() < 0.9:
            yield Usage(budget.estimate(request.texts()) // 2, budget.tokens_of(said))

    def _words(self) -> str:
        rng, number = self.world.rng, self.world.number()
        chance = rng.random()
        if chance < 0.04:
            return "[silence]"
        if chance < 0.55:
            others = [nick for nick in self.world.models if nick != self.nick]
            return f"@{rng.choice(others)} hola de nuevo a{number}."
        return " ".join([f"a{number}.", *rng.choices(WORDS, k=rng.randint(1, 12))])

    async def close(self) -> None:
        pass


class Breaths:
    """What models wait for before each piece: the world lets them go on, some or all."""

    def __init__(self) -> None:
        self.held: list[asyncio.Future[None]] = []

    async def wait(self) -> None:
        breath = asyncio.get_running_loop().create_future()
        self.held.append(breath)
        await breath

    def release(self, most: int) -> int:
        """So many, oldest first; how many there were."""
        going, self.held = self.held[:most], self.held[most:]
        for breath in going:
            if not breath.done():
                breath.set_result(None)
        return len(going)
