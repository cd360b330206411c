"""TOKEN: IRCv3 draft/authtoken."""

from __future__ import annotations

from ipaddress import ip_network

import pytest

from tertulia import limits
from tertulia.commands.settings import Service
from tertulia.ports import Peer
from tests.support.town import Client, Town

QUOTES = Service("example.org/quotes", "https://quotes.example.org", "Quotes", (ip_network("192.0.2.0/24"),))
OPEN = Service("example.org/open", "https://open.example.org", "Open", (), guests="all")
HOME = Service("example.org/home", "https://home.example.org", "Home", (), guests="local")
SERVICE = Peer("ircs", "192.0.2.7")
STRANGER = Peer("ircs", "198.51.100.7")
CAPS = "batch standard-replies message-tags draft/authtoken"


@pytest.fixture
def town() -> Town:
    return Town(services=(QUOTES, OPEN, HOME))


def ana_of(town: Town, caps: str = CAPS, peer: Peer = STRANGER) -> Client:
    """Ana, with an account."""
    ana = town.join("ana", "#tea", caps=caps, peer=peer)
    ana.say("NS REGISTER longpassword")
    return ana


def made(client: Client, line: str) -> str:
    """The token that a line of TOKEN GENERATE gives."""
    (answer,) = client.say(line)
    head, _, token = answer.partition(" :")
    assert head.startswith(":tertulia.local TOKEN GENERATE"), answer
    return token


def validate(town: Town, key: str, token: str, peer: Peer = SERVICE) -> list[str]:
    """What a service hears, before registration: "The `TOKEN VALIDATE` subcommand MUST be usable before a
    client has completed connection registration"."""
    service = town.connect(peer)
    service.say("CAP REQ :batch")
    return service.say(f"TOKEN VALIDATE {key} :{token}")


def test_the_services_are_listed(town: Town) -> None:
    """ "the server MUST reply with a list of zero or more services inside of a `draft/authtoken` batch. The
    service parameter in the `BATCH` message MUST be set to asterisk (`*`)" """
    ana = town.join("ana", caps="batch")
    first, *lines, last = ana.say("TOKEN SERVICELIST")
    reference = first.split()[2].removeprefix("+")
    assert first.endswith("draft/authtoken *") and last.endswith(f"BATCH -{reference}")
    assert lines[0] == (
        f"@batch={reference} :tertulia.local TOKEN SERVICE "
        "example.org/quotes https://quotes.example.org :Quotes"
    )
    assert len(lines) == 3


def test_a_list_without_services(town: Town) -> None:
    """ "If no services are defined, the server MUST reply with a `NOTE TOKEN NO_SERVICES` message" """
    ana = Town().join("ana", caps="batch")
    (note,) = ana.say("TOKEN SERVICELIST")
    assert note.startswith(":tertulia.local NOTE TOKEN NO_SERVICES :")


def test_the_list_comes_with_the_welcome(town: Town) -> None:
    """ "the output of the `TOKEN SERVICELIST` subcommand MUST be attached to the registration burst any time
    after sending ISUPPORT and before sending any LUSERS or MOTD output" """
    ana = town.connect()
    ana.say("CAP REQ :batch draft/authtoken")
    lines = ana.say("NICK ana", "USER ana 0 * :Ana", "CAP END")
    kinds = [line.split()[1] if not line.startswith("@") else "SERVICE" for line in lines]
    assert max(at for at, kind in enumerate(kinds) if kind == "005") < kinds.index("SERVICE")
    assert kinds.index("SERVICE") < kinds.index("251")
    assert any("draft/AUTHTOKEN" in line for line in lines if " 005 " in line)


def test_a_token_says_who_its_owner_is(town: Town) -> None:
    """ "the server MUST reply with a list of zero or more claims for that token inside of a `draft/authtoken`
    batch with the service key as its parameter" """
    ana = ana_of(town)
    ana.say("JOIN #secret", "MODE #secret +s")
    bob = town.join("bob", "#books")
    ana.say("JOIN #books")
    token = made(ana, "TOKEN GENERATE example.org/quotes #tea")
    first, *lines, last = validate(town, "EXAMPLE.org/Quotes", token)
    assert first.endswith(" draft/authtoken example.org/quotes") and " BATCH -" in last
    assert [line.partition(" TOKEN ")[2] for line in lines] == [
        "CLAIM account :ana",
        "CLAIM name :ana",
        "CLAIM member_of :#tea #books",
        "CLAIM operator_of :#tea",
        "CLAIM scope :#tea",
    ]
    assert bob.nick == "bob"


def test_claims_are_those_of_the_moment_of_use(town: Town) -> None:
    """ "evaluating things such as channel access at the time `TOKEN VERIFY` is sent" """
    ana = ana_of(town)
    token = made(ana, "TOKEN GENERATE example.org/quotes")
    ana.say("PART #tea")
    assert not any("member_of" in line for line in validate(town, QUOTES.key, token))


def test_a_token_is_good_once(town: Town) -> None:
    """ "generated tokens should be single-use" """
    token = made(ana_of(town), "TOKEN GENERATE example.org/quotes")
    assert len(validate(town, QUOTES.key, token)) > 1
    (again,) = validate(town, QUOTES.key, token)
    assert " FAIL TOKEN INVALID_TOKEN :" in again


