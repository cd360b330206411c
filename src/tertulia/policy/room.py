"""Questions about rooms. Each answer is None for yes, or a `Denied` that says what stands in the way.

What belongs here: decisions on plain objects. What must not: replies, events, and anything that waits.
"""

from __future__ import annotations

from typing import NamedTuple

from tertulia import limits
from tertulia.policy.agents import may_speak_from_outside
from tertulia.policy.operators import may
from tertulia.protocol.extbans import MUTE
from tertulia.protocol.modes import FOUNDER, HALF_OPERATOR, OPERATOR, PROTECTED, highest
from tertulia.state.masks import matches
from tertulia.state.registration import granted
from tertulia.state.room import Room
from tertulia.state.user import User


class Denied(NamedTuple):
    """A numeric of the table, and the word for its text where it has one."""

    numeric: str
    reason: str = ""


NEEDED = {"q": FOUNDER, "a": FOUNDER, "o": OPERATOR, "h": OPERATOR, "v": HALF_OPERATOR}
"""The rank that gives and takes each rank."""

NO_OUTSIDE = Denied("ERR_CANNOTSENDTOCHAN", "+n")
NO_ACCOUNT = Denied("ERR_CANNOTSENDTOCHAN", "+M")
MODERATED = Denied("ERR_CANNOTSENDTOCHAN", "+m")
BANNED = Denied("ERR_CANNOTSENDTOCHAN", "+b")
MUTED = Denied("ERR_CANNOTSENDTOCHAN", "~m")
NOT_MEMBER = Denied("ERR_NOTONCHANNEL")
NO_RANK = Denied("ERR_CHANOPRIVSNEEDED")


def may_speak(room: Room, user: User) -> Denied | None:
    """PRIVMSG, NOTICE and TAGMSG. Any rank speaks; bans silence as well as shut out."""
    rank = room.members.get(user)
    if rank:
        return None
    if rank is None and "n" in room.flags and not may_speak_from_outside(user.agent, room.name):
        return NO_OUTSIDE
    if "m" in room.flags and "U" not in room.flags:
        return MODERATED
    if "M" in room.flags and user.account is None:
        return NO_ACCOUNT
    if room.bans:
        if is_banned(room, user):
            return BANNED
        if is_muted(room, user):
            return MUTED
    return None


def may_join(room: Room, user: User, key: str | None) -> Denied | None:
    """An invitation overrides +i, +l and +b (modern-irc, INVITE), and so does the right to override; who
    operates a registered room by its list always gets in."""
    denied = _join_denied(room, user, key)
    if denied is None or room.key in user.invited or (user.rights and may(user, "override")):
        return None
    return None if room.founder and granted(room, user) >= HALF_OPERATOR else denied


def _join_denied(room: Room, user: User, key: str | None) -> Denied | None:
    if room.password and key != room.password:
        return Denied("ERR_BADCHANNELKEY")
    if "i" in room.flags and not _matches_any(room, "I", user):
        return Denied("ERR_INVITEONLYCHAN")
    if "R" in room.flags and user.account is None:
        return Denied("ERR_NEEDREGGEDNICK")
    if "z" in room.flags and not user.secure:
        return Denied("ERR_SECUREONLYCHAN")
    if room.limit and len(room.members) >= room.limit:
        return Denied("ERR_CHANNELISFULL")
    if room.bans and is_banned(room, user):
        return Denied("ERR_BANNEDFROMCHAN")
    return None


def link_lets_in(room: Room, user: User, opens: bool) -> bool:
    """Whether an invitation by link overrides the room's modes: as INVITE by its maker would, but no ban,
    since links are passed on, and no room that is for secure connections."""
    return opens and not is_banned(room, user) and ("z" not in room.flags or user.secure)


def heard_by_operators(room: Room, user: User) -> bool:
    """Mode U: what who has no rank says goes to half-operators and higher alone."""
    return "U" in room.flags and not room.members.get(user)


def may_change_nick(user: User) -> Room | None:
    """The room that forbids it (mode N); None when there is none."""
    return next((room for room, rank in ((one, one.members[user]) for one in user.rooms)
                 if "N" in room.flags and rank < HALF_OPERATOR), None)  # fmt: skip


