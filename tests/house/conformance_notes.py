"""What the page of conformance says beside the tables of the code: where each thing is specified, what we do,
where we differ and why.

What belongs here: one note for each capability, token and command, and for specifications that are neither.
What must not: names that the code does not have (a test compares).
"""

from __future__ import annotations

from typing import NamedTuple


class Note(NamedTuple):
    does: str
    differs: str = "–"


# By the capability's name.
CAPABILITIES: dict[str, Note] = {
    "message-tags": Note(
        "Client-only tags are relayed and stored as they are, `TAGMSG`, 417 for too many, `CLIENTTAGDENY`",
        "`TAGMSG` is stored where it is a reaction, and else of the moment",
    ),
    "server-time": Note("On all that happened, live and replayed", "Not on direct answers: they happen now"),
    "batch": Note(
        "chathistory, labeled-response, multiline, isupport, metadata, netsplit, and our own stream"
    ),
    "echo-message": Note("With msgid and time; the echo comes after the message is stored"),
    "labeled-response": Note("One line, a batch, or `ACK`; the label is on the echo of what one said"),
    "multi-prefix": Note("In NAMES, WHO and WHOIS"),
    "userhost-in-names": Note("In NAMES"),
    "extended-join": Note("Account and real name"),
    "away-notify": Note("Also on joining, and of watched strangers with extended-monitor"),
    "sasl": Note("Authentication before registration and after it; see [accounts](accounts.md)"),
    "draft/account-registration": Note("`REGISTER` and `VERIFY`, before registration too where allowed"),
    "account-notify": Note("`ACCOUNT` on login and logout; also of watched strangers"),
    "account-tag": Note("On all that somebody with an account says and does, also in history"),
    "cap-notify": Note(
        "`CAP NEW` and `CAP DEL` for all that a reload changes in what `CAP LS` says, values too",
        "Implied by version 302 and cannot be switched off by the operator",
    ),
    "setname": Note("`SETNAME`, with `FAIL` for names that cannot be"),
    "invite-notify": Note("To half-operators and higher"),
    "chghost": Note("When an operator gives somebody a host; others see QUIT, JOIN and MODE, oneself 396"),
    "extended-monitor": Note("AWAY, ACCOUNT, CHGHOST and SETNAME of watched nicks"),
    "no-implicit-names": Note("No NAMES after one's own JOIN"),
    "draft/extended-isupport": Note("`ISUPPORT` before registration, its batch, and changes told"),
    "standard-replies": Note(
        "`FAIL` with the codes of each specification, in English or Spanish",
        "Where no specification asks for FAIL, clients without this capability get a NOTICE",
    ),
    "draft/channel-rename": Note(
        "`RENAME`, with PART and JOIN for others; history, lists, marks and registration go along; old names "
        "lead to the new one by FAIL or 470 until the server ends",
        "Once a minute; by founders, or operators of rooms that are nobody's",
    ),
    "draft/webpush": Note(
        "`WEBPUSH`, `VAPID`; private talk, and mentions in rooms, to whom is absent, away or inactive; "
        "`MARKREAD` where a device shows something; see [notifications](webpush.md)",
        "Needs an account. Several lines are pushed as one",
    ),
    "soju.im/webpush": Note("The same as `draft/webpush`, under the name that clients of soju ask for"),
    "draft/message-redaction": Note(
        "Own messages for an hour, and a model's answers to oneself; a room's operators and the server's "
        "any; also while a message grows. History leaves them out",
        "Of `TAGMSG`, reactions alone can be taken back. No fallback: it would only draw eyes",
    ),
    "draft/pre-away": Note(
        "`AWAY` before registration; a connection with `AWAY *` does not count where several share a user",
        "`*` is shown as it is when there is nothing else",
    ),
    "draft/oper": Note(
        "`draft/oper` without a value on what operators of the server say and do",
        "Sent to all with message-tags: WHOIS tells the same to everybody",
    ),
    "draft/persistence": Note(
        "`PERSISTENCE` GET, SET and STATUS: whether an account's user stays without a connection",
        "Opt-in unless `accounts.always_on` says otherwise; over restarts of the server too",
    ),
    "draft/read-marker": Note(
        "`MARKREAD`, on `JOIN`, told to the other connections of the account, kept over restarts",
        "A mark is kept for 256 conversations; guests' marks last as long as they are here",
    ),
    "draft/authtoken": Note(
        "`TOKEN`: chance for one service, good once and for ten minutes; claims as they are at that moment",
        "Tokens fit a line, so `GENERATE` answers in one",
    ),
    "draft/chathistory": Note(
        "LATEST, BEFORE, AFTER, AROUND, BETWEEN and TARGETS, for members of a room and for one's own talk",
        "Without batch the lines come alone; a selector may name a message that is gone",
    ),
    "draft/metadata-2": Note(
        "All subcommands, on users (kept for accounts) and rooms (kept), one's own before registration too "
        "and in a batch on entering; `METADATA` for changes",
        "All is visible to all. Where nothing is set, JOIN and MONITOR bring no empty batch",
    ),
    "draft/metadata-3": Note(
        "The same, with changes told as 761 and 766, WARN where it says so, and `*ALL`",
        "Its text is a proposal that servers speak already. An empty batch on JOIN and MONITOR is left out",
    ),
    "draft/event-playback": Note(
        "JOIN, PART, QUIT, KICK, MODE, TOPIC, NICK and reactions in the history of rooms that are remembered",
        "Who comes and goes is not kept of rooms of 200 and more; a crash may lose half a minute of it",
    ),
    "soju.im/search": Note(
        "All attributes, within one's rooms and own private talk; words without case and accents, phrases in "
        "quotes, `begin*`. See [history](history.md)",
        "Without the capability too: the answer then is NOTICEs for people to read",
    ),
    "draft/multiline": Note("Relayed, stored and replayed with its composition; plain lines for others"),
    "tertulia.chat/stream-whole": Note("Streams of others come whole, at their end"),
    "tertulia.chat/stream": Note("One message that grows; our own [specification](extensions/stream.md)"),
}

