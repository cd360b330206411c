"""Extended bans and durations: how they are written, whatever people type."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tertulia.protocol import durations, extbans, rates
from tertulia.protocol.names import complete_mask

MASKS = st.text("~!amrjcz:*?@#+bqute", max_size=20)


@pytest.mark.parametrize(
    ("mask", "complete"),
    [
        ("~a:ana", "~a:ana"), ("account:ana", "~a:ana"), ("~A:", "~a:*"), ("~!a:*", "~!a:*"),
        ("m:ana", "~m:ana!*@*"), ("~q:*!*@h", "~m:*!*@h"), ("mute:", "~m:*!*@*"), ("~m:~a:ana", "~m:~a:ana"),
        ("~m:m:ana", "~m:ana!*@*"), ("~m:r:*spam*", "~m:~r:*spam*"), ("c:#room", "~j:#room"),
        ("~j:@#room", "~j:@#room"), ("z:x", "~z:*"), ("!z:", "~!z:*"), ("realname:a?b", "~r:a?b"),
        ("x:ana", "x:ana!*@*"), ("~m", "~m!*@*"), ("*!*@a:b", "*!*@a:b"), ("!m:ana", "*!m:ana@*"),
    ],
)  # fmt: skip
def test_how_masks_are_kept(mask: str, complete: str) -> None:
    """account-extban: "the name, without any prefix, of the account extban ... `~a:<account>`"."""
    assert complete_mask(mask) == complete
    assert complete_mask(complete) == complete


@given(MASKS)
def test_any_mask_is_kept_as_something_that_is_kept_as_itself(mask: str) -> None:
    once = complete_mask(mask)
    assert complete_mask(once) == once
    found = extbans.read(once)
    if found is not None:
        assert extbans.written(found) == once and once[0] == extbans.PREFIX


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90", 90), ("30m", 1800), ("1h30m", 5400), ("2D", 172_800), ("1w", 604_800), ("0", None), ("0s", None),
     ("", None), ("spam", None), ("-5", None), ("5x", None), ("1m!", None)],
)  # fmt: skip
def test_durations(text: str, seconds: int | None) -> None:
    assert durations.seconds(text) == seconds


@given(st.integers(1, 10**8))
def test_durations_are_read_as_they_are_written(total: int) -> None:
    assert durations.seconds(durations.written(total)) == total


@given(st.sampled_from(["", "*", "~"]), st.integers(-5, 2_000), st.integers(-5, 5_000))
def test_rates(action: str, times: int, seconds: int) -> None:
    right = 0 < times <= 1_000 and 0 < seconds <= 3_600
    assert rates.read(f"{action}{times}:{seconds}") == ((action, times, seconds) if right else None)
