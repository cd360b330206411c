"""Streams as they grow, in their three forms: docs/extensions/stream.md, sentence by sentence.

Refusals, errors and ends are in test_streams_ends; how they fail is in test_refusals, how they expire in
test_keepalive, cause and hops in test_hops.
"""

from __future__ import annotations

import pytest

from tertulia.limits import MULTILINE_LINES
from tests.server.speaking import CAPS, OWN, begin, end, history, piece
from tests.support.reading import all_of, has, tag, texts, the
from tests.support.town import Client, Town, commands

# --- as it grows ------------------------------------------------------------------------------------


def test_the_example_of_the_specification(lola: Client, new: Client, old: Client) -> None:
    """ "The joined text is `A socket is one end of a conversation`, a line feed, and `between two
    programs.`" """
    begin(lola, tags="@+reply=1a2b;+draft/reply=1a2b ")
    assert new.say() == [], "hold the opening back until the first line with text is there"
    piece(lola, "A socket is one end")
    opening, line = all_of(new.say(), "BATCH", "PRIVMSG")
    reference = opening.params[0][1:]
    assert opening.params[1:] == ["tertulia.chat/stream", "#r"] and opening.source == "lola!~lola@127.0.0.1"
    assert tag(opening, "+reply") == "1a2b" and tag(opening, "msgid")
    assert line.tags == {"batch": reference} and line.params == ["#r", "A socket is one end"]
    piece(lola, " of a conversation", concat=True)
    assert the(new.say(), "PRIVMSG").tags == {"batch": reference, "tertulia.chat/concat": ""}
    piece(lola, "between two programs.")
    assert the(new.say(), "PRIVMSG").tags == {"batch": reference}
    end(lola)
    assert new.say() == [f":lola!~lola@127.0.0.1 BATCH -{reference}"]
    assert history(lola) == ["A socket is one end of a conversation\nbetween two programs."]


def test_leading_blank_lines(lola: Client, new: Client, old: Client) -> None:
    """ "Blank lines are allowed: they are empty lines of the text." "It SHOULD hold the opening back until
    the first line with text is there." """
    begin(lola)
    piece(lola, ""), piece(lola, "")
    assert new.say() == []
    piece(lola, "uno"), piece(lola, ""), piece(lola, "dos")
    assert texts(new.say()) == ["", "", "uno", "", "dos"]
    end(lola)
    assert texts(old.say()) == ["uno", "dos"], "Blank lines are left out"
    assert history(lola) == ["\n\nuno\n\ndos"]


@pytest.mark.parametrize("blank", [0, 3])
def test_without_any_text_it_never_was(lola: Client, new: Client, old: Client, blank: int) -> None:
    """ "A stream that is closed before any text was sent never was a message: nothing is relayed or kept
    of it." """
    begin(lola)
    for _ in range(blank):
        piece(lola, "")
    assert end(lola) == [] and new.say() == [] and old.say() == []
    assert history(lola) == []


def test_a_line_that_does_not_fit_is_cut(lola: Client, new: Client, old: Client) -> None:
    """ "servers MAY cut a longer one in two, giving the second the concat tag" """
    begin(lola)
    piece(lola, "x" * 480)
    lines = new.say()
    assert all(len(line.partition(" ")[2].encode()) <= 510 for line in lines)
    one, two = all_of(lines, "PRIVMSG")
    assert tag(one, "tertulia.chat/concat") is None and tag(two, "tertulia.chat/concat") == ""
    assert one.params[1] + two.params[1] == "x" * 480


def test_interleaving(lola: Client, new: Client, old: Client) -> None:
    """ "a stream MAY be interleaved with whatever else the client has to say, other streams included";
    "Other messages, and other streams, may stand between the lines of a stream." """
    begin(lola, reference="a"), begin(lola, reference="b")
    piece(lola, "a1", reference="a"), piece(lola, "b1", reference="b")
    lola.say("PRIVMSG #r :entre", "PING x")
    piece(lola, "a2", reference="a"), piece(lola, "b2", reference="b")
    old.say("PRIVMSG #r :ah")
    end(lola, reference="b"), end(lola, reference="a")
    lines = all_of(new.say(), "PRIVMSG")
    assert [line.params[1] for line in lines] == ["a1", "b1", "entre", "a2", "b2", "ah"]
    one, two = tag(lines[0], "batch"), tag(lines[1], "batch")
    assert one != two and [tag(line, "batch") for line in lines] == [one, two, None, one, two, None]


def test_its_place_is_that_of_its_opening(town: Town, lola: Client, new: Client, old: Client) -> None:
    """ "The message has one msgid, known from its opening on, and its place among the messages is that of
    its opening." """
    begin(lola)
    piece(lola, "larga ")
    old.say("PRIVMSG #r :corta")
    town.advance(5)
    piece(lola, "respuesta", concat=True)
    end(lola)
    assert history(lola) == ["larga respuesta", "corta"]
    opening = all_of(new.say(), "BATCH")[0]
    found = all_of(lola.say("CHATHISTORY LATEST #r * 9"), "BATCH", "PRIVMSG")
    assert tag(opening, "msgid") in [tag(line, "msgid") for line in found]


