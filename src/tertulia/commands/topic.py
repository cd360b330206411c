"""TOPIC: what a room is about."""

from __future__ import annotations

from tertulia.commands import arguments, audit
from tertulia.commands.registry import command
from tertulia.commands.turn import Turn
from tertulia.limits import TOPIC_CHARACTERS
from tertulia.policy.room import may_set_topic
from tertulia.state.events import SetTopic
from tertulia.state.room import Room


@command("TOPIC <room> [<topic>]", "Read or set a room's topic; an empty one clears it.",
         "Lee o pon el tema de una sala; uno vacío lo borra.", least=1)  # fmt: skip
async def topic(turn: Turn, params: list[str]) -> None:
    if len(params) == 1:
        room = arguments.room(turn, params[0])
        if room.topic:
            topic_numerics(turn, room)
        else:
            turn.numeric("RPL_NOTOPIC", room.name)
        return
    room = arguments.kept_room(turn, params[0])
    arguments.allow(may_set_topic(room, turn.user), room.name)
    text = arguments.free_text(turn, params[1], TOPIC_CHARACTERS, "TOPIC", room.name)
    if turn.user not in room.members or "t" in room.flags:
        audit.overrode(turn, room, f"TOPIC {text}")
    await turn.world.propose(SetTopic(room.key, turn.user.prefix, text, turn.world.now_ms // 1000), turn)


def topic_numerics(turn: Turn, room: Room) -> None:
    turn.numeric("RPL_TOPIC", room.name, room.topic)
    turn.plain_numeric("RPL_TOPICWHOTIME", room.name, room.topic_by, str(room.topic_at))
