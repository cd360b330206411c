"""MODE: modern-irc, "MODE message", "Channel Modes", "User Modes"."""

from __future__ import annotations

import pytest

from tertulia import limits
from tests.support.reading import all_of, has, the
from tests.support.town import START_MS, Client, Town, commands

NOW = str(START_MS // 1000)


@pytest.fixture
def ana(town: Town) -> Client:
    """The operator of #r."""
    return town.join("ana", "#r")


@pytest.fixture
def bob(town: Town, ana: Client) -> Client:
    """A plain member of #r."""
    client = town.join("bob", "#r")
    ana.take()
    return client


# --- asking ---------------------------------------------------------------------------------------


def test_asking_for_a_room_s_modes(ana: Client) -> None:
    """ "If <modestring> is not given, the RPL_CHANNELMODEIS numeric is returned. ... Servers MAY also
    return the RPL_CREATIONTIME numeric following RPL_CHANNELMODEIS." (modern-irc, MODE)"""
    lines = ana.say("MODE #r")
    assert the(lines, "324").params == ["ana", "#r", "+nt"]
    assert the(lines, "329").params == ["ana", "#r", NOW]


def test_the_key_is_for_members(town: Town, ana: Client) -> None:
    """ "Servers MAY choose to hide sensitive information such as channel keys when sending the current
    modes." """
    far = town.join("far")
    ana.say("MODE #r +kl clave 10")
    assert the(ana.say("MODE #r"), "324").params[1:] == ["#r", "+ntkl", "clave", "10"]
    assert the(far.say("MODE #r"), "324").params[1:] == ["#r", "+ntkl", "*", "10"]


def test_rooms_that_are_not_known(town: Town, ana: Client) -> None:
    """ "If <target> is a channel that does not exist on the network, the ERR_NOSUCHCHANNEL numeric is
    returned." """
    far = town.join("far")
    assert commands(far.say("MODE #nowhere")) == ["403"]
    ana.say("MODE #r +s")
    assert commands(far.say("MODE #r")) == ["403"]
    assert commands(far.say("MODE")) == ["461"]


# --- changing -------------------------------------------------------------------------------------


def test_a_change_is_told_to_all(ana: Client, bob: Client) -> None:
    """ "When the server is done processing the modes, a MODE command is sent to all members of the channel
    containing the mode changes." (modern-irc, MODE)"""
    expected = [":ana!~ana@127.0.0.1 MODE #r +mv-t bob"]
    assert ana.say("MODE #r +mv-t bob") == expected
    assert bob.say() == expected


def test_only_operators_change(town: Town, ana: Client, bob: Client) -> None:
    """ "If a user does not have appropriate privileges to change modes on the target channel, the server
    MUST not process the message, and ERR_CHANOPRIVSNEEDED numeric is returned." (modern-irc, MODE)"""
    far = town.join("far")
    assert commands(bob.say("MODE #r +m")) == ["482"]
    assert commands(far.say("MODE #r +m")) == ["482"]
    assert commands(bob.say("MODE #r +o bob")) == ["482"]
    assert the(ana.say("MODE #r"), "324").params[2] == "+nt"


def test_what_changes_nothing_is_not_told(ana: Client, bob: Client) -> None:
    assert ana.say("MODE #r +nt", "MODE #r -m", "MODE #r +o ana", "MODE #r -l") == []
    assert bob.say() == []


def test_unknown_letters(ana: Client) -> None:
    """ERR_UNKNOWNMODE (472): "<client> <modechar> :is unknown mode char to me" (modern-irc); the others
    are applied"""
    lines = ana.say("MODE #r +Xm")
    assert the(lines, "472").params[1] == "X"
    assert the(lines, "MODE").params == ["#r", "+m"]
    assert len(ana.say("MODE #r +" + "XYZ" * 100)) == 3, "a screen of nonsense is not answered by another"


def test_without_a_sign(ana: Client) -> None:
    """ "<modestring> starts with a plus or minus" ; without, it means plus."""
    assert the(ana.say("MODE #r m"), "MODE").params == ["#r", "+m"]


def test_ranks(town: Town, ana: Client, bob: Client) -> None:
    """ "Users with this mode may perform channel moderation tasks such as kicking users, applying channel
    modes, and set other users to operator (or lower) status." (modern-irc, Operator Prefix)"""
    far = town.join("far")
    assert the(ana.say("MODE #r +o BOB"), "MODE").params == ["#r", "+o", "bob"]
    assert commands(ana.say("MODE #r +o far")) == ["441"]
    assert commands(ana.say("MODE #r +o nobody")) == ["401"]
    bob.take()
    assert the(bob.say("MODE #r -o ana"), "MODE").params == ["#r", "-o", "ana"]
    assert commands(ana.say("MODE #r +m")) == ["MODE", "482"]
    assert far.say() == []


def test_half_operators(town: Town, ana: Client, bob: Client) -> None:
    """ "Which channel moderation tasks they can and cannot perform varies with server software"
    (modern-irc, Halfop): here voice and modes, not the ranks of operators"""
    ema = town.join("ema", "#r")
    ana.say("MODE #r +h bob")
    bob.take(), ema.take()
    assert commands(bob.say("MODE #r +v ema")) == ["MODE"]
    assert commands(bob.say("MODE #r +m")) == ["MODE"]
    assert commands(bob.say("MODE #r +o ema")) == ["482"]
    assert commands(bob.say("MODE #r -o ana")) == ["482"]
    assert commands(bob.say("MODE #r -h bob")) == ["MODE"], "one's own can be given up"


def test_at_most_so_many_with_a_parameter(town: Town, ana: Client) -> None:
    """ISUPPORT MODES: "the maximum number of variable modes ... that can be set on a channel by a single
    MODE command" """
    lines = ana.say("MODE #r +bbbbbm a b c d e")
    assert the(lines, "MODE").params == ["#r", "+bbbbm", "a!*@*", "b!*@*", "c!*@*", "d!*@*"]


def test_a_missing_parameter(ana: Client) -> None:
    """ "If a type B or C mode does not have a parameter when being set, the server MUST ignore that
    mode." """
    lines = ana.say("MODE #r +lm")
    assert the(lines, "696").params[1:4] == ["#r", "l", "*"]
    assert the(lines, "MODE").params == ["#r", "+m"]
    assert len(all_of(ana.say("MODE #r +" + "k" * 200), "696")) == 1


def test_long_changes_are_told_in_lines_that_fit(ana: Client) -> None:
    """ "Most IRC servers limit messages to 512 bytes in length" (modern-irc, Messages)"""
    masks = [f"{letter * 118}" for letter in "abcd"]
    lines = all_of(ana.say("MODE #r +bbbb " + " ".join(masks)), "MODE")
    assert len(lines) > 1
    assert [param for line in lines for param in line.params[2:]] == [f"{mask}!*@*" for mask in masks]
    masks_kept = [line.params[2] for line in all_of(ana.say("MODE #r b"), "367")]
    assert masks_kept == [f"{mask}!*@*" for mask in masks]


# --- lists ----------------------------------------------------------------------------------------


def test_ban_list(town: Town, ana: Client, bob: Client) -> None:
    """ "Ban lists are returned with zero or more RPL_BANLIST numerics, followed by one RPL_ENDOFBANLIST
    numeric." RPL_BANLIST: "<client> <channel> <mask> [<who> <set-ts>]" (modern-irc)"""
    assert the(ana.say("MODE #r +b *!*@198.51.100.1"), "MODE").params == ["#r", "+b", "*!*@198.51.100.1"]
    town.advance(5)
    ana.say("MODE #r +b Pesado")
    lines = bob.say("MODE #r b")
    assert [line.params[2:] for line in all_of(lines, "367")] == [
        ["*!*@198.51.100.1", "ana!~ana@127.0.0.1", NOW],
        ["Pesado!*@*", "ana!~ana@127.0.0.1", str(int(NOW) + 5)],
    ]
    assert commands(lines)[-1] == "368"
    assert the(ana.say("MODE #r -b pesado!*@*"), "MODE").params == ["#r", "-b", "Pesado!*@*"]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("x", "x!*@*"),
        ("x!u", "x!u@*"),
        ("u@h", "*!u@h"),
        ("x!u@h", "x!u@h"),
        ("@h", "*!*@h"),
        (":x", "x!*@*"),
    ],
)
def test_masks_are_completed(ana: Client, given: str, kept: str) -> None:
    """ "each of these values should be a client mask" (modern-irc, +b): nick!user@host"""
    assert the(ana.say(f"MODE #r +b {given}"), "MODE").params[2] == kept


