"""What a simulated member may do: a table of deeds with how often each is done.

What belongs here: one small function a deed, which writes lines with the member's pen. What must not: what
the
server should make of them.
"""

from __future__ import annotations

from collections.abc import Callable

from tertulia.protocol import capabilities as cap
from tertulia.protocol.casemap import fold
from tests.simulation import order
from tests.simulation.ear import UNDERSTOOD
from tests.simulation.identities import log_in, own_account
from tests.simulation.member import Member, OpenStream

NICKS = ("ana", "Beto", "caro", "José", "lola", "{max}", "[MAX]", "ñu", "eva", "zoe", "Straße", "bot1")
ROOMS = ("#uno", "#dos", "#TRES", "#cañada", "#secreta", "#UNO", "#x")
OPERATOR = ("root", "geheim")
Deed = Callable[[Member], None]

LETTERS = b"abcdefghijklmnopqrstuvwxyzBI+-"


def room(member: Member) -> str:
    """Mostly a room it is in; sometimes any."""
    inside = sorted(member.ear.rooms)
    return member.rng.choice(inside if inside and member.rng.random() < 0.85 else ROOMS)


def nick(member: Member) -> str:
    inside = sorted({name for names in member.ear.rooms.values() for name in names})
    return member.rng.choice(inside if inside and member.rng.random() < 0.8 else NICKS)


def target(member: Member) -> str:
    chance = member.rng.random()
    if chance < 0.7:
        return room(member)
    if chance < 0.78:
        return member.rng.choice("@+%") + room(member)
    return nick(member)


# --- Talk -------------------------------------------------------------------------------------------------


def say(member: Member) -> None:
    unit = member.world.number()
    kind = "PRIVMSG" if member.rng.random() < 0.85 else "NOTICE"
    tags = [f"+u=u{unit}."] if member.rng.random() < 0.2 else []
    if member.rng.random() < 0.1:
        tags += ["tertulia.chat/model=m", "tertulia.chat/hops=9", "account=root", "msgid=1"]
    member.send(member.tagged(f"{kind} {target(member)} :{member.words(unit, 20)}", *tags))


def say_to_several(member: Member) -> None:
    unit = member.world.number()
    targets = {fold(name): name for name in (target(member) for _ in range(member.rng.randint(2, 6)))}
    member.send(member.tagged(f"PRIVMSG {','.join(targets.values())} :{member.words(unit)}"))


def paste(member: Member) -> None:
    """Many lines at once, as people do; with flood control it is more than may wait."""
    to = room(member)
    for _ in range(member.rng.randint(5, 40)):
        member.send(f"PRIVMSG {to} :{member.words(member.world.number(), 3)}")


def tag(member: Member) -> None:
    member.send(member.tagged(f"TAGMSG {target(member)}", f"+typing=active;+u=u{member.world.number()}."))


def reply(member: Member) -> None:
    unit = member.world.number()
    known = sorted(member.world.store.messages)[-5:]
    answered = f"{member.rng.choice(known):x}" if known else "1"
    member.send(member.tagged(f"PRIVMSG {target(member)} :{member.words(unit)}", f"+draft/reply={answered}"))


def multiline(member: Member) -> None:
    if not member.has(cap.MULTILINE):
        return
    unit, to = member.world.number(), target(member)
    lines = [member.tagged(f"BATCH +r{unit} draft/multiline {to}", f"+u=u{unit}.")]
    kind = "PRIVMSG" if member.rng.random() < 0.85 else "NOTICE"
    for at in range(member.rng.randint(1, 6)):
        concat = ";draft/multiline-concat" if at and member.rng.random() < 0.3 else ""
        text = member.words(unit) if concat or not at or member.rng.random() < 0.85 else ""
        lines.append(f"@batch=r{unit}{concat} {kind} {to} :{text}")
    if member.rng.random() < 0.1:
        lines.insert(1, f"@batch=r{unit} PRIVMSG #elsewhere :no")
    if member.rng.random() < 0.95:
        lines.append(f"BATCH -r{unit}")
    member.send(*lines)


# --- Streams ----------------------------------------------------------------------------------------------


def open_stream(member: Member) -> None:
    if not member.has(cap.STREAM) or len(member.streams) > 2:
        return
    unit, to = member.world.number(), target(member).lstrip("@%+")
    tags = [f"+u=u{unit}."]
    if member.rng.random() < 0.3:
        tags.append("tertulia.chat/model=qwen")
    member.send(member.tagged(f"BATCH +r{unit} tertulia.chat/stream {to}", *tags))
    member.streams.append(OpenStream(f"r{unit}", to, unit))
    if member.rng.random() < 0.3:
        grow_stream(member)
        end_stream(member)


