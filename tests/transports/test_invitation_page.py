"""The page that an invitation's link opens."""

from __future__ import annotations

from tertulia.transports.invitation_page import invitation_page, over_page


def test_it_says_where_and_how_in_both_languages() -> None:
    page = invitation_page("Red", "#té", "abc", ["irc://127.0.0.1:6667"])
    assert "Te han invitado" in page and "You are invited" in page
    assert "<code>/join #té abc</code>" in page and "irc://127.0.0.1:6667" in page
    assert 'href="/#join=%23t%C3%A9%2Cabc"' in page
    assert "<script" not in page


def test_what_is_given_is_text() -> None:
    page = invitation_page("<b>", '#<i>"', "<x>", ["<y>"])
    assert not any(tag in page for tag in ("<b>", "<i>", "<x>", "<y>"))
    assert "&lt;b&gt;" in over_page("<b>")


def test_one_that_is_over_says_so() -> None:
    assert "ya no vale" in over_page("Red") and "is over" in over_page("Red")
