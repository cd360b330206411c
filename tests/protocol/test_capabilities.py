"""Capabilities: a table of bits, and the arithmetic of CAP REQ."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tertulia.limits import LINE_BYTES
from tertulia.protocol import capabilities as cap

NAMES = [row.name for row in cap.CAPABILITIES]
ITEMS = st.lists(st.tuples(st.sampled_from(["", "-"]), st.sampled_from(NAMES)), max_size=8)


def test_the_table_is_one() -> None:
    assert len({row.bit for row in cap.CAPABILITIES}) == len(set(NAMES)) == len(cap.CAPABILITIES)
    assert all(row.bit.bit_count() == 1 for row in cap.CAPABILITIES)
    assert all(row.specification.endswith(".md") or "://" in row.specification for row in cap.CAPABILITIES)
    assert cap.names(-1) == NAMES
    assert cap.names(0) == []


def test_what_is_offered() -> None:
    """ "If a client has not indicated support for `CAP LS 302` features, the server MUST NOT send these new
    features".
    """
    assert cap.offered(301) == [name for name in NAMES if name not in cap.LATER]
    assert len(" ".join(cap.offered(301)).encode()) < LINE_BYTES - 112  # one line, with its longest head
    valued = [item for item in cap.offered(302) if "=" in item]
    assert {item.partition("=")[0] for item in valued} == {row.name for row in cap.CAPABILITIES if row.value}
    assert "batch" not in cap.offered(302, hidden=["batch"])
    assert all(len(item) < LINE_BYTES // 4 for item in cap.offered(302))


@pytest.mark.parametrize(
    ("bits", "wanted", "result"),
    [
        (0, "batch", cap.BATCH),
        (0, "batch message-tags", cap.BATCH | cap.MESSAGE_TAGS),
        (cap.BATCH, "-batch", 0),
        (
            cap.BATCH,
            "batch",
            cap.BATCH,
        ),  # "already enabled ... as though handling this capability was successful"
        (0, "-batch", 0),
        (0, "batch nothing", None),  # "accepted as a whole, or rejected entirely"
        (cap.BATCH, "-batch --batch", None),
        (0, "", 0),
        (0, "batch ", cap.BATCH),  # "MUST ignore any trailing whitespace"
        (0, "batch=x", None),
    ],
)
def test_requests(bits: int, wanted: str, result: int | None) -> None:
    assert cap.request(bits, wanted) == result


@given(ITEMS, st.integers(0, (1 << 20) - 1))
def test_the_last_of_a_name_decides(items: list[tuple[str, str]], bits: int) -> None:
    """ "MUST be parsed and processed from left to right"."""
    asked = cap.request(bits, " ".join(sign + name for sign, name in items))
    assert asked is not None
    for name, sign in {name: sign for sign, name in items}.items():
        assert bool(asked & cap.BY_NAME[name].bit) is (sign == "")
    untouched = ~sum({cap.BY_NAME[name].bit for _, name in items})
    assert asked & untouched == bits & untouched