def grow_stream(member: Member) -> None:
    if not member.streams:
        return
    stream = member.rng.choice(member.streams)
    for _ in range(member.rng.randint(1, 5)):
        concat = stream.pieces and member.rng.random() < 0.75
        blank = stream.pieces and not concat and member.rng.random() < 0.2
        text = "" if blank else member.words(stream.unit, 6)
        if not concat and not blank and member.rng.random() < 0.1:
            text = f"    {text}"
        if concat and member.rng.random() < 0.7:
            text = f" {text}"
        if member.rng.random() < 0.02:
            text = f"u{stream.unit}.{' ' * 300}u{stream.unit}."
        mark = ";tertulia.chat/concat" if concat else ""
        member.send(f"@batch={stream.reference}{mark} PRIVMSG {stream.target} :{text}")
        stream.pieces += 1
    if member.rng.random() < 0.02:
        member.send(f"@batch={stream.reference} PRIVMSG #elsewhere :u{stream.unit}.")


def end_stream(member: Member) -> None:
    if member.streams:
        stream = member.streams.pop(member.rng.randrange(len(member.streams)))
        tags = member.rng.choice(["", "", "", "@tertulia.chat/stopped ", "@tertulia.chat/tokens-out=7 "])
        member.send(f"{tags}BATCH -{stream.reference}")


def stop_stream(member: Member) -> None:
    opened = [spoken for spoken in member.ear.journal.open.values() if spoken.stream]
    if opened:
        of = member.rng.choice(opened).message
        member.send(member.tagged(f"TAGMSG {of.target}", f"+tertulia.chat/stop={of.id:x}"))


# --- Rooms ------------------------------------------------------------------------------------------------


def join(member: Member) -> None:
    rooms = [member.rng.choice(ROOMS) for _ in range(member.rng.randint(1, 3))]
    keys = member.rng.choice(["", "", "", " llave", " llave,llave"])
    member.send(member.tagged(f"JOIN {','.join(rooms)}{keys}"))


def part(member: Member) -> None:
    if member.rng.random() < 0.05:
        member.send(member.tagged("JOIN 0"))
    else:
        member.send(member.tagged(f"PART {room(member)} :{member.words(member.world.number(), 2)}"))


def kick(member: Member) -> None:
    nicks = ",".join(dict.fromkeys(nick(member) for _ in range(member.rng.randint(1, 2))))
    member.send(member.tagged(f"KICK {room(member)} {nicks} :{member.words(member.world.number(), 2)}"))


def topic(member: Member) -> None:
    words = member.rng.choice(["", " :", f" :{member.words(member.world.number(), 4)}"])
    member.send(member.tagged(f"TOPIC {room(member)}{words}"))


def rename_room(member: Member) -> None:
    new = member.rng.choice([*ROOMS, "#nueva", "#otra"])
    member.send(member.tagged(f"RENAME {room(member)} {new} :{member.words(member.world.number(), 2)}"))


def ask_chanserv(member: Member) -> None:
    where, who = room(member), nick(member)
    wish = member.rng.choice([
        f"REGISTER {where}", f"INFO {where}", "LIST", f"ACCESS {where}",
        f"ACCESS {where} ADD {who}!*@* voice",
        f"ACCESS {where} DEL {who}!*@*", f"AMODE {where} +h {who}!*@*", f"OP {where} {who}", "UP",
        f"BAN {where} {who} 5s", f"MUTE {where} {who} 3s", f"UNBAN {where} {who}", f"UNMUTE {where} {who}",
        f"KICK {where} {who}", f"DROP {where}", "HELP", f"DOWN {where}",
    ])  # fmt: skip
    member.send(member.tagged(f"CS {wish}"))


def invite(member: Member) -> None:
    member.send(
        member.tagged(f"INVITE {nick(member)} {room(member)}" if member.rng.random() < 0.9 else "INVITE")
    )


def room_mode(member: Member) -> None:
    rng, name = member.rng, nick(member)
    wishes = [
        f"{rng.choice('+-')}{rng.choice('imnst')}", f"{rng.choice('+-')}{rng.choice('ohv')} {name}",
        f"{rng.choice('+-')}{rng.choice('ohv')}{rng.choice('ohv')} {name} {nick(member)}",
        f"+b u{member.world.number()}.*!*@*", f"+b {name}", f"-b {name}", f"+e {name}", f"+I {name}", "b",
        "e", "I",
        "+k llave", "-k", "+l 3", "-l", "", "+ntk-i llave", f"-{rng.choice('imnst')}",
        f"+b ~m:{name}", f"-b ~m:{name}", f"+e ~m:{name}", "+b ~j:#x", "-b ~j:#x", "+I ~!a:*",
        "+b ~z:", "-b ~z:",
        f"{rng.choice('+-')}{rng.choice('CMNQRTV')}", f"+f {room(member)}", "-fFj", "+F ~9:2", "+F 15:4",
        f"-{rng.choice('CMNQRTVz')}",
        f"-{rng.choice('imnst')}",
    ]  # fmt: skip
    member.send(member.tagged(f"MODE {room(member)} {rng.choice(wishes)}"))


