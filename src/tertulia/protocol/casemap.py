"""Folding of names: two names that fold alike are the same name.

ISUPPORT says CASEMAPPING=ascii: clients fold A-Z. The server folds more (the accents of Latin letters in both
cases), which a client cannot notice except by being told that a nick is taken.
"""

from __future__ import annotations

import unicodedata


def fold(name: str) -> str:
    """The key under which a nick or a room is kept. Folding a key again changes nothing: events name rooms
    by it.

    Folded in decomposed form and composed at the end (Unicode, "Caseless Matching", D145): case folding can
    leave a letter and a mark which compose, and the key would then depend on how often it was folded.
    """
    if name.isascii():
        return name.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", name).casefold())