# Specifications without a capability of their own: name, file or link, status, note.
OTHERS: tuple[tuple[str, str, str, Note], ...] = (
    ("capability negotiation", "capability-negotiation.md", "ratified",
     Note("Versions 301 and 302, several lines, values, `CAP` at any time")),
    ("message-ids", "message-ids.md", "ratified",
     Note("The message's place in the log, in hexadecimal: it grows, and history is read by it")),
    ("monitor", "monitor.md", "ratified", Note("All subcommands; a list for each connection")),
    ("bot-mode", "bot-mode.md", "ratified",
     Note("Mode `B`, WHO, WHOIS 335, the `bot` tag on what bots say and do",
          "Not on numerics that a bot causes, nor on KILL and WALLOPS")),
    ("utf8-only", "utf8-only.md", "ratified",
     Note("What is not UTF-8 is refused", "`FAIL *`: the command's name may be part of what is not UTF-8")),
    ("whox", "whox.md", "ratified", Note("All fields", "`d` (hops) is 0 and `o` (level) says 1 or `n/a`")),
    ("sts", "sts.md", "ratified",
     Note("The port on plain doors, the duration on all, from the configuration; `CAP NEW` when it changes",
          "Not told to this machine's own clients, nor at the doors for browsers and sockets of files")),
    ("webirc", "webirc.md", "ratified",
     Note("By password and address; WHOIS shows operators the gateway",
          "The host name is ignored: nobody here looks names up")),
    ("websocket", "websocket.md", "ratified", Note("`text.ircv3.net` and `binary.ircv3.net`")),
    ("account-extban", "account-extban.md", "ratified",
     Note("`~a:account` in bans, exceptions, invitations, access lists")),
    ("network-icon", "network-icon.md", "draft", Note("`draft/ICON`, from the configuration")),
    ("filehost", "https://github.com/progval/ircv3-specifications/blob/filehost/extensions/filehost.md",
     "draft",
     Note("`draft/FILEHOST` and `soju.im/FILEHOST`: POST with `Basic` (as SASL PLAIN) or `Bearer` (a token "
          "of `TOKEN GENERATE FILEHOST`), GET, HEAD, OPTIONS, DELETE; see [files](files.md)")),
    ("client-batch", "client-batch.md", "draft",
     Note("For multiline and stream: limits, references, TIMEOUT, refusal of what is nested")),
    ("batch type chathistory", "../batches/chathistory.md", "ratified", Note("Around each page of history")),
    ("batch types netsplit and netjoin", "../batches/netsplit.md", "ratified",
     Note("`netsplit` where a ban puts out several at once, as `*.net *.split`",
          "One server cannot split: it is for those who leave for one cause; nobody comes back as one")),
    ("SASL 3.1", "sasl-3.1.md", "ratified", Note("For clients that know no capability values")),
)  # fmt: skip

