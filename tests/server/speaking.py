"""How a speaker streams, and what history has of it afterwards.

What belongs here: what the tests of streams share. What must not: assertions about streams.
"""

from __future__ import annotations

from tertulia.ports import Peer
from tests.support.reading import all_of, tag, the
from tests.support.town import Client

CAPS = "batch message-tags tertulia.chat/stream"
OWN = Peer("memory", "localhost", local=True, trusted=True)


def begin(client: Client, target: str = "#r", reference: str = "r1", tags: str = "") -> list[str]:
    return client.say(f"{tags}BATCH +{reference} tertulia.chat/stream {target}")


def piece(
    client: Client, text: str, concat: bool = False, target: str = "#r", reference: str = "r1"
) -> list[str]:
    mark = ";tertulia.chat/concat" if concat else ""
    return client.say(f"@batch={reference}{mark} PRIVMSG {target} :{text}")


def end(client: Client, tags: str = "", reference: str = "r1") -> list[str]:
    return client.say(f"{tags}BATCH -{reference}")


def history(client: Client) -> list[str]:
    """The joined texts of #r's messages."""
    client.say("CAP REQ :draft/chathistory batch draft/multiline message-tags")
    joined: list[str] = []
    last = ""
    for line in all_of(client.say("CHATHISTORY LATEST #r * 100"), "PRIVMSG"):
        batch = tag(line, "batch") or ""
        if batch.startswith("m") and batch == last:
            joined[-1] += ("" if tag(line, "draft/multiline-concat") == "" else "\n") + line.params[-1]
        else:
            joined.append(line.params[-1])
        last = batch
    return joined


def failure(lines: list[str]) -> list[str]:
    return the(lines, "FAIL").params[:-1]