def test_the_other_lists_are_for_operators(ana: Client, bob: Client) -> None:
    """ "Servers MAY choose to restrict the above information to channel operators" (modern-irc, MODE)"""
    ana.say("MODE #r +eI e i")
    assert commands(ana.say("MODE #r e")) == ["348", "349"]
    assert commands(ana.say("MODE #r I")) == ["346", "347"]
    bob.take()
    assert commands(bob.say("MODE #r e", "MODE #r I")) == ["482", "482"]


def test_a_full_list(monkeypatch: pytest.MonkeyPatch, ana: Client) -> None:
    """ERR_BANLISTFULL (478): "<client> <channel> <char> :Channel list is full" (modern-irc); ISUPPORT
    MAXLIST"""
    monkeypatch.setattr(limits, "MASKS_PER_LIST", 2)
    ana.say("MODE #r +bb a b")
    assert the(ana.say("MODE #r +b c"), "478").params[1:3] == ["#r", "b"]
    assert commands(ana.say("MODE #r +e c")) == ["MODE"], "each list has a limit of its own"


def test_bans(town: Town, ana: Client, bob: Client) -> None:
    """ "If they match one of these banned masks, they will receive an ERR_BANNEDFROMCHAN reply and the
    JOIN command will fail." "masks that are 'banned' from joining or speaking in the channel" (modern-irc,
    +b)"""
    ana.say("MODE #r +b BOB!*@*")
    bob.take()
    assert commands(bob.say("PRIVMSG #r :hola")) == ["404"]
    assert commands(bob.say("PART #r", "JOIN #r")) == ["PART", "474"]
    ana.say("MODE #r -b bob")
    assert has(bob.say("JOIN #r"), "JOIN")


