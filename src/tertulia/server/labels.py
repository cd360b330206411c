"""Labeled responses (IRCv3 labeled-response): one line gets the label, several a batch, none an ACK."""

from __future__ import annotations

from collections.abc import Sequence

from tertulia.commands.turn import Entry
from tertulia.ports import Ids
from tertulia.protocol import capabilities as cap
from tertulia.protocol.tags import Tags, escape

NEEDED = cap.LABELED_RESPONSE | cap.BATCH  # "depends on the batch capability which MUST be negotiated"
LABEL_BYTES = 64  # "The value MUST NOT exceed 64 bytes"


class LabeledReply:
    """All that answers one labelled command, as one entry. `items` may grow until it is rendered."""

    __slots__ = ("ids", "items", "label", "server")

    def __init__(self, server: str, label: str, ids: Ids, items: Sequence[str | Entry]) -> None:
        self.server, self.label, self.ids, self.items = server, label, ids, items

    def render(self, capabilities: int) -> str:
        texts = [item if isinstance(item, str) else item.render(capabilities) for item in self.items]
        lines = [line for text in texts for line in text.split("\r\n")[:-1]]
        label = label_tag(self.label)
        if not lines:
            return f"@{label} :{self.server} ACK\r\n"
        if len(lines) == 1 or _one_batch(lines):
            lines[0] = with_tag(lines[0], label)
            return "".join(f"{line}\r\n" for line in lines)
        reference = self.ids.token()
        lines = [inside(line, reference) for line in lines]
        lines.insert(0, f"@{label} :{self.server} BATCH +{reference} labeled-response")
        lines.append(f":{self.server} BATCH -{reference}")
        return "".join(f"{line}\r\n" for line in lines)


def label_of(tags: Tags, capabilities: int) -> str | None:
    """The label of a line that a session with these capabilities sent; None when there is none to answer."""
    label = tags.get("label")
    if not label or capabilities & NEEDED != NEEDED or len(label.encode()) > LABEL_BYTES:
        return None
    return label


def label_tag(label: str) -> str:
    """The tag as it is written."""
    return f"label={escape(label)}"


def with_tag(line: str, tag: str) -> str:
    return f"@{tag};{line[1:]}" if line[0] == "@" else f"@{tag} {line}"


def inside(line: str, reference: str) -> str:
    """A line as a part of a batch. What is already inside a nested batch stays as it is; that batch's own
    start and end are parts of the outer one ("they both MUST have batch tag")."""
    return line if line.startswith("@batch=") else with_tag(line, f"batch={reference}")


def _one_batch(lines: Sequence[str]) -> bool:
    """Whether these lines are one batch and nothing else, so that its start can bear the label."""
    start = _batch_parameter(lines[0])
    return start[:1] == "+" and _batch_parameter(lines[-1]) == f"-{start[1:]}"


def _batch_parameter(line: str) -> str:
    """`+reference` or `-reference` of a BATCH line of the server's making; "" for any other line."""
    words = line.split(" ", 4)
    at = 2 if line[0] == "@" else 1
    return words[at + 1] if len(words) > at + 1 and words[at] == "BATCH" else ""
