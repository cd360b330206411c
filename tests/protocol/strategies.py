"""What hypothesis makes lines, tags and names from. What must not be here: tests."""

from __future__ import annotations

from hypothesis import strategies as st

from tertulia.protocol.line import Line

TEXT = st.text(st.characters(exclude_characters="\0\r\n", exclude_categories=["Cs"]), max_size=40)
MIDDLES = TEXT.map(lambda text: text.replace(" ", "_").lstrip(":")).filter(bool)
WORDS = st.from_regex(r"[A-Z]{1,10}|[0-9]{3}", fullmatch=True)
KEYS = st.from_regex(r"\+?([a-z0-9.-]{1,8}/)?[A-Za-z0-9-]{1,10}", fullmatch=True)
VALUES = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
TAGS = st.dictionaries(KEYS, VALUES, max_size=5)
SOURCES = MIDDLES

LINES = st.builds(
    lambda tags, source, command, middles, last: Line(tags or None, source, command, [*middles, *last]),
    TAGS,
    st.none() | SOURCES,
    WORDS,
    st.lists(MIDDLES, max_size=13),
    st.lists(TEXT, max_size=1),
)
