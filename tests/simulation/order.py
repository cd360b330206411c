"""What keeps order in the simulated server, and what serves its people: bans, defence, files, tokens.

What belongs here: deeds about the whole server. What must not: talk and rooms (`repertoire`).
"""

from __future__ import annotations

from tests.simulation.identities import NAMES
from tests.simulation.member import Member
from tests.support.pushing import Device

KEYS = Device().keys
NETWORKS = ("192.0.2.0/24", "2001:db8::/32", "192.0.2.9", "*!*@nowhere", "nobody!*@*", "~r:nobody*")


def keep_the_server(member: Member, nick: str) -> None:
    """Bans are short: the world has to go on."""
    rng = member.rng
    seconds = f"{rng.randint(1, 4)}s"
    member.send(member.tagged(rng.choice([
        f"UBAN ADD {rng.choice(NETWORKS)} {seconds} FORCE raid", f"UBAN ADD {nick} {seconds} :why|a note",
        f"UBAN LOGIN {rng.choice(NETWORKS)} {seconds} FORCE", f"UBAN EXEMPT {rng.choice(NETWORKS)} {seconds}",
        "UBAN DEL 1", f"UBAN DEL {rng.choice(NETWORKS)}", "UBAN LIST", f"UBAN INFO {nick}",
        f"UBAN TEST {rng.choice(NETWORKS)}", "UBAN", "UBAN EAT x",
        f"KLINE {seconds} {nick} MYSELF :out", f"KLINE {seconds} *!*@nowhere", "KLINE LIST",
        "UNKLINE *!*@nowhere",
        f"DLINE {seconds} 192.0.2.7 :out", "UNDLINE 192.0.2.7", f"ELINE {seconds} 192.0.2.7",
        "UNELINE 192.0.2.7",
        "DEFCON", f"DEFCON {rng.randint(1, 5)}", "DEFCON 5", "DEFCON 5", "DEFCON x",
        f"SUSPEND {rng.choice(NAMES)} 2s :why", f"UNSUSPEND {rng.choice(NAMES)}",
        f"UNSUSPEND {rng.choice(NAMES)}",
        "AUDIT", "AUDIT LIST", "ANNOUNCE :hear ye", "STATS u", "STATS k", "STATS o",
        f"MODE {member.ear.nick or 'ana'} +s", f"MODE {member.ear.nick or 'ana'} +s cdkx",
        f"MODE {member.ear.nick or 'ana'} -s", f"MODE {member.ear.nick or 'ana'} -o",
    ])))  # fmt: skip


def open_doors(member: Member, room: str) -> None:
    """Links that let people in, for a second or an hour, once or for ever; and whoever follows them."""
    rng = member.rng
    word = rng.choice(member.world.book.words())
    member.send(member.tagged(rng.choice([
        f"CS LINK {room}", f"CS LINK {room} {rng.choice(['1s', '5s', '1h', '99y'])} {rng.randint(1, 3)}",
        f"CS LINK {room} 2s", f"CS LINKS {room}", *[f"CS UNLINK {room} *"] * 3, f"CS UNLINK {room} {word}",
        *[f"CS ENTER {word}"] * 5, f"JOIN {room} {word}",
    ])))  # fmt: skip


def be_pushed_to(member: Member, room: str, nick: str) -> None:
    """Devices come and go; and somebody is named, who may be away."""
    rng, unit = member.rng, member.world.number()
    endpoint = f"https://push.example.org/{rng.randint(1, 4)}"
    member.send(member.tagged(rng.choice([
        f"WEBPUSH REGISTER {endpoint} {KEYS}", f"WEBPUSH REGISTER {endpoint} {KEYS}",
        f"WEBPUSH UNREGISTER {endpoint}", "WEBPUSH REGISTER http://x p256dh=x", "WEBPUSH", "AWAY :u0.lejos",
        *[f"PRIVMSG {to} :u{unit}.{nick} {nick}" for to in (room, room, nick, nick, rng.choice(NAMES))],
    ])))  # fmt: skip


def be_served(member: Member, room: str) -> None:
    rng = member.rng
    member.send(member.tagged(rng.choice([
        "FILES LIST", f"FILES LIST {room}", "FILES USED", "FILES DELETE nothing", "FILES", "FILES EAT",
        "TOKEN LIST", "TOKEN GENERATE FILEHOST", f"TOKEN GENERATE FILEHOST {room}", "TOKEN GENERATE nothing",
        "TOKEN VALIDATE FILEHOST :x", "TOKEN", "NS EXPORT", "NS EXPORTAR", f"MARKREAD {room}",
        f"MARKREAD {room} timestamp=2026-09-21T14:13:25.000Z", f"MARKREAD {room} nonsense", "PERSISTENCE GET",
        "LANGUAGE es", "LANGUAGE en", f"KNOCK {room}", "SERVLIST", "SQUERY NickServ :HELP", "USERS", "MAP",
        "LINKS", "HELPOP", "NS HELP", "CS HELP", "NICKSERV INFO Marta", "CHANSERV INFO #uno", "STATS",
    ])))  # fmt: skip