def may_have_another_room(user: User) -> Denied | None:
    return Denied("ERR_TOOMANYCHANNELS") if len(user.rooms) >= limits.ROOMS_PER_USER else None


def may_see(room: Room, user: User) -> bool:
    """Whether its members, topic and existence may be known."""
    return not room.secret or user in room.members or may(user, "see-rooms")


def may_read_history(room: Room, user: User) -> bool:
    """What was said in a room is for those who are in it now, and were let in."""
    return user in room.members


def history_floor_ms(room: Room, user: User) -> int:
    """From when on a member may read what was said; 0: all of it. Rooms may keep newcomers from what was
    before them (`SET #room history-seen joined`); whom their list names reads all."""
    if room.since_ms is None or room.settings.get("history-seen") != "joined" or granted(room, user):
        return 0
    return room.since_ms.get(user, 0)


def may_set_topic(room: Room, user: User) -> Denied | None:
    rank = room.members.get(user)
    if may(user, "override"):
        return None
    if rank is None:
        return NOT_MEMBER
    return NO_RANK if "t" in room.flags and rank < HALF_OPERATOR else None


def may_change_modes(room: Room, user: User) -> Denied | None:
    """Any change of modes at all; single ranks are judged by `may_give_rank`."""
    return None if _rank(room, user) >= HALF_OPERATOR else NO_RANK


def may_give_rank(room: Room, user: User, letter: str) -> Denied | None:
    """Voice by half-operators, what is below founder by operators, founder and protection by founders. Giving
    up one's own is always allowed by the caller."""
    return None if _rank(room, user) >= NEEDED[letter] else NO_RANK


def may_take_rank(room: Room, user: User, letter: str, target: User) -> Denied | None:
    """Nobody takes a rank from who is above them."""
    if highest(_rank(room, target)) > highest(_rank(room, user)):
        return NO_RANK
    return may_give_rank(room, user, letter)


def may_rename(room: Room, user: User) -> Denied | None:
    """The founder of a registered room; who operates one that is nobody's."""
    if user not in room.members and not may(user, "override"):
        return NOT_MEMBER
    return None if _rank(room, user) >= (FOUNDER if room.founder else OPERATOR) else NO_RANK


def may_kick(room: Room, user: User, target: User) -> Denied | None:
    """Nobody kicks above their own rank."""
    if user not in room.members and not may(user, "override"):
        return NOT_MEMBER
    rank = _rank(room, user)
    if rank < HALF_OPERATOR or highest(_rank(room, target)) > highest(rank):
        return NO_RANK
    return NO_RANK if "Q" in room.flags and rank < PROTECTED else None


def may_redact(room: Room, user: User) -> Denied | None:
    """What others have said, however long ago: operators of the room; of the server, those who override."""
    if user not in room.members and not may(user, "override"):
        return NOT_MEMBER
    return None if _rank(room, user) >= HALF_OPERATOR else NO_RANK


def may_invite(room: Room, user: User, bot: bool = False) -> Denied | None:
    """Any member invites people; into a room that is by invitation only or says so (+V), its operators, and
    they alone let a program in (`bot`), which may carry elsewhere what it hears."""
    if user not in room.members:
        return NOT_MEMBER
    closed = "i" in room.flags or "V" in room.flags or bot
    return NO_RANK if closed and _rank(room, user) < HALF_OPERATOR else None


def is_banned(room: Room, user: User) -> bool:
    """Shut out, and silenced: mutes apart."""
    return _matches_any(room, "b", user, mutes=False) and not _matches_any(room, "e", user, mutes=False)


def is_muted(room: Room, user: User) -> bool:
    """Silenced, but not shut out (~m:); who is excepted from bans is from mutes as well."""
    return _matches_any(room, "b", user, mutes=True) and not (
        _matches_any(room, "e", user, mutes=True) or _matches_any(room, "e", user, mutes=False)
    )


def _matches_any(room: Room, letter: str, user: User, mutes: bool = False) -> bool:
    """Whether an entry of a list fits: one that mutes, or one that does not."""
    return any(mask.mask.startswith(MUTE) is mutes and matches(mask.mask, user)
               for mask in room.masks(letter).values())  # fmt: skip


def _rank(room: Room, user: User) -> int:
    """Who overrides ranks with the highest, from outside as well."""
    return FOUNDER if may(user, "override") else room.members.get(user, 0)
