"""A user: somebody or something that has said who it is.

What belongs here: plain facts about one user. What must not: its connections (`server.session`) and its
rights.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tertulia.protocol.accounts import AccountRecord, identity_of
from tertulia.protocol.agents import AgentRecord
from tertulia.protocol.casemap import fold
from tertulia.protocol.rights import NONE

if TYPE_CHECKING:
    from tertulia.state.room import Room


class User:
    """Changed by `network.apply` only. Compared by identity, so it can be a key."""

    __slots__ = (
        "absent_since",
        "account",
        "address",
        "agent",
        "away",
        "door",
        "fingerprint",
        "guest",
        "host",
        "id",
        "identity",
        "invited",
        "key",
        "modes",
        "nick",
        "notices",
        "operator",
        "operator_by_account",
        "prefix",
        "realname",
        "rights",
        "rooms",
        "secure",
        "signon",
        "title",
        "username",
    )

    def __init__(
        self, id: int, nick: str, username: str, host: str, realname: str, identity: str, signon: int
    ) -> None:
        self.id = id
        self.username = username
        self.host = host
        self.realname = realname
        self.guest = identity  # whose private talk this is without an account: a certificate's or a guest's
        self.identity = identity  # whose private talk this is now
        self.signon = signon  # seconds since 1970
        self.account: str | None = None  # the name of the account it is logged in to
        self.agent: AgentRecord | None = None  # what its token is for, when it is an agent
        self.away: str | None = None
        self.absent_since = 0  # seconds since 1970: when its last connection ended; 0: it has one
        self.operator: str | None = None  # name of the operator block, when OPER succeeded
        self.operator_by_account = False  # it ends when the user leaves the account
        self.notices = ""  # letters of `protocol.snomasks` that it hears (mode +s)
        self.rights = NONE  # of `protocol.rights`
        self.title = ""  # how WHOIS calls the operator; "": as it calls all
        self.modes = ""  # letters of USER_MODES, sorted
        self.rooms: dict[Room, None] = {}  # in the order of joining
        self.invited: frozenset[str] = (
            frozenset()
        )  # folded names of rooms it may enter once; shared while empty
        self.door = ""
        self.address = ""
        self.secure = False
        self.fingerprint: str | None = None
        self.rename(nick)

    def rename(self, nick: str) -> None:
        self.nick = nick
        self.key = fold(nick)
        self.prefix = f"{nick}!{self.username}@{self.host}"
        if self.guest[:1] == "~":  # a guest of this machine is who its nick says
            self.guest = f"~{self.key}"
            if self.account is None:
                self.identity = self.guest

    def log_in(self, record: AccountRecord | None) -> None:
        """Whose it is from now on; None: nobody's but its own."""
        self.account = record.name if record is not None else None
        self.identity = identity_of(record) if record is not None else self.guest

    @property
    def bot(self) -> bool:
        return "B" in self.modes

    @property
    def invisible(self) -> bool:
        return "i" in self.modes
