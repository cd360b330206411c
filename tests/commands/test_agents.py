"""Agents: what their token lets them do, over plain IRC (docs/agents.md)."""

from __future__ import annotations

import pytest

from tertulia.commands.registry import COMMANDS
from tertulia.policy.agents import NEEDED
from tests.support.accounts import account, encoded, plain
from tests.support.agents import CAPS, ask, come, let_in
from tests.support.reading import all_of, has, texts, the
from tests.support.town import Client, Town


def test_an_agent_comes_in_with_its_name_and_token(town: Town) -> None:
    agent = come(town, let_in(town), "Scout", "#tea")
    user = town.network.user("Scout")
    assert user is not None and user.bot and user.account == "Scout"
    assert [room.name for room in user.rooms] == ["#tea"]
    bea = town.join("bea", "#tea", caps="message-tags")
    agent.say("PRIVMSG #tea :hello")
    heard = the(bea.take(), "PRIVMSG")
    assert heard.tags is not None and "bot" in heard.tags and heard.tags["tertulia.chat/hops"] == "1"


def test_whois_says_who_answers_for_it(town: Town) -> None:
    come(town, let_in(town))
    bea = town.join("bea")
    assert the(bea.say("WHOIS scout"), "320").params[-1] == "is an agent, and answers to Ana"


@pytest.mark.parametrize("given", ["wrong", "tta.Scout." + "A" * 43, "tta.Other." + "A" * 43])
def test_another_token_opens_nothing(town: Town, given: str) -> None:
    let_in(town)
    client = town.connect()
    client.say("CAP LS 302", "CAP REQ :sasl", "AUTHENTICATE PLAIN")
    assert has(client.say(f"AUTHENTICATE {plain('Scout', given)}"), "904")


def refusal(town: Town, token: str) -> str:
    client = town.connect()
    client.say("CAP LS 302", "CAP REQ :sasl", "AUTHENTICATE PLAIN")
    return the(client.say(f"AUTHENTICATE {encoded(f'{chr(0)}Scout{chr(0)}{token}')}"), "904").params[-1]


def test_a_token_ends(town: Town) -> None:
    token = let_in(town, expires="1h")
    agent = come(town, token, "Scout", "#tea")
    for _ in range(61):
        agent.say("PING x")
        town.scheduler.advance(60)
    agent.take()
    assert agent.wire.closed and town.network.user("scout") is None
    assert "too old" in refusal(town, token)


def test_a_revoked_token_ends_at_once(town: Town) -> None:
    token = let_in(town)
    agent = come(town, token, "Scout", "#tea")
    assert ask(town, "agents.revoke", name="scout") == {"text": "Scout is out"}
    assert agent.wire.closed and "wrong" in refusal(town, token)


def test_a_new_token_ends_the_old_one(town: Town) -> None:
    token = let_in(town)
    agent = come(town, token)
    new = ask(town, "agents.rotate", name="scout")["token"]
    assert agent.wire.closed and "wrong" in refusal(town, token)
    assert not come(town, new).wire.closed


def test_nobody_answers_for_an_agent_whose_owner_is_gone(town: Town) -> None:
    token = let_in(town)
    agent = come(town, token)
    ask(town, "accounts.drop", key="ana", name="Ana")
    town.scheduler.advance(60)
    assert agent.wire.closed and "answers for this agent" in refusal(town, token)


def test_its_rooms_are_those_of_the_token(town: Town) -> None:
    bea = town.join("bea", "#tea", "#ale")
    bea.say("MODE #ale -n")
    agent = come(town, let_in(town), "Scout", "#tea")
    for line in ("JOIN #ale", "PRIVMSG #ale :hi", "PRIVMSG @#ale :hi", "BATCH +a tertulia.chat/stream #ale"):
        assert the(agent.say(line), "752").params[1] == "#ale"
    assert not texts(bea.take())


