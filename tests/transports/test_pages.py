"""The landing page: both languages, and nothing in it but text."""

from __future__ import annotations

from tertulia.transports.pages import PAGE_STYLE, landing_page


def test_what_is_given_is_text() -> None:
    page = landing_page("<b>x", "#<b>", ["irc://<b>"])
    assert "<b>" not in page and page.count("irc://&lt;b&gt;") == 2


def test_both_languages_are_marked() -> None:
    page = landing_page("Tertulia", "#tertulia", [])
    assert '<html lang="es">' in page and '<section lang="en">' in page
    assert "<ul>" not in page


def test_nothing_is_loaded() -> None:
    page = landing_page("Tertulia", "#tertulia", [])
    assert PAGE_STYLE in page
    assert not any(word in page for word in ("src=", "href=", "@import", "url("))
