"""The plain door's mind, by tables: what is typed becomes lines, what the server says becomes words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tertulia.limits import PLAIN_MESSAGE_BYTES, PLAIN_NAMES_SHOWN, PLAIN_WAITING_LINES
from tertulia.protocol.line import parse
from tertulia.transports.plain_core import Action, Phase, PlainCore, PlainSettings, Send

TO_BEGIN_WITH_A_SLASH = "/help says what there is. To begin a sentence with /, write //."


def words(actions: list[Action]) -> list[str]:
    """What is sent with "> " before it, what is shown as it is."""
    return [f"> {action.line}" if isinstance(action, Send) else action.text for action in actions]


def entered(language: str = "en", room: str = "#tertulia") -> PlainCore:
    """Ana, in the first room."""
    core = PlainCore(PlainSettings(room=room, language=language))
    core.typed("ana")
    core.heard(parse(":s 001 ana :Hi"))
    core.heard(parse(f":ana!a@h JOIN {room}"))
    return core


def test_the_way_in() -> None:
    core = PlainCore(PlainSettings())
    assert words(core.greet()) == [
        "* Hola. Esto es Tertulia. / Hello. This is Tertulia.",
        "¿Cómo te llamas? / What is your name?",
    ]
    assert words(core.typed("ana")) == ["> NICK ana", "> USER plain 0 * :ana"]
    assert words(core.heard(parse(":s 001 ana :Hi")))[-1] == "> JOIN #tertulia"
    assert words(core.heard(parse(":ana!a@h JOIN #tertulia"))) == ["* Estás en #tertulia."]
    assert words(core.typed("hola a todos")) == ["> PRIVMSG #tertulia :hola a todos"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("hola", ["> PRIVMSG #tertulia :hola"]),
        ("lola: ¿qué es un socket?", ["> PRIVMSG #tertulia :lola: ¿qué es un socket?"]),
        ("!stop", ["> PRIVMSG #tertulia :!stop"]),
        ("//etc", ["> PRIVMSG #tertulia :/etc"]),
        ("   ", []),
        ("/names", ["> NAMES #tertulia"]),
        ("/NAMES #otra", ["> NAMES #otra"]),
        ("/join #otra", ["> JOIN #otra"]),
        ("/join otra llave", ["> JOIN #otra llave"]),
        ("/join #Tertulia", ["* You are in #tertulia."]),
        ("/join", ["* Write /join #room"]),
        ("/part", ["> PART #tertulia"]),
        ("/me sonríe", ["> PRIVMSG #tertulia :\x01ACTION sonríe\x01"]),
        ("/me", ["* Write /me and what you do: /me smiles"]),
        ("/msg lola hola, guapa", ["> PRIVMSG lola :hola, guapa"]),
        ("/msg lola", ["* Write /msg name text"]),
        ("/name eva", ["> NICK eva"]),
        ("/nick", ["* Write /name name"]),
        ("/topic de todo", ["> TOPIC #tertulia :de todo"]),
        ("/topic", ["> TOPIC #tertulia"]),
        ("/rooms", ["> LIST"]),
        ("/lang es", ["* De acuerdo, en español.", "> LANGUAGE es"]),
        ("/lang fr", ["* Write /lang es or /lang en."]),
        ("/pass x", ["* Write /pass password, before your name"]),
        ("/quit", ["> QUIT"]),
        ("/salir hasta mañana", ["> QUIT :hasta mañana"]),
        ("/dance", ["* I do not know /dance. " + TO_BEGIN_WITH_A_SLASH]),
    ],
)
def test_what_is_typed(typed: str, said: list[str]) -> None:
    assert words(entered().typed(typed)) == said


def test_help_is_in_the_language() -> None:
    assert "/msg nombre texto" in "\n".join(words(entered("es").typed("/ayuda")))
    assert "/msg name text" in "\n".join(words(entered("en").typed("/help")))


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("PING :abc", ["> PONG :abc"]),
        (":lola!l@h PRIVMSG #tertulia :hola", ["<lola> hola"]),
        ("@time=2026-01-02T00:00:00.000Z :lola!l@h PRIVMSG #TERTULIA hola", ["<lola> hola"]),
        (":lola!l@h PRIVMSG #otra :hola", ["[#otra] <lola> hola"]),
        (":lola!l@h PRIVMSG ana :hola", ["[lola -> you] hola"]),
        (":lola!l@h PRIVMSG #tertulia :\x01ACTION smiles\x01", ["* lola smiles"]),
        (":lola!l@h PRIVMSG ana :\x01ACTION smiles\x01", ["[lola -> you] * lola smiles"]),
        (":lola!l@h PRIVMSG ana :\x01VERSION\x01", []),
        (":lola!l@h NOTICE #tertulia :thinking", ["-lola- thinking"]),
        (":s NOTICE * :welcome", ["* welcome"]),
        (":lola!l@h JOIN #tertulia", ["* lola comes in"]),
        (":lola!l@h JOIN #otra", ["[#otra] * lola comes in"]),
        (":lola!l@h PART #tertulia :bye", ["* lola leaves (bye)"]),
        (":lola!l@h PART #tertulia", ["* lola leaves"]),
        (":lola!l@h QUIT :Connection closed", ["* lola is gone (Connection closed)"]),
        (":op!o@h KICK #tertulia lola :noise", ["* op puts lola out (noise)"]),
        (":op!o@h KICK #tertulia ana :noise", ["* op puts you out of #tertulia (noise)"]),
        (":lola!l@h NICK eva", ["* lola is now called eva"]),
        (":ana!a@h NICK eva", ["* You are now called eva."]),
        (":lola!l@h TOPIC #tertulia :de todo", ["* lola sets the topic: de todo"]),
        (":lola!l@h TOPIC #tertulia :", ["* lola clears the topic"]),
        (":op!o@h MODE #tertulia +m", ["* op changes #tertulia: +m"]),
        (":ana MODE ana +i", []),
        (":lola!l@h INVITE ana #otra", ["* lola invites you to #otra: /join #otra"]),
        (":s 332 ana #tertulia :de todo", ["* Topic of #tertulia: de todo"]),
        (":s 331 ana #tertulia :No topic", ["* #tertulia has no topic."]),
        (":s 322 ana #otra 3 :cosas", ["* #otra (3) cosas"]),
        (":s 301 ana lola :at lunch", ["* lola is away: at lunch"]),
        (":s 372 ana :- Welcome", ["* - Welcome"]),
        (":s 401 ana eva :No such nick", ["* Nobody here is called eva."]),
        (":s 404 ana #tertulia :Cannot send", ["* You cannot speak in #tertulia."]),
        (":s 433 ana lola :In use", ["* Somebody is called lola already."]),
        (":s 475 ana #otra :Cannot join", ["* #otra asks for a key: /join #otra key"]),
        (":s 482 ana #tertulia :Not op", ["* Only those who moderate #tertulia do that."]),
        (":s 499 ana :Something new", ["* That did not work: Something new"]),
        (":s 422 ana :No MOTD", []),
        (":s 005 ana NETWORK=T :are supported", []),
        ("FAIL PRIVMSG STORE_FULL :The disk is full", ["* The disk is full"]),
        (":s BATCH +x soup", []),
        ("ERROR :Closing", ["* The server closes: Closing"]),
        (":lola!l@h PRIVMSG", []),
        ("", []),
    ],
)
def test_what_is_heard(line: str, shown: list[str]) -> None:
    assert words(entered().heard(parse(line))) == shown


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        (":lola!l@h JOIN #tertulia", ["* lola entra"]),
        (":lola!l@h QUIT", ["* lola se va"]),
        (":lola!l@h PRIVMSG ana :hola", ["[lola -> tú] hola"]),
        (":s 475 ana #otra :Cannot join", ["* #otra pide una clave: /join #otra clave"]),
    ],
)
def test_in_spanish(line: str, shown: list[str]) -> None:
    assert words(entered("es").heard(parse(line))) == shown


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("Ana María", "* ¿Quizá Ana_María? / Perhaps Ana_María?"),
        ("7enanos", None),
        ("#sala", "* ¿Quizá sala? / Perhaps sala?"),
        ("x" * 33, "* ¿Quizá " + "x" * 32 + "? / Perhaps " + "x" * 32 + "?"),
    ],
)
def test_bad_names_are_explained_and_asked_again(name: str, advice: str | None) -> None:
    core = PlainCore(PlainSettings())
    said = words(core.typed(name))
    assert said[0].startswith("* Ese nombre no vale") and said[-1].startswith("¿Cómo te llamas?")
    assert (said[1] == advice) if advice else len(said) == 2
    assert core.phase is Phase.ASKING


def test_a_taken_name_is_asked_again() -> None:
    core = PlainCore(PlainSettings())
    core.typed("ana")
    core.typed("this was for the room")
    assert words(core.heard(parse(":s 433 * ana :In use"))) == [
        "* Ya hay alguien que se llama ana. / Somebody is called ana already.",
        "¿Cómo te llamas? / What is your name?",
    ]
    assert words(core.typed("eva")) == ["> NICK eva"]
    core.heard(parse(":s 001 eva :Hi"))
    assert words(core.heard(parse(":eva!e@h JOIN #tertulia"))) == ["* Estás en #tertulia."]


def test_a_name_of_accents_is_composed() -> None:
    core = PlainCore(PlainSettings())
    assert words(core.typed("Jose\u0301"))[0] == "> NICK José"


def test_english_can_be_asked_for_first() -> None:
    core = PlainCore(PlainSettings())
    assert words(core.typed("/lang en")) == [
        "* All right, in English.",
        "What is your name?",
        "> LANGUAGE en",
    ]
    core.typed("ana")
    assert words(core.heard(parse(":s 001 ana :Hi")))[0].startswith("* Hello, ana.")


def test_a_password_goes_first() -> None:
    core = PlainCore(PlainSettings())
    assert words(core.typed("/pass two words"))[0] == "> PASS :two words"
    core.typed("ana")
    assert "/pass" in words(core.heard(parse(":s 464 * :Password incorrect")))[0]


def test_what_is_typed_on_the_way_in_waits() -> None:
    core = PlainCore(PlainSettings())
    core.typed("ana")
    assert core.typed("hola") == [] and core.typed("/me saluda") == []
    core.heard(parse(":s 001 ana :Hi"))
    assert words(core.heard(parse(":ana!a@h JOIN #tertulia")))[1:] == [
        "> PRIVMSG #tertulia :hola",
        "> PRIVMSG #tertulia :\x01ACTION saluda\x01",
    ]


def test_waiting_is_bounded() -> None:
    core = PlainCore(PlainSettings())
    core.typed("ana")
    refused = [core.typed("hola") for _ in range(PLAIN_WAITING_LINES + 1)][-1]
    assert words(refused) == ["* Espera: todavía no has entrado. / Wait: you are not in yet."]


def test_a_pipe_that_ends_is_said_to_its_end() -> None:
    core = PlainCore(PlainSettings())
    core.typed("ana")
    core.typed("hola")
    assert core.ended() == []
    core.heard(parse(":s 001 ana :Hi"))
    assert words(core.heard(parse(":ana!a@h JOIN #tertulia")))[1:] == ["> PRIVMSG #tertulia :hola", "> QUIT"]
    assert words(core.heard(parse("ERROR :Closing link"))) == ["* Hasta luego."]


def test_a_pipe_that_ends_with_a_refused_name() -> None:
    core = PlainCore(PlainSettings())
    core.typed("ana")
    core.ended()
    assert words(core.heard(parse(":s 433 * ana :In use")))[-1] == "> QUIT"


def test_a_pipe_that_ends_without_a_name() -> None:
    assert words(PlainCore(PlainSettings()).ended()) == ["> QUIT"]


def test_a_first_room_that_is_refused() -> None:
    core = PlainCore(PlainSettings(language="en"))
    core.typed("ana")
    core.typed("hola")
    core.heard(parse(":s 001 ana :Hi"))
    assert words(core.heard(parse(":s 474 ana #tertulia :Banned"))) == [
        "* You are not let into #tertulia.",
        "* You are in no room: /join #tertulia",
    ]


def test_the_room_joined_last_is_spoken_to() -> None:
    core = entered()
    core.heard(parse(":ana!a@h JOIN #otra"))
    assert words(core.typed("hola")) == ["> PRIVMSG #otra :hola"]
    assert words(core.heard(parse(":lola!l@h PRIVMSG #tertulia :hola"))) == ["[#tertulia] <lola> hola"]
    assert words(core.typed("/join #tertulia")) == ["* You are in #tertulia."]
    assert words(core.typed("hola")) == ["> PRIVMSG #tertulia :hola"]
    assert words(core.heard(parse(":ana!a@h PART #tertulia"))) == ["* You have left #tertulia."]
    assert words(core.typed("hola")) == ["> PRIVMSG #otra :hola"]
    core.heard(parse(":ana!a@h PART #otra"))
    for typed in ("hola", "/me x", "/names", "/part", "/topic"):
        assert words(core.typed(typed)) == ["* You are in no room: /join #tertulia"]


def test_what_follows_a_join_is_for_the_new_room() -> None:
    core = entered()
    assert words(core.typed("/join #otra")) == ["> JOIN #otra"]
    assert core.typed("hola") == [] and core.typed("/quit") == []
    assert words(core.heard(parse(":ana!a@h JOIN #otra"))) == [
        "* You are in #otra.",
        "> PRIVMSG #otra :hola",
        "> QUIT",
    ]


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        (":s 471 ana #otra :Full", "* #otra is full."),
        (":s 499 ana #otra :Something new", "* That did not work: Something new"),
        ("FAIL JOIN SOMETHING #otra :Not today", "* Not today"),
    ],
)
def test_a_refused_join_stays_where_one_is(answer: str, shown: str) -> None:
    core = entered()
    core.typed("/join #otra")
    core.typed("hola")
    assert words(core.heard(parse(answer))) == [shown, "> PRIVMSG #tertulia :hola"]


def test_names_are_gathered_and_bounded() -> None:
    core = entered()
    assert core.heard(parse(":s 353 ana = #tertulia :@lola +eva ana")) == []
    assert words(core.heard(parse(":s 366 ana #tertulia :End"))) == ["* In #tertulia: lola, eva, ana"]
    many = " ".join(f"n{number}" for number in range(70))
    for _ in range(2):
        core.heard(parse(f":s 353 ana = #tertulia :{many}"))
    (said,) = words(core.heard(parse(":s 366 ana #tertulia :End")))
    assert said.count(",") == PLAIN_NAMES_SHOWN - 1 and said.endswith("and 40 more")
    assert core.heard(parse(":s 366 ana #tertulia :End")) == []


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=3000))
def test_long_lines_are_cut_and_nothing_is_lost(text: str) -> None:
    """Long lines are several messages, cut between words."""
    said = words(entered().typed(f"a{text}"))
    texts = [line.removeprefix("> PRIVMSG #tertulia :") for line in said]
    assert all(len(piece.encode()) <= PLAIN_MESSAGE_BYTES for piece in texts)
    assert "".join("".join(texts).split()) == "".join(f"a{text}".split())


@given(st.lists(st.tuples(st.booleans(), st.text(max_size=40)), max_size=20))
def test_nothing_makes_it_fall(talk: list[tuple[bool, str]]) -> None:
    core = entered()
    for is_typed, text in talk:
        actions = core.typed(text) if is_typed else core.heard(parse(text))
        assert all("\n" not in action.line for action in actions if isinstance(action, Send)) or "\n" in text