CLIENT_TAGS: tuple[tuple[str, str, str, str], ...] = (
    ("+reply, +draft/reply", "../client-tags/reply.md", "draft",
     "Relayed and stored; models answer by it, and cause and hops are read from it"),
    ("+draft/react, +draft/unreact", "../client-tags/react.md", "draft",
     "Relayed and stored, also on TAGMSG, for draft/event-playback; REDACT takes a reaction back"),
    ("+typing", "../client-tags/typing.md", "ratified", "Relayed; models send it while they think"),
    ("+draft/channel-context", "../client-tags/channel-context.md", "draft", "Relayed and stored"),
    ("any other", "message-tags.md", "ratified", "Relayed as it is, unless `CLIENTTAGDENY` names it"),
)  # fmt: skip

# By the token's name. What is not here is modern-irc's.
TOKENS: dict[str, str] = {
    "ACCOUNTEXTBAN": "account-extban", "BOT": "bot-mode", "CHATHISTORY": "chathistory",
    "CLIENTTAGDENY": "message-tags", "KNOCK": "custom of Ergo, Solanum, UnrealIRCd", "LINELEN": "Ergo's",
    "MONITOR": "monitor", "MSGREFTYPES": "chathistory", "NAMELEN": "setname", "UTF8ONLY": "utf8-only",
    "VAPID": "webpush",
    "WHOX": "whox", "draft/ICON": "network-icon", "draft/AUTHTOKEN": "authtoken",
    "draft/FILEHOST": "filehost", "soju.im/FILEHOST": "soju's name of filehost",
}  # fmt: skip

MODERN = frozenset({
    "ADMIN", "AWAY", "HELP", "INFO", "INVITE", "ISON", "JOIN", "KICK", "KILL", "LIST",
    "LUSERS", "MODE", "MOTD", "NAMES", "NICK", "NOTICE", "OPER", "PART", "PASS", "PING",
    "PONG", "PRIVMSG", "QUIT", "REHASH", "TIME", "TOPIC", "USER", "USERHOST", "VERSION", "WALLOPS",
    "WHO", "WHOIS", "WHOWAS",
})  # fmt: skip
"""The commands of modern-irc; all others, by their names, are below."""

COMMANDS: dict[str, str] = {
    "AUTHENTICATE": "sasl", "BATCH": "client-batch", "CAP": "capability-negotiation",
    "CHANSERV": "custom of services", "CHATHISTORY": "chathistory", "CHGHOST": "ours, for operators",
    "UBAN": "ours, for operators", "ANNOUNCE": "ours, for operators", "SUSPEND": "ours, for operators",
    "UNSUSPEND": "ours, for operators",
    "DEFCON": "ours, for operators", "AUDIT": "ours, for operators", "KLINE": "custom", "UNKLINE": "custom",
    "DLINE": "custom", "UNDLINE": "custom", "ELINE": "custom", "UNELINE": "custom",
    "INBOX": "ours: [inbox](extensions/inbox.md)", "INSPECT": "ours: [inspect](extensions/inspect.md)",
    "CS": "custom of services", "FILES": "ours", "HELPOP": "custom",
    "ISUPPORT": "extended-isupport", "KNOCK": "custom",
    "LANGUAGE": "custom; ours says en or es", "LINKS": "RFC 2812", "MAP": "custom", "METADATA": "metadata",
    "MARKREAD": "read-marker",
    "MONITOR": "monitor",
    "NICKSERV": "custom of services", "NS": "custom of services", "REDACT": "message-redaction",
    "PERSISTENCE": "persistence",
    "REGISTER": "account-registration", "RENAME": "channel-rename", "SEARCH": "soju.im/search",
    "SERVLIST": "RFC 2812", "SETNAME": "setname", "SQUERY": "RFC 2812",
    "STATS": "RFC 2812", "SUMMON": "RFC 2812", "TAGMSG": "message-tags", "TBAN": "custom, InspIRCd",
    "TOKEN": "authtoken",
    "USERS": "RFC 2812", "VERIFY": "account-registration", "WEBIRC": "webirc", "WEBPUSH": "webpush",
}  # fmt: skip