def test_while_it_is_open_history_leaves_it_out(lola: Client, old: Client) -> None:
    """ "While a stream is open, history leaves it out." """
    begin(lola)
    piece(lola, "a medias")
    assert history(lola) == []
    end(lola)
    assert history(lola) == ["a medias"]


@pytest.mark.parametrize("state", ["stopped", "incomplete"])
def test_end_tags(lola: Client, new: Client, multi: Client, old: Client, state: str) -> None:
    """ "The closing BATCH MAY carry ... one of the end tags"; in history "all tags, those of the end
    included" """
    begin(lola)
    piece(lola, "hasta aquí")
    end(lola, tags=f"@tertulia.chat/{state} ")
    assert tag(all_of(new.say(), "BATCH")[1], f"tertulia.chat/{state}") == ""
    assert tag(all_of(multi.say(), "BATCH")[0], f"tertulia.chat/{state}") == ""
    assert texts(old.say()) == ["hasta aquí […]"]
    assert f"tertulia.chat/{state}" in "".join(
        lola.say("CAP REQ :draft/chathistory", "CHATHISTORY LATEST #r * 9")
    )


def test_provenance_on_the_closing(town: Town, new: Client, old: Client) -> None:
    """ "Tokens and cost are known at the end only, so on a stream they stand on its closing."; "servers
    MUST strip them from everybody else" """
    own = town.join("own", "#r", caps=CAPS, peer=OWN)
    new.take()
    begin(own, tags="@tertulia.chat/model=qwen ")
    piece(own, "x")
    end(own, tags="@tertulia.chat/tokens-out=12 ")
    one, two = all_of(new.say(), "BATCH")
    assert tag(one, "tertulia.chat/model") == "qwen" and tag(two, "tertulia.chat/tokens-out") == "12"
    begin(new, tags="@tertulia.chat/model=qwen ")
    piece(new, "x")
    end(new, tags="@tertulia.chat/tokens-out=12 ")
    assert not any("model" in line or "tokens" in line for line in own.say())


# --- the three forms --------------------------------------------------------------------------------


def test_multiline_at_the_end(lola: Client, multi: Client, old: Client) -> None:
    """ "`draft/multiline`, `batch`: at the end, one draft/multiline batch with the message's tags, those
    of the end included"; "Pieces are joined into lines first" """
    begin(lola, tags="@+reply=1 ")
    piece(lola, "uno "), piece(lola, "dos", concat=True), piece(lola, ""), piece(lola, "tres")
    assert multi.say() == []
    end(lola)
    lines = multi.say()
    opening = the(lines[:1], "BATCH")
    assert (
        opening.params[1:] == ["draft/multiline", "#r"]
        and tag(opening, "+reply") == "1"
        and tag(opening, "msgid")
    )
    assert texts(lines) == ["uno dos", "", "tres"]


def test_whole_at_the_end_for_who_asks_for_it(town: Town, lola: Client, multi: Client, old: Client) -> None:
    """ "Streams of others are then given to it as to clients that know only multiline: once, at their end.
    Its own are echoed as before." """
    model = town.join("m", "#r", caps=f"{CAPS} draft/multiline tertulia.chat/stream-whole echo-message")
    half = town.join("half", "#r", caps=f"{CAPS} tertulia.chat/stream-whole")
    model.take(), multi.take()
    begin(lola), piece(lola, "uno "), piece(lola, "dos", concat=True), piece(lola, "tres")
    assert model.say() == [] and texts(half.say()), "without either of the two it has no effect"
    end(lola)
    assert model.say() == multi.say()
    begin(model), piece(model, "mía"), end(model)
    assert the(multi.say(), "PRIVMSG").params[-1] == "mía"
    begin(model, "m")
    assert the(piece(model, "a mí", target="m"), "BATCH").params[1:] == ["tertulia.chat/stream", "m"]


