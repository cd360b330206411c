"""What hostile people and models say is text, however it looks; and nobody else is asked for anything."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.cli.process import Server
from tests.web.provider import Provider
from tests.web.visitor import Visit, Visitor

pytestmark = pytest.mark.slow
ATTACKS = (
    "<script>window.hacked=1</script>",
    "<img src=x onerror=window.hacked=2>",
    "[click](javascript:window.hacked=3)",
    "[data](data:text/html,<script>window.hacked=4</script>)",
    "![picture](http://127.0.0.1:9/track.png)",
    "<svg onload=window.hacked=5><style>body{display:none}</style>",
    '<a href="https://example.invalid" onclick="window.hacked=6">x</a>',
    "<iframe srcdoc='<script>parent.hacked=7</script>'></iframe>",
    "$\\href{javascript:window.hacked=8}{x}$ $\\includegraphics{http://127.0.0.1:9/a.png}$",
    "https://example.invalid/a?b=<script>window.hacked=9</script>",
)
DANGEROUS = (
    "script:not([src]), iframe, object, embed, style, svg [onload], [onerror], [onclick], form[action]"
)


def harmless(one: Visitor) -> None:
    assert one.measure("window.hacked") is None
    assert one.page.locator(".log").locator(DANGEROUS).count() == 0
    links: list[str] = one.page.locator(".log a").evaluate_all("(all) => all.map((a) => a.href)")
    assert all(link.startswith(("http:", "https:", "irc", "mailto:")) for link in links), links
    assert one.page.locator(".log a[href]:not([rel~=noreferrer])").count() == 0


def strangers(one: Visitor) -> list[str]:
    asked: list[str] = []
    one.page.on("request", lambda request: asked.append(request.url))
    return asked


def test_what_people_say(server: Server, visit: Visit, socket_client) -> None:
    bad = socket_client("malo", "#trampa")
    ana = visit(server).enter("ana20", "#trampa")
    asked = strangers(ana)
    bad.say(*(f"PRIVMSG #trampa :{attack}" for attack in ATTACKS), "TOPIC #trampa :<b onclick=x>tema</b>")
    bad.say("PRIVMSG #trampa :\x0304,01\x02rojo\x0f y llano", "PRIVMSG #trampa :fin \u202eoinretsim")
    ana.sees("fin")
    expect(ana.sees("<script>window.hacked=1</script>")).to_be_visible()
    expect(ana.page.locator(".room-head .topic")).to_have_text("<b onclick=x>tema</b>")
    assert "\x03" not in (ana.log.text_content() or "") and "\x02" not in (ana.log.text_content() or "")
    harmless(ana)
    assert [url for url in asked if not url.startswith(ana.address)] == []


def test_what_models_say(server: Server, visit: Visit, provider: Provider) -> None:
    ana = visit(server).enter("ana21", "#trampa2")
    ana.say("/invite rita")
    expect(ana.page.locator(".members")).to_contain_text("rita")
    asked = strangers(ana)
    ana.say("rita: dime algo malo")
    answer = provider.next("dime algo malo")
    for attack in ATTACKS:
        for at in range(0, len(attack), 7):
            answer.say(attack[at : at + 7])
        answer.say("\n\n")
    answer.say("fin de la trampa")
    answer.end()
    ana.sees("fin de la trampa")
    harmless(ana)
    assert [url for url in asked if not url.startswith(ana.address)] == []
