"""What models say: it grows before one's eyes, can be stopped, and is shown as it was meant."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.cli.process import Server
from tests.web.provider import Provider
from tests.web.visitor import Visit, eventually

pytestmark = pytest.mark.slow


def test_an_answer_grows_and_the_stop_button_stops_it(
    server: Server, visit: Visit, provider: Provider
) -> None:
    ana, eva = visit(server).enter("ana9", "#parar"), visit(server).enter("eva9", "#parar")
    ana.say("rita: cuenta hasta cien")
    answer = provider.next("cuenta hasta cien")
    answer.say("uno, ")
    row = ana.sees("uno,")
    eva.sees("uno,")
    answer.say("dos, ")
    answer.say("tres, ")
    expect(ana.sees("uno, dos, tres,")).to_be_visible()
    expect(eva.page.get_by_role("button", name="Stop rita")).to_have_count(0)  # it was not eva who asked
    stop = ana.page.locator(".composer").get_by_role("button", name="Stop", exact=True)
    expect(stop).to_be_visible()
    stop.click()
    expect(row).to_contain_text("Stopped")
    expect(eva.sees("uno, dos, tres,")).to_contain_text("Stopped")
    answer.say("cuatro")  # nobody hears it any more
    expect(ana.page.locator(".composer").get_by_role("button", name="Send")).to_be_visible()
    ana.say("gracias")
    eva.sees("gracias")
    expect(eva.message("cuatro")).to_have_count(0)


def test_whoever_asked_takes_back_an_answer_that_grows(
    server: Server, visit: Visit, provider: Provider
) -> None:
    ana, eva = visit(server).enter("ana13", "#retirar"), visit(server).enter("eva13", "#retirar")
    eva.say("rita: cuenta otra vez")
    answer = provider.next("cuenta otra vez")
    answer.say("una mentira, ")
    row = ana.sees("una mentira,")
    eva.page.once("dialog", lambda dialog: dialog.accept())
    eva.act("una mentira,", "Take back")
    expect(ana.sees("eva13 took this message back")).to_be_visible()
    expect(ana.message("una mentira,")).to_have_count(0)
    expect(row).to_have_count(0)

    def hung_up() -> bool:
        answer.say("y otra ")
        return answer.gone.is_set()

    assert eventually(ana.page, hung_up), "the call ends with it"
    expect(ana.message("y otra")).to_have_count(0)


def test_a_whole_answer_tells_where_it_came_from(server: Server, visit: Visit, provider: Provider) -> None:
    ana = visit(server).enter("ana10", "#lector")
    ana.say("rita: ¿y tú quién eres?")
    answer = provider.next("¿y tú quién eres?")
    answer.say("Rita, para ")
    answer.say("servirte.")
    answer.end()
    foot = ana.sees("Rita, para servirte.").locator(".foot")
    expect(foot).to_contain_text("dictated")
    expect(foot).to_contain_text("46 tokens")
    expect(foot).to_contain_text("asked by ana10")
    ana.page.reload()
    ana.inside("#lector")
    expect(ana.sees("Rita, para servirte.").locator(".foot")).to_contain_text("46 tokens")


def test_markdown_code_tables_and_formulas(server: Server, visit: Visit) -> None:
    ana = visit(server, permissions=["clipboard-read", "clipboard-write"]).enter("ana11", "#markdown")
    ana.say("lola: how does one join?")
    row = ana.sees("Three ways to join")
    expect(row.locator("strong", has_text="join")).to_be_visible()
    expect(row.locator("ol li")).to_have_text(["a browser", "irssi"])
    expect(row.locator("table td").first).to_have_text("irc")
    expect(row.locator(".katex").first).to_be_attached()
    expect(row.locator("pre [class*=hljs]").first).to_be_attached()
    row.get_by_role("button", name="Copy", exact=True).click()
    ana.page.wait_for_function("() => navigator.clipboard.readText()")
    copied = ana.measure("navigator.clipboard.readText()")
    assert copied.splitlines()[0] == "import socket" and copied.splitlines()[3].startswith("    talk.send")


def test_a_round_shows_all_answers(server: Server, visit: Visit) -> None:
    ana = visit(server).enter("ana12", "#ronda")
    ana.say("lola: !round what is a socket?")
    ana.sees("one end of a conversation")
    ana.sees("Three ways to join")
    ana.picture("round")
