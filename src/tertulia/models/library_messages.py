"""Our request as the library's messages and parameters, and the calls of tools in its answer.

What belongs here: values of ours into values of `pydantic-ai`'s. What must not: providers, calls over the
network. The library is imported inside: it takes a second.
"""

from __future__ import annotations

import json
from typing import Any

from tertulia.limits import TOOL_ARGUMENTS_CHARACTERS, TOOL_CALLS
from tertulia.models.provider import ProviderError, Request, ToolCall, Turn


def messages(request: Request) -> list[Any]:
    from pydantic_ai.messages import ModelRequest, ModelResponse, SystemPromptPart

    found: list[Any] = [ModelRequest(parts=[SystemPromptPart(request.system)])] if request.system else []
    for turn in request.turns:
        made = ModelRequest(parts=_heard(turn)) if turn.role == "user" else ModelResponse(parts=_said(turn))
        found.append(made)
    return found


def _heard(turn: Turn) -> list[Any]:
    from pydantic_ai.messages import BinaryContent, ToolReturnPart, UserPromptPart

    parts: list[Any] = [ToolReturnPart(one.name, one.text, one.id) for one in turn.results]
    if turn.images:
        images = [BinaryContent(one.data, media_type=one.type) for one in turn.images]
        parts.append(UserPromptPart([turn.text, *images]))
    elif turn.text or not parts:
        parts.append(UserPromptPart(turn.text))
    return parts


def _said(turn: Turn) -> list[Any]:
    from pydantic_ai.messages import TextPart, ToolCallPart

    parts: list[Any] = [TextPart(turn.text)] if turn.text or not turn.calls else []
    return parts + [ToolCallPart(one.name, _object(one.arguments), one.id) for one in turn.calls]


def _object(arguments: str) -> Any:
    """Providers that take objects refuse words: what was broken is shown inside one."""
    try:
        found = json.loads(arguments or "{}")
    except ValueError:
        found = None
    return found if isinstance(found, dict) else {"broken": arguments}


def parameters(request: Request) -> Any:
    from pydantic_ai.models import ModelRequestParameters
    from pydantic_ai.tools import ToolDefinition

    tools = [
        ToolDefinition(name=one.name, description=one.description, parameters_json_schema=dict(one.schema))
        for one in request.tools
    ]
    return ModelRequestParameters(function_tools=tools)


def calls_of(response: Any, request: Request) -> list[ToolCall]:
    """The calls of a whole answer; none when no tools were offered. Raises `ProviderError`."""
    from pydantic_ai.messages import ToolCallPart

    found = [
        ToolCall(part.tool_call_id, part.tool_name, _written(part.args))
        for part in response.parts
        if isinstance(part, ToolCallPart)
    ]
    if len(found) > TOOL_CALLS or any(len(one.arguments) > TOOL_ARGUMENTS_CHARACTERS for one in found):
        raise ProviderError("failed", "it calls more tools, or with more arguments, than it may")
    return found if request.tools else []


def _written(arguments: Any) -> str:
    return arguments if isinstance(arguments, str) else json.dumps(arguments or {}, ensure_ascii=False)
