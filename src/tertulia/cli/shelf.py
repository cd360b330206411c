"""The files that members handed in, for the models' tool: `models.tools.toolbox.Shelf` on the desk of files.

What belongs here: finding one by its link. What must not: who may read it (`models.tools.files` asks whether
it was said).
"""

from __future__ import annotations

import re
from typing import Final

from tertulia.models.tools.toolbox import Filed
from tertulia.ports import FileRefused
from tertulia.server.files import FileDesk

_PARTS: Final = re.compile(r"[/?#]")


class DeskShelf:
    def __init__(self, desk: FileDesk | None) -> None:
        """None: this server takes no files."""
        self._desk = desk

    def find(self, link: str) -> Filed | None:
        """The key is a part of the link; the rest of it is not trusted, and never fetched."""
        if self._desk is None:
            return None
        for key in reversed(_PARTS.split(link)):
            try:
                record, path = self._desk.find(key)
            except (FileRefused, ValueError):
                continue
            return Filed(record.key, record.name, record.type, path, record.account or "")
        return None
