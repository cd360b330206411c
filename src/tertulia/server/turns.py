"""Turns: the lines of a session, one command after the other, each from its line to its replies.

What belongs here: holding lines back (flood control, a command that waits for the world), running handlers,
and giving their replies to the fan-out. What must not: the tick (`hub`), what commands do (`commands`).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

from tertulia import limits
from tertulia.commands import agents, batch, registry
from tertulia.commands.turn import Entry, NotStored, Refuse, Turn
from tertulia.protocol.framing import Refused
from tertulia.protocol.line import parse
from tertulia.server import labels, quick, refusals, throttle
from tertulia.server.session import Session
from tertulia.state.network import Conflict

if TYPE_CHECKING:
    from tertulia.server.hub import Hub


class Turns:
    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._throttled: dict[Session, None] = {}
        self._replied: dict[Session, int] = {}  # bytes, about, in the tick of this number
        self._tick = 0

    def hear(self, session: Session, data: bytes) -> None:
        if session.closing:
            return
        session.heard_at = self._hub.instant
        session.pinged_at = 0.0
        lines = session.framer.feed(data)
        bounds = self._hub.settings.bounds
        at, end = 0, len(lines)
        while at < end and not session.closing:
            if session.held is None and not session.waiting:
                if not bounds.flood:
                    at = quick.talk(self._hub, session, lines, at, end)
                    if at == end:
                        return
                if not bounds.flood or throttle.affordable(session, bounds, self._hub.instant):
                    if bounds.flood and quick.talk(self._hub, session, lines, at, at + 1) > at:
                        throttle.charge(session, quick.COST)
                    else:
                        self._carry_out(session, lines[at])
                    at += 1
                    continue
            self._hold(session, lines[at])
            at += 1

    def _hold(self, session: Session, text: str | Refused) -> None:
        """Keep a line until its turn comes; drop a session that sends far more than its turns."""
        if session.held is None:
            session.held = deque()
        session.held.append(text)
        if session.waiting:
            if len(session.held) > limits.BACKLOG_LINES:
                self._hub.drop(session, "Too many commands waiting")
        elif len(session.held) > self._hub.settings.bounds.flood_lines_waiting:
            self._hub.drop(session, "Excess Flood")
        else:
            self._throttle(session)

    def _throttle(self, session: Session) -> None:
        if not self._throttled:
            self._hub.scheduler.after(1 / max(1.0, self._hub.settings.bounds.flood_per_second), self._release)
        self._throttled[session] = None

    def _release(self) -> None:
        """Let throttled sessions have what they can afford by now."""
        self._hub.instant, self._hub.now_ms = self._hub.clock.monotonic(), self._hub.clock.now_ms()
        throttled, self._throttled = self._throttled, {}
        for session in throttled:
            self._drain(session)
        self._hub.end_tick()

    def _drain(self, session: Session) -> None:
        held, bounds = session.held, self._hub.settings.bounds
        while held and not session.waiting and not session.closing:
            if not throttle.affordable(session, bounds, self._hub.instant):
                self._throttle(session)
                return
            self._carry_out(session, held.popleft())
        if not held:
            session.held = None

    # --- commands ---------------------------------------------------------------------------------

    def _carry_out(self, session: Session, text: str | Refused) -> None:
        if not isinstance(text, str):
            turn = self._hub.turn(session)
            refusals.not_a_line(turn, text)
            throttle.charge(session, 1.0)
            self.finish(session, turn)
            return
        line = parse(text)
        if not line.command:
            return
        self._hub.counts.lines += 1
        tags = line.tags
        label = labels.label_of(tags, session.capabilities) if tags is not None else None
        turn = Turn(self._hub, session, tags, label)
        try:
            if (
                tags is not None
                and "batch" in tags
                and line.command != "BATCH"
                and batch.batch_line(turn, line)
            ):
                throttle.charge(session, 0.1)  # a batch is one message, however many its lines
                self.finish(session, turn)
                return
            command = registry.gate(turn, line)
            if session.user is not None and session.user.agent is not None:
                agents.check(session.user, command.name, line.params)
            throttle.charge(session, command.cost)
            coroutine = command.handler(turn, line.params)
        except Refuse as refusal:
            throttle.charge(session, 1.0)
            turn.numeric(refusal.numeric, *refusal.params, **refusal.fields)
            self.finish(session, turn)
            return
        except Exception as fault:
            self._own_fault(session, turn, fault)
            return
        self._step(session, turn, coroutine)

    def _step(self, session: Session, turn: Turn, coroutine: Coroutine[Any, Any, None]) -> None:
        """Run a handler to its end, or to where it waits for the world."""
        try:
            awaited = coroutine.send(None)
        except StopIteration:
            pass
        except Refuse as refusal:
            turn.numeric(refusal.numeric, *refusal.params, **refusal.fields)
        except NotStored as failure:
            refusals.refuse(turn, failure.code)
        except Conflict as conflict:
            refusals.lost_conflict(turn, conflict)
        except Exception as fault:
            self._own_fault(session, turn, fault)
            return
        else:
            session.waiting = True
            awaited.add_done_callback(lambda _: self._hub.post(session, (turn, coroutine)))
            return
        self.finish(session, turn)

    def _own_fault(self, session: Session, turn: Turn, fault: Exception) -> None:
        """A mistake of ours costs the command in which it happened, and neither the tick nor the server."""
        self._hub.log("command_failed", verb=turn.verb, exc_info=fault)
        turn.items = []
        turn.numeric("ERR_UNKNOWNERROR", turn.verb or "*")
        self.finish(session, turn)

    def go_on(self, session: Session, turn: Turn, coroutine: Coroutine[Any, Any, None]) -> None:
        session.waiting = False
        if session.closing:
            coroutine.close()
            return
        self._step(session, turn, coroutine)
        if session.held and not session.waiting:
            self._drain(session)

    def finish(self, session: Session, turn: Turn) -> None:
        if turn.label is not None:
            self._hub.fanout.session(
                session, labels.LabeledReply(self._hub.settings.name, turn.label, self._hub.ids, turn.items)
            )
        elif turn.items:
            try:
                text = "".join(turn.items)  # type: ignore[arg-type]
            except TypeError:  # not only replies, but something said or done among them
                for item in turn.items:
                    self._hub.fanout.session(session, item)
            else:
                self._hub.fanout.session(session, text)
                self._weigh(session, len(text))
                return
        if turn.items:
            self._weigh(session, sum(map(_weight, turn.items)))

    def _weigh(self, session: Session, answer: int) -> None:
        """Drop whoever asks for more at once than may wait for a slow reader. One read can hold ten thousand
        questions, and until the tick ends no wire sees how much their answers are.
        """
        if self._tick != self._hub.counts.ticks:
            self._tick = self._hub.counts.ticks
            self._replied.clear()
        replied = self._replied[session] = self._replied.get(session, 0) + answer
        if replied > limits.SEND_QUEUE_BYTES:
            self._hub.drop(session, "SendQ exceeded")

    def forget(self, session: Session) -> None:
        """The session has ended: nothing that it still wanted is carried out."""
        session.held = None
        self._throttled.pop(session, None)
        self._replied.pop(session, None)


def _weight(item: str | Entry) -> int:
    return len(item) if type(item) is str else getattr(item, "weight", limits.LINE_BYTES)