def test_ban_exceptions(town: Town, ana: Client, bob: Client) -> None:
    """ "If their nickmask matches any one of the masks set by this mode, and their nickmask also matches
    any one of the masks set by the ban channel mode, they will not be blocked from joining" (modern-irc,
    +e)"""
    ana.say("MODE #r +be *!*@127.0.0.1 bob")
    bob.take()
    assert bob.say("PRIVMSG #r :hola") == []
    assert has(bob.say("PART #r", "JOIN #r"), "JOIN")
    assert commands(town.join("ema").say("JOIN #r")) == ["474"]


def test_a_voice_speaks_through_a_ban(ana: Client, bob: Client) -> None:
    ana.say("MODE #r +bv bob bob")
    bob.take()
    assert bob.say("PRIVMSG #r :hola") == []


def test_a_mask_cannot_hang_the_server(ana: Client) -> None:
    """Matching stays linear however many stars there are."""
    ana.say("MODE #r +b " + "*a" * 60 + "b!*@*")
    town = ana.town
    assert has(town.join("a" * 32).say("JOIN #r"), "JOIN")


# --- the other room modes -------------------------------------------------------------------------


def test_invite_only_and_its_exceptions(town: Town, ana: Client) -> None:
    """ERR_INVITEONLYCHAN (+i); "If their nickmask matches any one of the masks set by this mode, and the
    channel is in invite-only mode, they do not need to require an INVITE" (+I) (modern-irc)"""
    ema = town.join("ema")
    ana.say("MODE #r +i")
    assert commands(ema.say("JOIN #r")) == ["473"]
    ana.say("MODE #r +I ema!*@127.*")
    assert has(ema.say("JOIN #r"), "JOIN")


def test_key(town: Town, ana: Client) -> None:
    """ "If they do not supply a <key>, or the key they supply does not match the value of this mode, they
    will receive an ERR_BADCHANNELKEY reply and the command will fail." (modern-irc, +k)"""
    ema = town.join("ema")
    assert the(ana.say("MODE #r +k clave"), "MODE").params == ["#r", "+k", "clave"]
    assert commands(ema.say("JOIN #r", "JOIN #r otra", "JOIN #r CLAVE")) == ["475"] * 3
    assert has(ema.say("JOIN #r clave"), "JOIN")
    assert the(ana.say("MODE #r -k"), "MODE").params == ["#r", "-k", "*"]
    assert has(town.join("bob").say("JOIN #r"), "JOIN")


