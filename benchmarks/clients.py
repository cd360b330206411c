"""What the crowd's clients know: mixtures of capabilities, and what a server grants of them.

What belongs here: which member asks for what, and what follows of it for what it says and hears. What must
not: the connections that talk (`crowd.py`), and what they say (`talk.py`).

A server is asked once what it offers, and only that is requested, so a refusal is an error: how often each
message must arrive depends on what was granted.
"""

from __future__ import annotations

import contextlib
import socket
from dataclasses import dataclass

EVERYTHING = ("server-time", "message-tags", "account-tag", "echo-message", "labeled-response", "batch")
REGISTRATION = "draft/account-registration"  # accounts "without help": a client makes its own
ACCOUNT_EVERY = 8  # one in so many has an account
ANSWER_SECONDS = 20.0
SCOUT = "scout"

MIXTURES: dict[str, tuple[tuple[str, ...], ...]] = {
    "plain": ((),),
    "tags": (EVERYTHING,),
    "mixed": ((), ("server-time",), EVERYTHING),
}
"""What the members ask for, in turn."""

DESCRIBED = {
    "plain": "plain: nobody negotiates anything",
    "tags": f"tags: all ask for {', '.join(EVERYTHING)}; one in {ACCOUNT_EVERY} logs in; lines are labelled",
    "mixed": f"mixed: in turn plain, server-time alone, and as in `tags`; one in {ACCOUNT_EVERY} logs in",
}


@dataclass(frozen=True)
class Client:
    """One member: what it has negotiated."""

    capabilities: tuple[str, ...] = ()
    account: bool = False

    @property
    def echoes(self) -> int:
        """How often it hears what it says itself."""
        return int("echo-message" in self.capabilities)

    @property
    def labels(self) -> bool:
        return "labeled-response" in self.capabilities and "batch" in self.capabilities

    @property
    def hello(self) -> str:
        """What it says before NICK and USER."""
        return f"CAP REQ :{' '.join(self.capabilities)}\r\n" if self.capabilities else ""

    @property
    def log_in(self) -> str:
        """What it says once it is welcome, to make itself an account; answered with `REGISTER SUCCESS`."""
        return "REGISTER * * a-password-of-the-crowd\r\n" if self.account else ""


@dataclass(frozen=True)
class Clients:
    """The members of a crowd by their number."""

    kinds: tuple[Client, ...] = (Client(),)
    accounts: bool = False

    def __getitem__(self, index: int) -> Client:
        kind = self.kinds[index % len(self.kinds)]
        return Client(kind.capabilities, True) if self.accounts and index % ACCOUNT_EVERY == 0 else kind

    def without_accounts(self) -> Clients:
        return Clients(self.kinds)

    def also(self, capability: str) -> Clients:
        """All of them know this one, too."""
        kinds = [dict.fromkeys((*kind.capabilities, capability)) for kind in self.kinds]
        return Clients(tuple(Client(tuple(kind)) for kind in kinds), self.accounts)


PLAIN = Clients()


def all_with(capabilities: str) -> Clients:
    """Everybody asks for the same."""
    return Clients((Client(tuple(capabilities.split())),))


def mixture(name: str, offered: frozenset[str]) -> Clients:
    """One of `MIXTURES`, as far as a server offers it."""
    kinds = tuple(Client(tuple(word for word in kind if word in offered)) for kind in MIXTURES[name])
    return Clients(kinds, accounts=name != "plain" and REGISTRATION in offered)


def granted(found: Clients) -> str:
    """For the reader of the table."""
    names = dict.fromkeys(name for kind in found.kinds for name in kind.capabilities)
    return ", ".join([*names, *["accounts"] * found.accounts]) or "none of it"


# --- What a server offers ---------------------------------------------------------------------------------


def offered(address: tuple[str, int]) -> frozenset[str]:
    """The names in the server's CAP LS. Raises OSError when it does not let anybody in."""
    names: set[str] = set()
    with socket.create_connection(address, ANSWER_SECONDS) as scout, scout.makefile("rb") as answers:
        scout.sendall(f"CAP LS 302\r\nNICK {SCOUT}\r\nUSER u 0 * :r\r\nCAP END\r\n".encode())
        for line in answers:
            words = line.decode(errors="replace").split()
            if words[:1] == ["PING"]:
                scout.sendall(b"PONG " + line[5:])
            elif words[:1] == ["ERROR"]:
                break
            elif words[1:2] == ["CAP"] and words[3:4] == ["LS"]:
                names.update(word.lstrip(":").partition("=")[0] for word in words[4:])
            elif words[1:2] == ["001"]:
                with contextlib.suppress(OSError):
                    scout.sendall(b"QUIT\r\n")
                return frozenset(names - {"*"})
    raise ConnectionError(f"{address}: no welcome")
