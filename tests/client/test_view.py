"""Rooms, members and topics as a client sees them."""

from __future__ import annotations

from tertulia.client import events as e
from tertulia.client.view import View


def seen(*events: e.Event) -> View:
    view = View("lola")
    for event in events:
        view.apply(event)
    return view


IN_ROOM = (e.Joined("lola", "#R"), e.Names("#r", (("lola", ""), ("Ana", "@"), ("bob", "+"))))


def test_members_and_their_modes() -> None:
    view = seen(*IN_ROOM)
    assert (
        view.is_operator("#r", "ana")
        and not view.is_operator("#r", "bob")
        and not view.is_operator("#x", "ana")
    )
    view.apply(e.ModeChanged("#r", "ana", (("+", "o", "bob"), ("-", "o", "ana"), ("+", "n", None))))
    assert view.is_operator("#R", "BOB") and not view.is_operator("#r", "ana")


def test_rename_away_bot_and_quit() -> None:
    view = seen(*IN_ROOM, e.NickChanged("bob", "bobby"), e.AwayChanged("bobby", "fuera"))
    member = view.member("#r", "bobby")
    assert member is not None and (member.nick, member.modes, member.away) == ("bobby", "v", "fuera")
    view.apply(e.Message("PRIVMSG", "bobby!u@h", "#r", "x", {"bot": ""}))
    assert member.bot
    view.apply(e.Left("bobby", None, "adiós"))
    assert view.member("#r", "bobby") is None


def test_topic_and_being_kicked() -> None:
    view = seen(*IN_ROOM, e.TopicChanged("#r", "de qué"))
    room = view.room("#r")
    assert room is not None and room.topic == "de qué" and room.name == "#R"
    view.apply(e.Left("lola", "#r", "ya", "ana"))
    assert view.room("#r") is None


def test_names_keep_what_was_known() -> None:
    view = seen(e.Joined("lola", "#r"), e.Joined("gpt", "#r", "acc", bot=True), IN_ROOM[1])
    assert view.member("#r", "gpt") is None
    view.apply(e.Joined("gpt", "#r", "acc", bot=True))
    view.apply(e.Names("#r", (("gpt", "+"),)))
    member = view.member("#r", "gpt")
    assert member is not None and member.bot and member.account == "acc" and member.modes == "v"


def test_our_own_rename() -> None:
    view = seen(*IN_ROOM, e.NickChanged("lola", "lolita"))
    assert view.nick == "lolita" and view.member("#r", "lolita") is not None
