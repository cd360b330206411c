"""Labeled responses (IRCv3 labeled-response): one line gets the label, several a batch, none an ACK."""

from __future__ import annotations

from collections.abc import Sequence

from tertulia.commands.turn import Entry
from tertulia.ports import Ids
from tertulia.protocol.tags import escape


class LabeledReply:
    """All that answers one labelled command, as one entry."""

    __slots__ = ("ids", "items", "label", "server")

    def __init__(self, server: str, label: str, ids: Ids, items: Sequence[str | Entry]) -> None:
        self.server, self.label, self.ids, self.items = server, label, ids, items

    def render(self, capabilities: int) -> str:
        texts = [item if isinstance(item, str) else item.render(capabilities) for item in self.items]
        groups = [text.split("\r\n")[:-1] for text in texts if text]
        label = f"label={escape(self.label)}"
        if not groups:
            return f"@{label} :{self.server} ACK\r\n"
        if len(groups) == 1 and (len(groups[0]) == 1 or _one_batch(groups[0])):
            first, *rest = groups[0]
            return "".join(f"{line}\r\n" for line in [with_tag(first, label), *rest])
        reference = self.ids.token()
        lines = [f"@{label} :{self.server} BATCH +{reference} labeled-response"]
        lines += [inside(line, reference) for group in groups for line in group]
        lines.append(f":{self.server} BATCH -{reference}")
        return "".join(f"{line}\r\n" for line in lines)


def _one_batch(lines: Sequence[str]) -> bool:
    return " BATCH +" in lines[0] and " BATCH -" in lines[-1]


def with_tag(line: str, tag: str) -> str:
    return f"@{tag};{line[1:]}" if line[0] == "@" else f"@{tag} {line}"


def inside(line: str, reference: str) -> str:
    """A line as a part of the batch; what is already inside a nested batch stays as it is."""
    words = line.split(" ", 3)
    if line.startswith("@batch=") or ("BATCH" in words[1:3] and words[-1].lstrip("BATCH ")[:1] == "-"):
        return line
    return with_tag(line, f"batch={reference}")