def test_a_token_is_good_for_ten_minutes(town: Town) -> None:
    """ "have short expiration periods (10-15 minutes)" """
    ana = ana_of(town)
    token, late = (made(ana, "TOKEN GENERATE example.org/quotes") for _ in range(2))
    town.clock.ms += (limits.TOKEN_SECONDS - 1) * 1000
    assert len(validate(town, QUOTES.key, token)) > 1
    town.clock.ms += 2000
    assert " INVALID_TOKEN " in validate(town, QUOTES.key, late)[0]


def test_a_token_is_for_one_service(town: Town) -> None:
    """ "servers MUST reply with `FAIL TOKEN INVALID_TOKEN` instead of producing a list of claims, even if the
    token is otherwise valid"; and it stays good for its own"""
    other = Service("example.org/other", "https://other.example.org", "", (ip_network("192.0.2.0/24"),))
    town = Town(services=(QUOTES, other))
    token = made(ana_of(town), "TOKEN GENERATE example.org/quotes")
    assert " INVALID_TOKEN " in validate(town, other.key, token)[0]
    assert len(validate(town, QUOTES.key, token)) > 1


def test_a_token_dies_with_the_login(town: Town) -> None:
    ana = ana_of(town)
    token = made(ana, "TOKEN GENERATE example.org/quotes")
    ana.say("NS LOGOUT")
    assert " INVALID_TOKEN " in validate(town, QUOTES.key, token)[0]


def test_who_may_validate(town: Town) -> None:
    """ "the server MUST fail the request with a `FAIL TOKEN NO_PERMISSIONS <service>` message" """
    token = made(ana_of(town), "TOKEN GENERATE example.org/quotes")
    (refused,) = validate(town, QUOTES.key, token, STRANGER)
    assert " FAIL TOKEN NO_PERMISSIONS example.org/quotes :" in refused
    assert len(validate(town, QUOTES.key, token)) > 1


@pytest.mark.parametrize(
    ("key", "peer", "given"),
    [
        (QUOTES.key, STRANGER, False),
        (HOME.key, STRANGER, False),
        (HOME.key, Peer("irc", "127.0.0.1", local=True), True),
        (OPEN.key, STRANGER, True),
    ],
)
def test_guests(town: Town, key: str, peer: Peer, given: bool) -> None:
    guest = town.join("gus", caps=CAPS, peer=peer)
    (answer,) = guest.say(f"TOKEN GENERATE {key}")
    assert (" TOKEN GENERATE " in answer) is given
    assert (" FAIL TOKEN ACCOUNT_REQUIRED :" in answer) is not given


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("TOKEN BREW", "FAIL TOKEN UNKNOWN_COMMAND BREW :"),
        ("TOKEN GENERATE nothing", "FAIL TOKEN UNKNOWN_SERVICE nothing :"),
        ("TOKEN GENERATE", "FAIL TOKEN UNKNOWN_SERVICE * :"),
        ("TOKEN GENERATE example.org/quotes #nowhere", "FAIL TOKEN INVALID_SCOPE #nowhere :"),
        ("TOKEN GENERATE example.org/quotes #books", "FAIL TOKEN NO_PERMISSIONS #books :"),
        ("TOKEN VALIDATE example.org/quotes", "FAIL TOKEN INVALID_TOKEN :"),
        ("TOKEN", "461 ana TOKEN :"),
    ],
)
def test_refusals(town: Town, line: str, expected: str) -> None:
    town.join("bob", "#books")
    (answer,) = ana_of(town).say(line)
    assert answer.startswith(f":tertulia.local {expected}")


def test_batch_is_needed(town: Town) -> None:
    """ "`batch` ... MUST be negotiated to use the `TOKEN` command" """
    (answer,) = town.join("ana").say("TOKEN SERVICELIST")
    assert answer.startswith(":tertulia.local FAIL TOKEN NEED_CAPABILITY batch :")


def test_a_token_in_several_lines(town: Town) -> None:
    """ "The reply to a batched `TOKEN VALIDATE` command is equivalent to that of a non-batched" """
    token = made(ana_of(town), "TOKEN GENERATE example.org/quotes")
    service = town.connect(SERVICE)
    service.say("CAP REQ :batch draft/authtoken")
    lines = service.say(
        "BATCH +a draft/authtoken example.org/quotes",
        f"@batch=a TOKEN VALIDATE :{token[:10]}",
        f"@batch=a TOKEN VALIDATE :{token[10:]}",
        "BATCH -a",
    )
    assert any("CLAIM account :ana" in line for line in lines)


def test_a_batch_of_something_else(town: Town) -> None:
    """ "A client-initiated `draft/authtoken` batch MUST contain only `TOKEN VALIDATE` commands" """
    ana = ana_of(town)
    lines = ana.say("BATCH +a draft/authtoken example.org/quotes", "@batch=a PRIVMSG #tea :hola", "BATCH -a")
    assert [line.split(" :")[0] for line in lines] == [":tertulia.local FAIL TOKEN INVALID_TOKEN"]


def test_so_many_tokens_wait_at_once(town: Town) -> None:
    ana = ana_of(town)
    tokens = [made(ana, "TOKEN GENERATE example.org/quotes") for _ in range(limits.TOKENS_PER_OWNER + 1)]
    assert " INVALID_TOKEN " in validate(town, QUOTES.key, tokens[0])[0]
    assert len(validate(town, QUOTES.key, tokens[1])) > 1