RIGHT_OF = {
    "JOIN #tea": "read", "CHATHISTORY LATEST #tea * 5": "read", "INBOX CLAIM 5": "read",
    "PRIVMSG #tea :hi": "say", "TAGMSG #tea": "say", "BATCH +a draft/multiline #tea": "say",
    "BATCH +a tertulia.chat/stream #tea": "stream", "SEARCH text=hi": "search", "NAMES #tea": "members",
    "WHOIS bea": "members", "PRIVMSG bea :psst": "private",
}  # fmt: skip


@pytest.mark.parametrize(("line", "right"), RIGHT_OF.items())
def test_each_right_can_be_missing(town: Town, line: str, right: str) -> None:
    town.join("bea", "#tea")
    rights = [one for one in ("read", "say", "stream", "search", "members", "private") if one != right]
    agent = come(town, let_in(town, rights=rights), "Scout", "#tea")
    assert the(agent.say(line), "751").params[1] == right


@pytest.mark.parametrize("line", RIGHT_OF)
def test_with_its_right_it_goes(town: Town, line: str) -> None:
    town.join("bea", "#tea")
    agent = come(town, let_in(town), "Scout", "#tea")
    assert not all_of(agent.say(line), "751", "752", "753")


@pytest.mark.parametrize(
    "line",
    ["MODE scout -B", "TOPIC #tea :mine", "KICK #tea bea", "OPER a b", "INVITE bea #tea", "NICK other",
     "PRIVMSG NickServ :HELP", "REGISTER * * pass", "METADATA * LIST", "TOKEN GENERATE filehost"],
)  # fmt: skip
def test_what_agents_never_do(town: Town, line: str) -> None:
    town.join("bea", "#tea")
    agent = come(town, let_in(town, "Scout"), "Scout", "#tea")
    heard = agent.say(line)
    assert has(heard, "753") or has(heard, "421")


def test_every_command_in_the_table_exists() -> None:
    assert NEEDED.keys() <= COMMANDS.keys()


def test_who_may_not_read_speaks_from_outside(town: Town) -> None:
    bea = town.join("bea", "#tea")
    agent = come(town, let_in(town, rights=["say"]))
    agent.say("PRIVMSG #tea :the build is broken")
    assert texts(bea.take()) == ["the build is broken"]
    bea.say("MODE #tea +b Scout!*@*")
    assert has(agent.say("PRIVMSG #tea :again"), "404")


def test_without_members_it_is_told_of_itself_alone(town: Town) -> None:
    town.join("bea", "#tea")
    agent = town.connect()
    token = let_in(town, rights=["read"])
    agent.say("CAP LS 302", "CAP REQ :sasl", "AUTHENTICATE PLAIN", f"AUTHENTICATE {plain('Scout', token)}")
    agent.say("NICK Scout", "USER s 0 * :s", "CAP END")
    assert the(agent.say("JOIN #tea"), "353").params[-1] == "Scout"


def test_a_guest_does_not_become_an_agent(town: Town) -> None:
    token = let_in(town)
    bea = town.join("bea", "#ale", caps="sasl")
    heard = bea.say("AUTHENTICATE PLAIN", f"AUTHENTICATE {plain('Scout', token)}")
    assert "before it enters" in the(heard, "904").params[-1]


def test_flood_limits_hold(town: Town) -> None:
    from tertulia.commands.settings import Bounds

    flooded = Town(bounds=Bounds())
    agent: Client = come(flooded, let_in(flooded), "Scout", "#tea", caps=CAPS)
    agent.send(*(f"PRIVMSG #tea :{number}" for number in range(2000)))
    flooded.run()
    assert agent.wire.closed


def test_an_account_of_that_name_is_not_taken_over(town: Town) -> None:
    account(town, "Eva")
    account(town, "Ana")
    found = ask(town, "agents.add", name="Eva", owner="Ana", rooms=["#tea"], expires="1d")
    assert "taken" in found["error"]
