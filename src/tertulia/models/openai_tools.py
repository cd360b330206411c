"""Tools and images in OpenAI's chat completions: our turns into its messages, its pieces of calls into whole
ones.

What belongs here: that part of the wire format. What must not: HTTP (`openai_compatible`), what a call does.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from typing import Any

from tertulia.limits import TOOL_ARGUMENTS_CHARACTERS, TOOL_CALLS
from tertulia.models.provider import ProviderError, Request, ToolCall, Turn


def messages_of(turn: Turn) -> Iterator[dict[str, Any]]:
    """A turn as the messages it takes: results have one each, and stand before what the user says."""
    for result in turn.results:
        yield {"role": "tool", "tool_call_id": result.id, "content": result.text}
    if turn.calls:
        calls = [
            {"id": one.id, "type": "function", "function": {"name": one.name, "arguments": one.arguments}}
            for one in turn.calls
        ]
        yield {"role": "assistant", "content": turn.text or None, "tool_calls": calls}
    elif turn.images:
        yield {"role": turn.role, "content": [{"type": "text", "text": turn.text}, *_images(turn)]}
    elif turn.text or not turn.results:
        yield {"role": turn.role, "content": turn.text}


def _images(turn: Turn) -> Iterator[dict[str, Any]]:
    for image in turn.images:
        url = f"data:{image.type};base64,{b64encode(image.data).decode()}"
        yield {"type": "image_url", "image_url": {"url": url}}


def tools_of(request: Request) -> dict[str, Any]:
    """The members of a request's body that offer tools."""
    tools = [
        {
            "type": "function",
            "function": {"name": one.name, "description": one.description, "parameters": dict(one.schema)},
        }
        for one in request.tools
    ]
    return {"tools": tools, "tool_choice": "none" if request.must_answer else "auto"}


class Calls:
    """Calls that come in pieces: the name once, the arguments bit by bit, told apart by their index."""

    def __init__(self) -> None:
        self._calls: dict[int, list[str]] = {}  # index: id, name, arguments

    def add(self, pieces: Any) -> None:
        """Raises `ProviderError` when they are no pieces of calls, or too many or too long."""
        for place, piece in enumerate(pieces if isinstance(pieces, list) else ()):
            function = piece.get("function") if isinstance(piece, dict) else None
            if not isinstance(function, dict):
                raise ProviderError("failed", "a piece of a tool's call is none")
            index = piece.get("index")
            call = self._calls.setdefault(index if isinstance(index, int) else place, ["", "", ""])
            call[0] = call[0] or str(piece.get("id") or "")
            call[1] = call[1] or str(function.get("name") or "")
            call[2] += str(function.get("arguments") or "")
            if len(self._calls) > TOOL_CALLS or len(call[2]) > TOOL_ARGUMENTS_CHARACTERS:
                raise ProviderError("failed", "it calls more tools, or with more arguments, than it may")

    def whole(self) -> list[ToolCall]:
        """In the order of their index. A call without an id gets one: some endpoints give none."""
        return [
            ToolCall(given or f"call_{index}", name, arguments)
            for index, (given, name, arguments) in sorted(self._calls.items())
        ]
