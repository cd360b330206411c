"""INVITE: modern-irc, "INVITE message"; IRCv3 invite-notify; RPL_INVITELIST (336)."""

from __future__ import annotations

from tests.support.reading import all_of, has, the
from tests.support.town import Town, commands


def test_inviting() -> None:
    """ "When the invite is successful, the server MUST send a RPL_INVITING numeric to the command issuer,
    and an INVITE message, with the issuer as <source>, to the target user. Other channel members SHOULD
    NOT be notified." (modern-irc, INVITE)"""
    town = Town()
    ana, bob, ema = town.join("ana", "#r"), town.join("bob"), town.join("ema", "#r")
    ana.take()
    assert the(ana.say("INVITE bob #r"), "341").params == ["ana", "bob", "#r"]
    assert bob.say() == [":ana!~ana@127.0.0.1 INVITE bob #r"]
    assert ema.say() == []


def test_a_room_that_does_not_exist() -> None:
    """ "The target channel SHOULD exist (at least one user is on it). Otherwise, the server SHOULD reject
    the command with the ERR_NOSUCHCHANNEL numeric." (modern-irc, INVITE)"""
    town = Town()
    ana = town.join("ana")
    town.join("bob")
    assert commands(ana.say("INVITE bob #nowhere")) == ["403"]


def test_only_members_invite() -> None:
    """ "Only members of the channel are allowed to invite other users. Otherwise, the server MUST reject
    the command with the ERR_NOTONCHANNEL numeric." (modern-irc, INVITE)"""
    town = Town()
    town.join("ana", "#r")
    bob = town.join("bob")
    town.join("ema")
    assert commands(bob.say("INVITE ema #r")) == ["442"]


def test_only_operators_where_it_matters() -> None:
    """ "they SHOULD reject it when the channel has invite-only mode set, and the user is not a channel
    operator" (modern-irc, INVITE)"""
    town = Town()
    ana, bob = town.join("ana", "#r"), town.join("bob", "#r")
    town.join("ema")
    assert commands(bob.say("INVITE ema #r")) == ["341"]
    ana.say("MODE #r +i")
    bob.take()
    assert commands(bob.say("INVITE ema #r")) == ["482"]


def test_somebody_who_is_there_already() -> None:
    """ "If the user is already on the target channel, the server MUST reject the command with the
    ERR_USERONCHANNEL numeric." (modern-irc, INVITE)"""
    town = Town()
    ana = town.join("ana", "#r")
    town.join("bob", "#r")
    ana.take()
    assert the(ana.say("INVITE bob #r"), "443").params[:3] == ["ana", "bob", "#r"]


def test_missing_parameters_and_people() -> None:
    """ERR_NEEDMOREPARAMS; and ERR_NOSUCHNICK for nobody (RFC 2812 3.2.7)"""
    ana = Town().join("ana", "#r")
    assert commands(ana.say("INVITE bob")) == ["461"]
    assert commands(ana.say("INVITE bob #r")) == ["401"]


def test_an_invitation_is_good_for_one_entry() -> None:
    """ "a user must have received an INVITE for this channel before being allowed to join it" (modern-irc,
    +i)"""
    town = Town()
    ana, bob = town.join("ana", "#r"), town.join("bob")
    ana.say("MODE #r +i")
    assert commands(bob.say("JOIN #r")) == ["473"]
    ana.say("INVITE bob #r")
    assert "JOIN" in commands(bob.say("JOIN #r"))
    assert commands(bob.say("PART #r", "JOIN #r")) == ["PART", "473"]


def test_an_operator_s_invitation_opens_a_room_that_is_full_or_shut() -> None:
    """ "Invite a client to an invite-only channel" is for channel moderators (modern-irc, Channel
    Operators); theirs overrides a ban, a key and a limit too."""
    town = Town()
    ana, bob = town.join("ana", "#r"), town.join("bob")
    ana.say("MODE #r +klb clave 1 bob")
    assert commands(bob.say("JOIN #r")) == ["475"]
    ana.say("INVITE bob #r")
    assert "JOIN" in commands(bob.say("JOIN #r"))


def test_a_plain_member_s_invitation_only_tells() -> None:
    """Else any member could let in whom the operators have banned."""
    town = Town()
    ana, bob, ema = town.join("ana", "#r"), town.join("bob", "#r"), town.join("ema")
    ana.say("MODE #r +b ema")
    bob.say("INVITE ema #r")
    assert commands(ema.say("JOIN #r")) == ["INVITE", "474"]


def test_the_list_of_one_s_invitations() -> None:
    """RPL_INVITELIST (336): "the list of channels the user was invited to" ends with RPL_ENDOFINVITELIST
    (337)."""
    town = Town()
    ana, bob = town.join("ana", "#b", "#a"), town.join("bob")
    assert commands(bob.say("INVITE")) == ["337"]
    ana.say("INVITE bob #b", "INVITE bob #a")
    assert [line.params[1] for line in all_of(bob.say("INVITE"), "336")] == ["#a", "#b"]
    bob.say("JOIN #a")
    assert [line.params[1] for line in all_of(bob.say("INVITE"), "336")] == ["#b"]


def test_somebody_away_is_said_to_be() -> None:
    """RPL_AWAY answers INVITE too (RFC 2812 3.2.7)."""
    town = Town()
    ana, bob = town.join("ana", "#r"), town.join("bob")
    bob.say("AWAY :lejos")
    assert sorted(commands(ana.say("INVITE bob #r"))) == ["301", "341"]


def test_invite_notify() -> None:
    """ ":<inviter> INVITE <target> <channel> ... a server may choose to only send the message to clients
    having channel op" (IRCv3 invite-notify)"""
    town = Town()
    ana = town.join("ana", "#r", caps="invite-notify")
    op = town.join("op", "#r", caps="invite-notify")
    plain = town.join("plain", "#r", caps="invite-notify")
    town.join("bob")
    ana.say("MODE #r +o op")
    for client in (ana, op, plain):
        client.take()
    assert commands(ana.say("INVITE bob #r")) == ["341"]
    assert op.say() == [":ana!~ana@127.0.0.1 INVITE bob #r"]
    assert plain.say() == []


def test_a_room_s_operators_let_programs_in() -> None:
    """docs/models.md: "an operator of the room brings her in": what she hears may leave this machine."""
    town = Town()
    ana, bob = town.join("ana", "#r"), town.join("bob", "#r")
    town.join("lola").say("MODE lola +B")
    assert has(bob.say("INVITE lola #r"), "482")
    assert has(ana.say("INVITE lola #r"), "341")