def stage(member: Member) -> None:
    """The lights go out, somebody steps onto the stage or down from it, and they go on again."""
    rank = f"{member.rng.choice('+-')}{member.rng.choice('hv')} {nick(member)}"
    wish = member.rng.choice(["+u", "+u", "-u", rank, rank, rank, rank, f"+u{rank}", f"-u{rank}"])
    member.send(member.tagged(f"MODE {room(member)} {wish}"))


# --- Oneself ----------------------------------------------------------------------------------------------


def rename(member: Member) -> None:
    member.send(member.tagged(f"NICK {member.rng.choice(NICKS)}{member.rng.choice(['', '', '2', '_'])}"))


def own_mode(member: Member) -> None:
    wish = member.rng.choice(["+B", "-B", "+i", "-i", "+w", "-o", "", "+o", "+xyz"])
    member.send(member.tagged(f"MODE {member.ear.nick or 'ana'} {wish}"))


def away(member: Member) -> None:
    member.send(member.tagged(member.rng.choice(["AWAY", f"AWAY :{member.words(member.world.number(), 2)}"])))


def setname(member: Member) -> None:
    member.send(member.tagged(f"SETNAME :{member.words(member.world.number(), 2)}"))


def renegotiate(member: Member) -> None:
    """CAP REQ in the middle of a session, mostly of a name that exists."""
    item = member.rng.choice(["", "-"]) + member.rng.choice(UNDERSTOOD)
    wanted = cap.request(member.capabilities, item)
    assert wanted is not None
    member.send(member.tagged(f"CAP REQ :{item}"))
    member.capabilities = wanted
    if not member.has(cap.STREAM):
        member.streams.clear()  # to who takes no part in batches their tag means nothing
    if member.rng.random() < 0.2:
        member.send(member.tagged("CAP REQ :no-such-thing message-tags"), "CAP LIST", "CAP LS 302")


def become_operator(member: Member) -> None:
    password = OPERATOR[1] if member.rng.random() < 0.7 else "wrong"
    member.send(member.tagged(f"OPER {OPERATOR[0]} {password}"))


def keep_order(member: Member) -> None:
    wish = member.rng.choice([f"KILL {nick(member)} :{member.words(member.world.number(), 2)}",
                              f"CHGHOST {nick(member)} h{member.world.number()}.example",
                              f"CHGHOST {nick(member)}",
                              "WALLOPS :hear ye", "REHASH"])  # fmt: skip
    member.send(member.tagged(wish))


def keep_the_server(member: Member) -> None:
    order.keep_the_server(member, nick(member))


def be_served(member: Member) -> None:
    order.be_served(member, room(member))


def open_doors(member: Member) -> None:
    order.open_doors(member, room(member))


def be_pushed_to(member: Member) -> None:
    order.be_pushed_to(member, room(member), nick(member))


def quit(member: Member) -> None:
    member.send(f"QUIT :{member.words(member.world.number(), 2)}")


# --- Questions --------------------------------------------------------------------------------------------


def ping(member: Member) -> None:
    member.send(member.tagged(f"PING u{member.world.number()}."))


def ask(member: Member) -> None:
    who, where = nick(member), room(member)
    questions = [
        f"WHO {where}", f"WHO {who}", "WHO *", "WHO u*", f"WHO {where} %tcuihsnfdlaor,7", "WHO 0 o",
        f"WHOIS {who}",
        f"INSPECT MEMBER {who}", "INSPECT MEMBERS sort=-since", "INSPECT METRICS", "INSPECT ME",
        f"WHOIS {who} {who}", f"WHOWAS {who}", f"NAMES {where}", "NAMES", "LIST", "LIST >1,#*",
        f"LIST {where}",
        "LUSERS", "VERSION", "TIME", "ADMIN", "INFO", "HELP", "HELP JOIN", "MOTD", f"USERHOST {who} ana",
        f"ISON {who} ana", "CAP LIST", "ISUPPORT", f"MONITOR + {who},Eva", f"MONITOR - {who}", "MONITOR L",
        "MONITOR S",
        "MONITOR C",
    ]  # fmt: skip
    member.send(member.tagged(member.rng.choice(questions)))


