"""What each command looks like when it is meant: lines with holes, a few for every name of the registry.

What belongs here: shapes, and what may fill their holes. What must not: what comes of them (`sessions`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

NICKS = ("ana", "beto", "caro", "dani", "eva", "José", "root2", "ñu")
ROOMS = ("#a", "#b", "#c", "#ñ", "#secreta")
ACCOUNTS = ("ana", "beto", "Eva")
PASSWORD = "longpassword"
TIMES = ("2020-01-01T00:00:00.000Z", "2026-09-21T14:13:20.000Z", "2099-01-01T00:00:00.000Z")
MASKS = ("*!*@*", "eva!*@*", "*!*@192.0.2.*", "~a:ana", "~m:eva", "~j:#a", "~r:*x*", "192.0.2.0/24", "beto")
HOLES: dict[str, Sequence[str]] = {
    "nick": NICKS, "room": ROOMS, "target": (*NICKS, *ROOMS, "@#a", "NickServ", "*"), "account": ACCOUNTS,
    "time": TIMES, "mask": MASKS, "seconds": ("1s", "5s", "1m"), "number": ("1", "3", "50", "5000", "0"),
    "text": ("hola", "¿qué tal?", "a b c", "\x01ACTION x\x01", "", "x" * 300, "\x02b\x02 \x0304c"),
    "key": ("status", "color", "k1", "tertulia.chat/no-models", "$"), "sign": ("+", "-"),
    "flag": tuple("imnstCMNQRTVzuSUc"), "rank": tuple("qaohv"), "caps": (),
}  # fmt: skip
"""`{msgid}` and `{caps}` are filled by who knows them."""

SELECTOR = ("msgid={msgid}", "timestamp={time}")
SHAPES: dict[str, tuple[str, ...]] = {
    "ADMIN": ("",), "ANNOUNCE": (":{text}",), "AUDIT": ("", "{number}", "who=root", "target={nick}"),
    "AUTHENTICATE": ("PLAIN", "EXTERNAL", "SCRAM-SHA-256", "*", "+", "AGFuYQBsb25ncGFzc3dvcmQ=", "biws"),
    "AWAY": ("", ":{text}", "*"),
    "BATCH": ("+r draft/multiline {target}", "+s tertulia.chat/stream {room}", "-r", "-s"),
    "CAP": ("LS 302", "LIST", "REQ :{caps}", "REQ :-{caps}", "END"),
    "CHANSERV": ("INFO {room}", "HELP"),
    "CHATHISTORY": (
        "LATEST {target} * {number}", *(f"{way} {{target}} {one} {{number}}" for one in SELECTOR
                                        for way in ("LATEST", "BEFORE", "AFTER", "AROUND")),
        "BETWEEN {target} msgid={msgid} timestamp={time} {number}",
        "TARGETS timestamp={time} timestamp={time} {number}",
    ),
    "CHGHOST": ("{nick} some.host", "{nick}"),
    "CS": (
        "REGISTER {room}", "INFO {room}", "LIST", "ACCESS {room}", "ACCESS {room} ADD {account} op",
        "ACCESS {room} DEL {account}", "OP {room} {nick}", "UP", "DOWN {room}", "DROP {room}",
        "BAN {room} {nick} {seconds}", "MUTE {room} {nick}", "UNMUTE {room} {nick}",
        "KICK {room} {nick} {text}",
        "SET {room} history off", "SET {room} history 30", "SET {room} history-seen joined",
        "SET {room} welcome {text}", "SET {room} successor {account}", "TRANSFER {room} {account}",
        "AMODE {room} +h {account}", "HELP", "AYUDA",
    ),
    "DEFCON": ("", "5", "5", "5", "3", "1"), "DLINE": ("{seconds} 192.0.2.7 :{text}", "LIST"),
    "ELINE": ("{seconds} 192.0.2.9", "LIST"),
    "FILES": ("LIST", "LIST {room}", "USED", "DELETE http://127.0.0.1/files/x/y"),
    "HELP": ("", "JOIN"), "HELPOP": ("",), "INFO": ("",), "INVITE": ("{nick} {room}", ""),
    "ISON": ("{nick} {nick}",), "ISUPPORT": ("",), "JOIN": ("{room}", "{room},{room}", "{room} llave", "0"),
    "KICK": ("{room} {nick}", "{room} {nick},{nick} :{text}"), "KILL": ("{nick} :{text}",),
    "KLINE": ("{seconds} {nick} :{text}", "LIST"), "KNOCK": ("{room} :{text}",),
    "LANGUAGE": ("", "es", "en"), "LINKS": ("",), "LIST": ("", ">1", "{room}", "*a*,T>1"), "LUSERS": ("",),
    "MAP": ("",), "MARKREAD": ("{target}", "{target} timestamp={time}"),
    "METADATA": (
        "{target} GET {key}", "{target} LIST", "* SET {key} :{text}", "* SET {key}",
        "{room} SET {key} :{text}",
        "{target} CLEAR", "* SUB {key} {key}", "* UNSUB {key}", "* SUBS", "{target} SYNC", "*ALL SYNC",
    ),
    "MODE": (
        "{room}", "{room} {sign}{flag}", "{room} {sign}{rank} {nick}", "{room} {sign}b {mask}", "{room} b",
        "{room} +k llave", "{room} -k llave", "{room} +l 3", "{room} +f {room}", "{room} +F 4:2",
        "{room} -lfF",
        "{room} {sign}I {mask}", "{room} {sign}e {mask}", "{nick} +B", "{nick} -B", "{nick} +s", "{nick} -o",
    ),
    "MONITOR": ("+ {nick},{nick}", "- {nick}", "L", "S", "C"), "MOTD": ("",),
    "NAMES": ("{room}", "{room},{room}", ""), "NICK": ("{nick}", "{nick}2", "{nick}_"),
    "NICKSERV": ("INFO {account}", "HELP"), "NOTICE": ("{target} :{text}",),
    "NS": (
        "REGISTER " + PASSWORD, "IDENTIFY {account} " + PASSWORD, "LOGOUT", "INFO", "SESSIONS",
        "SESSIONS CLOSE OTHERS", "GHOST {nick}", "SET always-on on", "SET always-on off",
        "SET multi-session off", "CERT", "CERT ADD", "EXPORT", "EXPORTAR", "HELP", "AYUDA",
        "PASSWORD " + PASSWORD + " " + PASSWORD, "DROP " + PASSWORD, "DROP " + PASSWORD + " WORDS",
    ),
    "OPER": ("root geheim", "root wrong", "root"), "PART": ("{room}", "{room},{room} :{text}"),
    "PASS": ("x",), "PERSISTENCE": ("GET", "SET ON", "SET OFF", "SET DEFAULT"),
    "PING": ("x",), "PONG": ("x",), "PRIVMSG": ("{target} :{text}", "{target},{target},{room} :{text}"),
    "QUIT": (":{text}",), "REDACT": ("{target} {msgid} :{text}", "{target} {msgid}"),
    "REGISTER": ("* * " + PASSWORD, "{account} * " + PASSWORD), "REHASH": ("",),
    "RENAME": ("{room} {room} :{text}", "{room} #new"),
    "SEARCH": ("text=hola", "in={target};text=a*", "from={nick};limit={number}", "{room} hola", '"a b"',
               "after={time};before={time}"),
    "SERVLIST": ("",), "SETNAME": (":{text}",), "SQUERY": ("NickServ :HELP",),
    "STATS": ("", "u", "k", "o", "m"), "SUMMON": ("",), "SUSPEND": ("{account} :{text}",),
    "TAGMSG": ("{target}",), "TBAN": ("{room} {seconds} {mask}",), "TIME": ("",),
    "TOKEN": ("SERVICELIST", "GENERATE FILEHOST", "GENERATE FILEHOST {room}", "VALIDATE FILEHOST :x"),
    "TOPIC": ("{room}", "{room} :{text}"),
    "UBAN": ("ADD {mask} {seconds} :{text}", "LOGIN {mask} {seconds}", "EXEMPT {mask} {seconds}", "DEL 1",
             "LIST", "INFO {nick}", "TEST {mask}", "ADD 192.0.2.0/24 {seconds} FORCE"),
    "UNDLINE": ("192.0.2.7",), "UNELINE": ("192.0.2.9",), "UNKLINE": ("{mask}",), "UNSUSPEND": ("{account}",),
    "USER": ("u 0 * :{text}",), "USERHOST": ("{nick} {nick}",), "USERS": ("",),
    "VERIFY": ("{account} 000000",), "VERSION": ("",), "WALLOPS": (":{text}",),
    "WEBIRC": ("geheim gateway host 192.0.2.1",), "WHO": ("{room}", "{nick} %tcuihsnfdlaor,7", "* o"),
    "WEBPUSH": ("REGISTER https://push.example.org/x p256dh=x;auth=y",
                "UNREGISTER https://push.example.org/x"),
    "WHOIS": ("{nick}", "{nick} {nick}"), "WHOWAS": ("{nick}", "{nick} {number}"),
}  # fmt: skip
ANY = ("", "{target}", "{target} {text}", "{room} {nick} :{text}", "LIST", "{number}")
"""For a command that has no shape of its own."""
TAGS = (
    "label=x{number}", "+typing=active", "+draft/reply={msgid}", "+draft/react=👍;+draft/reply={msgid}",
    "batch=r", "batch=s", "batch=s;tertulia.chat/concat", "+tertulia.chat/stop={msgid}",
)  # fmt: skip


def line(rng: Random, verb: str, fill: Callable[[str], str]) -> str:
    """A line of this command as somebody would type it. `fill`: for the holes that are not in `HOLES`."""
    shape = f"{verb} {rng.choice(SHAPES.get(verb, ANY))}".rstrip()
    if rng.random() < 0.15:
        shape = f"@{rng.choice(TAGS)} {shape}"
    while "{" in shape:
        before, _, rest = shape.partition("{")
        hole, _, after = rest.partition("}")
        words = HOLES.get(hole, ())
        filled = rng.choice(words) if words else fill(hole)
        shape = f"{before}{filled}{after}"
    return shape