def test_further_batches_of_a_program_are_a_programs(lola: Client, multi: Client, old: Client) -> None:
    """What is too long for one batch must not look like a human's from its second on."""
    lola.say("MODE lola +B")
    begin(lola)
    for _ in range(3):
        for _ in range(MULTILINE_LINES // 2):
            piece(lola, "x")
    end(lola)
    openings = [line for line in all_of(multi.say(), "BATCH") if line.params[0][0] == "+"]
    assert len(openings) == 2 and all(tag(line, "bot") == "" for line in openings)


def test_plain_lines_as_soon_as_each_is_complete(lola: Client, old: Client) -> None:
    """ "sends a line when the text has a line end ... It MAY send whole sentences of an unfinished line
    earlier. What is left is sent when the stream closes." """
    begin(lola)
    piece(lola, "Esta es una frase que ya tiene un tamaño decente. Y la ")
    assert texts(old.say()) == ["Esta es una frase que ya tiene un tamaño decente."]
    piece(lola, "segunda", concat=True)
    assert old.say() == []
    piece(lola, "otra línea")
    assert texts(old.say()) == ["Y la segunda"]
    end(lola)
    assert texts(old.say()) == ["otra línea"]


def test_plain_lines_have_tags_on_the_first(town: Town, lola: Client, old: Client) -> None:
    """ "Message tags go on the first line; msgid only there." """
    tagged = town.join("tagged", "#r", caps="message-tags server-time")
    begin(lola, tags="@+reply=1 ")
    piece(lola, "uno"), piece(lola, "dos")
    end(lola)
    one, two = all_of(tagged.say(), "PRIVMSG")
    assert tag(one, "msgid") and tag(one, "+reply") == "1" and tag(one, "time")
    assert (two.tags or {}).keys() == {"time"}


def test_plain_lines_of_a_long_text_fit(lola: Client, old: Client) -> None:
    """ "or has reached the room there is in a line and is cut ... never inside one" """
    text = "palabra ñandú " * 300
    begin(lola)
    for at in range(0, len(text), 100):
        piece(lola, text[at : at + 100], concat=at > 0)
    end(lola)
    lines = old.say()
    assert all(len(line.encode()) <= 510 for line in lines)
    assert " ".join(texts(lines)) == text.strip()


# --- who hears it -----------------------------------------------------------------------------------


def test_who_joins_later_hears_nothing_of_it(town: Town, lola: Client, new: Client, old: Client) -> None:
    """ "who joins later is sent nothing of that stream, and finds it in the history" """
    begin(lola)
    piece(lola, "uno ")
    late, plain = town.join("late", "#r", caps=CAPS), town.join("plain", "#r")
    piece(lola, "dos. ", concat=True)
    end(lola)
    assert not has(late.say(), "BATCH") and not has(plain.say(), "PRIVMSG")
    assert history(late) == ["uno dos. "]


def test_who_leaves_hears_nothing_more(town: Town, lola: Client, new: Client, old: Client) -> None:
    """ "Who leaves is sent nothing more" — also not after coming back, when the beginning is missing"""
    begin(lola)
    piece(lola, "uno ")
    new.say("PART #r")
    piece(lola, "dos ", concat=True)
    assert new.say() == []
    new.say("JOIN #r")
    piece(lola, "tres ", concat=True)
    end(lola)
    assert new.say() == []
    new.say("PART #r", "JOIN #r")
    assert history(new) == ["uno dos tres "]


def test_leaving_and_coming_back_between_two_pieces(lola: Client, new: Client, old: Client) -> None:
    begin(lola)
    piece(lola, "uno ")
    new.say("PART #r", "JOIN #r")
    piece(lola, "dos ", concat=True)
    end(lola)
    assert new.say() == []


def test_who_is_kicked_hears_nothing_more(lola: Client, new: Client, old: Client) -> None:
    begin(lola)
    piece(lola, "uno ")
    lola.say("KICK #r new")
    piece(lola, "dos ", concat=True)
    end(lola)
    assert commands(new.say()) == ["BATCH", "PRIVMSG", "KICK"]


def test_who_changes_capabilities_is_served_as_it_began(lola: Client, new: Client, old: Client) -> None:
    """ "Who changes capabilities meanwhile is served to the end as it began." """
    begin(lola)
    piece(lola, "uno ")
    old.say(f"CAP REQ :{CAPS}")
    new.say("CAP REQ :-tertulia.chat/stream")
    piece(lola, "dos ", concat=True)
    end(lola)
    assert texts(old.say()) == ["uno dos"] and not has(old.take(), "BATCH")
    assert commands(new.say()) == ["PRIVMSG", "BATCH"]


def test_in_private(town: Town, lola: Client, new: Client, old: Client) -> None:
    """Its only parameter is the target, one room or one nick."""
    begin(lola, target="NEW")
    piece(lola, "hola ", target="new"), piece(lola, "tú", target="New", concat=True)
    end(lola)
    lines = new.say()
    assert commands(lines) == ["BATCH", "PRIVMSG", "PRIVMSG", "BATCH"]
    assert the(lines[:1], "BATCH").params[2] == "new" and all_of(lines, "PRIVMSG")[0].params[0] == "new"
    assert old.say() == []


def test_to_oneself(lola: Client) -> None:
    begin(lola, target="lola")
    piece(lola, "nota", target="lola")
    end(lola)
    lines = lola.say("CAP REQ :draft/chathistory", "CHATHISTORY LATEST lola * 5")
    assert texts(lines)[-1] == "nota"


def test_a_private_recipient_who_goes(lola: Client, new: Client, old: Client) -> None:
    begin(lola, target="new")
    piece(lola, "uno", target="new")
    new.say("QUIT")
    lola.take()
    assert piece(lola, "dos", target="new") == [] and end(lola) == []
