"""Random events for the tests of this folder: few names, so that they often concern each other."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from tertulia.protocol.accounts import AccountRecord
from tertulia.protocol.modes import ROOM_MODES, Kind, ModeChange
from tertulia.protocol.rooms import Access
from tertulia.state import events as may

IDS = st.integers(1, 5)
NICKS = st.sampled_from(["ana", "ANA", "beto", "José", "joSÉ", "lola", "Straße", "STRASSE"])
ROOMS = st.sampled_from(["#a", "#A", "#b", "#ẞ\u0323", "#cañada", "#CAÑADA"])
WORDS = st.sampled_from(["", "uno", "dos"])
BY = st.just("ana!~ana@h")


@st.composite
def mode_changes(draw: st.DrawFn) -> ModeChange:
    letter, add = draw(st.sampled_from(sorted(ROOM_MODES))), draw(st.booleans())
    kind = ROOM_MODES[letter].kind
    if kind is Kind.FLAG or (kind is Kind.WHEN_SET and not add):
        return ModeChange(add, letter)
    params = {"k": "llave", "l": "3", "f": "#b", "F": "3:5", "j": "2:9"}.get(letter)
    masks = st.sampled_from(["a!*@*", "A!*@*", "*!*@h"])
    return ModeChange(add, letter, params or draw(masks if kind is Kind.LIST else NICKS))


USER_CHANGES = st.builds(ModeChange, st.booleans(), st.sampled_from("Biow"))
RECORDS = st.builds(
    AccountRecord,
    st.sampled_from(["ana", "josé"]),
    st.just("Ana"),
    st.integers(1, 2),
    certificates=st.sampled_from([(), ("c1",), ("c1", "c2")]),
    suspended=st.sampled_from(["", "", "spam"]),
).map(lambda record: replace(record, name=record.key.title()))
ACCESS = st.builds(Access, st.sampled_from(["ana", "josé", "a*!*@*", "~a:ana"]), st.sampled_from("qaohv"),
                   st.just("ana"), st.just(1))  # fmt: skip
EVENTS = st.one_of(
    st.builds(may.Enter, IDS, NICKS, st.just("~u"), st.just("h"), st.just("R"), st.sampled_from(["~",
    "cert:x"]),
              st.just(1)),
    st.builds(may.ChangeNick, IDS, NICKS),
    st.builds(may.Leave, IDS, WORDS, st.just(2)),
    st.builds(may.JoinRoom, IDS, ROOMS, st.just(3)),
    st.builds(may.JoinRoom, IDS, ROOMS, st.just(3)),
    st.builds(may.PartRoom, IDS, ROOMS, WORDS),
    st.builds(may.KickMember, IDS, ROOMS, BY, WORDS),
    st.builds(may.SetTopic, ROOMS, BY, WORDS, st.just(4)),
    st.builds(may.SetRoomModes, ROOMS, BY, st.just(5), st.lists(mode_changes(), max_size=4).map(tuple)),
    st.builds(may.RenameRoom, ROOMS, ROOMS, BY, WORDS, st.just(7)),
    st.builds(may.SetRegistration, ROOMS, st.just(""), st.sampled_from(["", "ana"]),
              st.sampled_from(["", "ana", "josé"]), st.just(6), st.lists(ACCESS, max_size=2).map(tuple),
              st.sampled_from([(), (("successor", "account:josé@1"),), (("F", "3:5"), ("history", "off"))])),
    st.builds(may.SetUserModes, IDS, st.lists(USER_CHANGES, max_size=3).map(tuple)),
    st.builds(may.SetAway, IDS, st.none() | WORDS),
    st.builds(may.SetRealname, IDS, WORDS),
    st.builds(may.BecomeOperator, IDS, st.just("root")),
    st.builds(may.Invite, BY, IDS, ROOMS),
    st.builds(may.RegisterAccount, RECORDS),
    st.builds(may.ChangeAccount, RECORDS),
    st.builds(may.DeleteAccount, st.sampled_from(["ana", "josé"]), st.booleans()),
    st.builds(may.LogIn, IDS, st.sampled_from(["ana", "josé"]), st.integers(0, 9_000)),
    st.builds(may.LogOut, IDS),
)  # fmt: skip


def enter(user: int, nick: str, identity: str = "~") -> may.Enter:
    return may.Enter(user, nick, "~u", "h", nick.title(), identity, 1)