def history(member: Member) -> None:
    if not member.has(cap.BATCH):
        return  # without batches what is replayed looks like what is said
    where = room(member) if member.rng.random() < 0.8 else nick(member)
    known = sorted(member.world.store.messages)
    one, other = (f"msgid={member.rng.choice(known):x}" if known else "msgid=1" for _ in range(2))
    limit = member.rng.choice([1, 3, 10, 50, 5000])
    now = "timestamp=2099-01-01T00:00:00.000Z"
    member.send(member.tagged("CHATHISTORY " + member.rng.choice([
        f"LATEST {where} * {limit}", f"LATEST {where} {one} {limit}", f"BEFORE {where} {one} {limit}",
        f"AFTER {where} {one} {limit}", f"AROUND {where} {one} {limit}",
        f"BETWEEN {where} {one} {other} {limit}",
        f"TARGETS timestamp=2020-01-01T00:00:00.000Z {now} {limit}", f"BEFORE {where} {now} {limit}",
        f"LATEST {where} nonsense 1", "LATEST", "NOSUCH #uno * 1",
    ])))  # fmt: skip


def search(member: Member) -> None:
    if not member.has(cap.BATCH) or not member.has(cap.SEARCH):
        return
    where, who = room(member), nick(member)
    member.send(member.tagged("SEARCH " + member.rng.choice([
        "text=té", f"in={where}", f"from={who}", f"in={where};from={who};limit=3", "text=a*;limit=5000",
        "after=2020-01-01T00:00:00.000Z;before=2099-01-01T00:00:00.000Z", f"in={who}", "text=", "limit=0",
        "x=y", ":",
    ])))  # fmt: skip


def metadata(member: Member) -> None:
    to = member.rng.choice(["*", room(member), nick(member)])
    member.send(member.tagged(f"METADATA {to} " + member.rng.choice([
        "SET status :té", "SET status", "SET color :#00ff00", "SET k1 :v", "SET k1", "SET $ :x", "CLEAR",
        "LIST", "GET status color $", "SUB status color", "SUB k1", "UNSUB status", "SUBS", "SYNC", "EAT",
    ])))  # fmt: skip


# --- Nonsense ---------------------------------------------------------------------------------------------


def garbage(member: Member) -> None:
    rng = member.rng
    member.send_raw(rng.choice([
        rng.randbytes(rng.randint(1, 60)).replace(b"\n", b"") + b"\r\n", b"\r\n\n\r\n", b":::: @ :\r\n",
        b"@ @ \r\n",
        b"PRIVMSG\r\n", b"PRIVMSG #uno\r\n", b"PRIVMSG #uno :\r\n", b"BATCH + x\r\n", b"BATCH -nothing\r\n",
        b"BATCH +r draft/multiline\r\n", b"BATCH +r nothing #uno\r\n", b"@batch=none PING\r\n",
        b"JOIN #uno\0\r\n",
        b"MODE #uno +" + bytes(rng.choices(LETTERS, k=20)) + b" a b c d e f\r\n",
        b"NICK :a b\r\n", b"NICK\r\n", b"USER a b c d\r\n", b"PASS x\r\n", b"CAP\r\n", b"CAP XX :x\r\n",
        b"JOIN :#a b,,,#\xff\r\n", b"WHO " + b"*a" * 60 + b"\r\n", b"@+a=\\:\\s\\ PRIVMSG ana,ana,ana :x\r\n",
        b"CHATHISTORY LATEST #nowhere * 99999999999999999999\r\n", b"PONG\r\n",
        b"LIST " + b"<1," * 50 + b"\r\n",
        b"KICK #uno ,,, x\r\n", b"MODE #uno +k :a b\r\n", b"MODE #uno +l -5\r\n", b"WHOX\r\n",
        b"PRIVMSG @#uno :x\r\n",
    ]))  # fmt: skip


def too_long(member: Member) -> None:
    rng = member.rng
    member.send_raw(rng.choice([
        b"PRIVMSG #uno :" + b"x" * rng.choice([499, 600, 4000, 9000]) + b"\r\n",
        b"@" + b"a" * rng.choice([4094, 4095, 8000]) + b" PING x\r\n", b"x" * 9000 + b"\n",
    ]))  # fmt: skip


DEEDS: tuple[tuple[Deed, int], ...] = (
    (say, 40), (say_to_several, 5), (paste, 2), (tag, 5), (reply, 4), (multiline, 8), (open_stream, 8),
    (grow_stream, 14), (end_stream, 6), (stop_stream, 1), (join, 12), (part, 5), (kick, 3), (topic, 4),
    (invite, 2), (room_mode, 9), (stage, 9), (ask_chanserv, 3),
    (rename_room, 1), (rename, 4), (own_mode, 3), (away, 3), (setname, 2),
    (renegotiate, 4),
    (become_operator, 2), (keep_order, 1), (keep_the_server, 2), (be_served, 3),
    (open_doors, 14), (be_pushed_to, 10),
    (quit, 1), (ping, 6), (ask, 8), (history, 8), (search, 3),
    (metadata, 5),
    (garbage, 6), (too_long, 2), (log_in, 2), (own_account, 4),
)  # fmt: skip