@pytest.mark.parametrize("key", ["ñ", "a,b", "x" * 33])
def test_keys_that_cannot_be_given(ana: Client, key: str) -> None:
    """ERR_INVALIDKEY (525): "Indicates the value of a key channel mode change was rejected." (modern-irc)"""
    assert the(ana.say(f"MODE #r +k {key}"), "525").params[1] == "#r"
    assert "k" not in the(ana.say("MODE #r"), "324").params[2]


def test_limit(town: Town, ana: Client) -> None:
    """ "If this mode is set on a channel, and the number of users joined to that channel matches or
    exceeds the value of this mode, new users cannot join that channel." ERR_CHANNELISFULL (modern-irc, +l)"""
    bob, ema = town.join("bob"), town.join("ema")
    assert the(ana.say("MODE #r +l 2"), "MODE").params == ["#r", "+l", "2"]
    assert has(bob.say("JOIN #r"), "JOIN")
    assert commands(ema.say("JOIN #r")) == ["471"]
    assert the(ana.say("MODE #r -l"), "MODE").params == ["#r", "-l"]
    assert has(ema.say("JOIN #r"), "JOIN")


@pytest.mark.parametrize("limit", ["0", "-1", "x", "9999999999", "1.5"])
def test_limits_that_are_none(ana: Client, limit: str) -> None:
    """ERR_INVALIDMODEPARAM (696): "<client> <target chan/user> <mode char> <parameter> :<description>"
    (modern-irc)"""
    assert the(ana.say(f"MODE #r +l {limit}"), "696").params[1:4] == ["#r", "l", limit]


def test_moderated(ana: Client, bob: Client) -> None:
    """ "If this mode is set on a channel, only users who have channel privileges may send messages to that
    channel." (modern-irc, +m)"""
    ana.say("MODE #r +m")
    bob.take()
    assert commands(bob.say("PRIVMSG #r :x", "NOTICE #r :x")) == ["404"]
    assert ana.say("PRIVMSG #r :yo sí") == []
    ana.say("MODE #r +v bob")
    bob.take()
    assert bob.say("PRIVMSG #r :ahora") == []
    assert commands(ana.say()) == ["PRIVMSG"]


def test_no_external_messages(town: Town, ana: Client) -> None:
    """ "If this mode is enabled and they try to send one of these to a channel they are not joined to,
    they will receive an ERR_CANNOTSENDTOCHAN numeric and the message will not be sent to that channel."
    (modern-irc, +n)"""
    far = town.join("far")
    assert commands(far.say("PRIVMSG #r :x")) == ["404"]
    ana.say("MODE #r -n")
    assert far.say("PRIVMSG #r :hola desde fuera") == []
    assert ana.say() == [":far!~far@127.0.0.1 PRIVMSG #r :hola desde fuera"]


# --- oneself --------------------------------------------------------------------------------------


def test_own_modes(ana: Client) -> None:
    """ "If <modestring> is not given, the RPL_UMODEIS numeric is sent back ... a MODE message will be sent
    to the user containing the changed modes." (modern-irc, User mode)"""
    assert the(ana.say("MODE ana"), "221").params == ["ana", "+"]
    assert ana.say("MODE ANA +wi-B") == [":ana MODE ana +wi"]
    assert the(ana.say("MODE ana"), "221").params == ["ana", "+iw"]
    assert ana.say("MODE ana -w+w-i") == [":ana MODE ana -w+w-i"]


def test_unknown_user_modes(ana: Client) -> None:
    """ "If one or more modes sent are not implemented on the server, the server MUST apply the modes that
    are implemented, and then send the ERR_UMODEUNKNOWNFLAG in reply along with the MODE message."
    (modern-irc, User mode)"""
    lines = ana.say("MODE ana +Qi")
    assert sorted(commands(lines)) == ["501", "MODE"]
    assert the(lines, "MODE").params == ["ana", "+i"]


def test_other_users(ana: Client, bob: Client) -> None:
    """ "If <target> is a nickname that does not exist on the network, the ERR_NOSUCHNICK numeric is
    returned. If <target> is a different nick than the user who sent the command, the ERR_USERSDONTMATCH
    numeric is returned." """
    assert commands(ana.say("MODE nobody")) == ["401"]
    assert commands(ana.say("MODE bob", "MODE bob +i")) == ["502", "502"]


def test_nobody_makes_themselves_operator(ana: Client) -> None:
    assert ana.say("MODE ana +o") == []
    assert commands(ana.say("WALLOPS :x")) == ["481"]
