"""Every bound of the server, each with its reason.

What belongs here: numbers, and how they relate. What must not: anything that reads a setting or does work.
An operator may move those which `config.Limits` names; the rest are part of the protocol or of the design.
"""

from __future__ import annotations

# --- One line (RFC 1459 2.3; IRCv3 message-tags, "Size limit") ---------------------------------------------

LINE_BYTES = 512  # command, parameters and CR LF; the limit every client of the last thirty years obeys
CLIENT_TAG_BYTES = 4096  # what a client may send before the command: "@", the tags and the space
SERVER_TAG_BYTES = 8191  # what a client must be ready to read: "@", the tags and the space
INPUT_BYTES = CLIENT_TAG_BYTES + LINE_BYTES  # a partial line larger than this can become nothing valid
PARAMETERS = 15  # RFC 1459 2.3; more than these are joined into the last

# --- Names ------------------------------------------------------------------------------------------------

NICK_CHARACTERS = 32  # Ergo and Libera use 32 and 16; long enough for a full name
USER_BYTES = 20  # counted into every relayed prefix, so kept short
HOST_BYTES = 64  # an IPv6 address or a cloak, with room
ROOM_CHARACTERS = 64  # IRCv3 clients assume at least 50
REALNAME_CHARACTERS = 150
REALNAME_BYTES = 250  # so that RPL_WHOISUSER and extended-join fit a line in every alphabet
TOPIC_CHARACTERS = 390  # fits one 512-byte line with the longest prefix and room name in ASCII
KICK_CHARACTERS = 300
QUIT_BYTES = 320  # a line less the longest prefix in ASCII, and "Killed (nick ())"
AWAY_CHARACTERS = 300
KEY_CHARACTERS = 32

# --- Members and rooms --------------------------------------------------------------------------------------

ROOMS_PER_USER = 100  # ISUPPORT CHANLIMIT; a bot in more wants a server of its own
ROOMS = 100_000  # a room kept in memory costs about 1 KiB
MASKS_PER_LIST = 100  # ISUPPORT MAXLIST for b, e and I each; a join tests all of them
TARGETS_PER_COMMAND = 4  # ISUPPORT TARGMAX; more is how spam is sent
MODES_PER_COMMAND = 4  # ISUPPORT MODES; fits one line with four full-length masks
WHO_REPLIES = 500  # longer answers help nobody and cost everybody
LIST_REPLIES = 5_000
WHOWAS_ENTRIES = 1_000
INVITES_PER_USER = 50
ROOMS_PER_ACCOUNT = 20  # registered to one founder: names are shared by all
ACCESS_PER_ROOM = 100  # entries of a registered room's list; a join looks at all of them
HISTORY_DAYS = 36_500  # that a room may ask for: a hundred years is for ever
MASK_BYTES = 128  # of one ban: nick, user name and the longest host
BAN_SECONDS = 10 * 31_536_000  # a timed ban ends at some time; without a duration it does not
RENAMES_REMEMBERED = 1_000  # old names that lead to new ones
AUDIENCE_HIDDEN = 500  # of a room that becomes an auditorium: a quarter of a million lines, 20 MB, once
NAMES_REMEMBERED = 16  # of a room, with its earliest: what was set for one of them holds on for it
RENAME_SECONDS = 60  # a room is renamed no oftener: each time all without the capability are told much
RATE_TIMES = 1_000  # of modes F and j: more is no limit
RATE_SECONDS = 3_600
FLOOD_BAN_SECONDS = 600  # how long who is too fast for +F *lines:seconds stays out
FLOODS_REMEMBERED = 10_000  # counts of modes F and j; the oldest are forgotten first
TRANSFER_SECONDS = 7 * 86_400  # how long a room that is offered may be taken
SETTING_BYTES = 300  # of one setting of a room: a welcome fits a line

# --- Accounts -----------------------------------------------------------------------------------------------

ACCOUNTS = 100_000  # all of them are in memory, about 1 KiB each
CERTIFICATES_PER_ACCOUNT = 8  # a device has one; a list of them must stay readable
PASSWORD_BYTES = 300  # account-registration: "300 bytes should be a safe reasonable limit"
PASSWORD_CHARACTERS = 8  # at least; NIST SP 800-63B, 5.1.1.1
EMAIL_BYTES = 254  # RFC 5321 4.5.3.1.3, without the angle brackets
REGISTRATIONS_PER_ADDRESS = 5  # new accounts in a row from one address; one more every GUESS_SECONDS
GUESSES_PER_ACCOUNT = 20  # wrong passwords in a row, whoever gives them: more than any owner mistypes
GUESSES_PER_ADDRESS = 10  # the same from one address, on whatever accounts; this machine's own is exempt
GUESS_SECONDS = 60.0  # after so long one is forgiven: 1,440 a day, for ever too few to find a password
GUESSES_REMEMBERED = 10_000  # accounts and addresses with wrong guesses; the oldest are forgotten first
DEVICES_PER_ACCOUNT = 20  # of which it is known when they were last here; the longest absent is forgotten
MISSED_TARGETS = 100  # conversations shown to who comes back: as many as rooms one can be in
MISSED_MESSAGES = 300  # of each: more than anybody reads who had no client for history
MISSED_BYTES = 1024 * 1024  # and of all together, beside the welcome and the names of a hundred rooms
ALWAYS_ON_DAYS = 90  # of absence, after which somebody who stayed leaves: a season
ABSENT_USERS = 10_000  # who stay without a connection: about 5 KiB each, with their rooms
ABSENT_SWEEP_SECONDS = 3_600.0  # how often it is looked who has been away for too long
READ_MARKS = 256  # conversations of which an account's reading is remembered; the longest unread is forgotten
SOON_SECONDS = 30.0  # after so long what can wait is stored even if nothing else is
SESSIONS_PER_USER = 20  # connections of one user at once: more are clients that reconnect without end
DEVICE_CHARACTERS = 32  # of the name by which a device says which it is
SASL_CHUNK = 400  # sasl-3.1: "split to 400-byte chunks"
SASL_BYTES = 2_000  # of one response in base64: a long name and password take 800
SEEN_SECONDS = 3_600  # when an account was last used is kept to the hour: a login must not cost a commit
MONITOR_TARGETS = 100  # ISUPPORT MONITOR: a list of friends, not of a network; 15,000 such lists fit memory

# --- Bans of the server ----------------------------------------------------------------------------------

BANS = 10_000  # in memory, half a KiB each; a list of bad addresses from elsewhere fits
BAN_BYTES = 200  # of a mask: nick, user and host at their longest
BAN_REASON_CHARACTERS = 200  # told to the banned beside until when and whom to ask
BAN_BITS_V4 = 16  # a wider network than this holds half a country: it is not banned without FORCE
BAN_BITS_V6 = 32  # what a provider is given
BAN_LETTERS = 4  # a mask with fewer letters of its own matches people nobody thought of
BAN_SETTLED_LEAST = 3  # a ban that hits so many of those who have been here for a while, ...
BAN_SETTLED_SHARE = 3  # ... and more than one in so many of them, needs FORCE
SETTLED_SECONDS = 600  # a flood is younger
AUDIT_ENTRIES = 100_000  # what operators did; about 20 MB
AUDIT_DAYS = 365  # and no longer than this
AUDIT_PAGE = 200  # entries in one answer
INSPECT_PAGE = 100  # members in one answer of INSPECT: more than fits a screen, 60 KiB with their facts
FACTS_BYTES = 3_500  # of the tag beside a notice; with label, batch and time below the 4,094 a server may add
NOTICE_BYTES = 400  # of a notice's words; fits a line with the longest nick and server name
PULSE_SECONDS = 0.25  # how often the loop's lag is measured, while an operator looks
PULSE_WINDOW_SECONDS = 5.0  # the lag told is the longest of so long
PULSE_LASTS_SECONDS = 30.0  # how long it goes on being measured after the last look
PATTERN_BANS = 1_000  # masks and real names: each is tried on everybody who enters

# --- Sessions -----------------------------------------------------------------------------------------------

CONNECTIONS = 15_000  # below the 20,000 files a process commonly may open, with room for the store
CONNECTIONS_PER_NETWORK = 512  # a wider network: a provider's block, a school's
ADDRESS_BITS_V4 = 32  # what counts as one address: all of it, ...
ADDRESS_BITS_V6 = 64  # ... and of IPv6 what one customer is given (RFC 6177)
NETWORK_BITS_V4 = 24  # what counts as one network: the smallest that is routed by itself
NETWORK_BITS_V6 = 48  # RFC 6177: what a site is given
CONNECTS_PER_ADDRESS = 128  # in CONNECT_SECONDS: a whole class-room comes back twice after a cut
CONNECT_SECONDS = 60
CONNECT_BAN_SECONDS = 600  # how long who connects more often is shut out
CONNECTS_REMEMBERED = 20_000  # addresses that came lately; the oldest are forgotten first
TOLD_BURST = 20  # of those who are refused before TLS, so many are let through to be told why, ...
TOLD_PER_SECOND = 5.0  # ... and then so many a second: a handshake costs a core a millisecond
CONNECTIONS_PER_ADDRESS = 64  # one address of a household, a class-room or a NAT; loopback is exempt
REGISTRATION_SECONDS = 60  # a connection that has not said who it is by then is half-open
PING_SECONDS = 120  # silence after which a client is asked whether it lives
PONG_SECONDS = 60  # and how long it has to answer
SEND_QUEUE_BYTES = 4 * 1024 * 1024  # what may wait for a slow reader; must hold the largest reply in full
BACKLOG_LINES = 2_000  # lines of one client that wait while one of its commands waits for the world
INPUT_QUEUE_BYTES = 1024 * 1024  # the same in bytes
CLOSE_SECONDS = 1.0  # how long last words may take to leave
TICK_PAUSE_SECONDS = 0.000_2  # after such a pause a line is not made to wait for others; see Hub.hear
DRAIN_SECONDS = 0.8  # SIGTERM stops within a second: words first, then the sockets

# --- Flood control: a bucket of tokens, one a command, refilled at a rate (RFC 1459 8.10 in newer w

FLOOD_BURST = 20  # a paste of ten lines with its joins passes unharmed
FLOOD_PER_SECOND = 4.0  # four lines a second is faster than anybody reads
FLOOD_LINES_WAITING = 100  # lines held back for an eager client before it is dropped: "Excess Flood"

# --- History ------------------------------------------------------------------------------------------------

HISTORY_PAGE = (
    1_000  # ISUPPORT CHATHISTORY: messages in one answer; 1,000 lines of 512 bytes fit the send queue
)
HISTORY_BYTES = 2 * 1024 * 1024  # and fewer where they are long: a thousand answers of models are 16 MB
REDACT_SECONDS = 3_600  # for so long people take back their own words; later a room's operators do
HAPPENINGS_ROOM = (
    200  # members; in larger rooms who comes and goes is not remembered: it would drown the talk
)
HAPPENINGS_WAITING = 500  # committed without waiting for talk when there are so many: in 3 ms
MEMORY_HAPPENINGS_PER_ROOM = 500  # what durability "off" keeps of each room
RETENTION_SECONDS = 3_600.0  # how often it is looked for what is too old
RETENTION_STEP = 50  # messages deleted at a time: the loop stands still for 3 ms
METADATA_KEYS = 32  # on one user or room: a profile, not a store of files
METADATA_KEY_BYTES = 64  # a name, with a domain before it
METADATA_VALUE_BYTES = 300  # fits a line beside the longest names
METADATA_SUBSCRIPTIONS = 100  # keys of which one session wants to hear
METADATA_BURST = 10  # changes in a row by one session
METADATA_CHANGE_SECONDS = 3.0  # and one more after so long: each is told to every neighbour
METADATA_SYNC_MEMBERS = 100  # who joins a larger room asks for its members' when it has time
METADATA_SYNC_SECONDS = 4
SEARCH_RESULTS = 100  # of one search; more than one reads, and each may be long
SEARCH_LINES = 10  # of them for a client that is told in plain words: more would push the talk away
SEARCH_WORDS = 16  # in one search; each is looked up
SEARCH_ROWS = 20_000  # messages that one search looks at closely: 50 ms of the loop at the most
TEND_MESSAGES = 100  # put into the index of words at a time: the loop stands still for 2 ms
TEND_BYTES = 65_536  # and fewer where they are long
TEND_SECONDS = 2.0  # what was said is indexed this long after it was stored: at leisure, several at once
TEND_PAUSE_SECONDS = 0.05  # between two steps of it when there is much to do
TEND_STEPS_WAITED = 10_000  # a search waits for so many steps: a million messages that were never indexed
MEMORY_MESSAGES_PER_ROOM = 2_048  # what durability "off" keeps of each room
MEMORY_MESSAGES = 200_000  # and of all; about 100 MB
STORE_LOCK_SECONDS = (
    0.25  # how long a commit waits for another process's lock: the loop stands still meanwhile
)
STORE_RETRY_SECONDS = 1.0  # after a failure nothing is tried for this long, so that refusals come at once

# --- Batches and streams --------------------------------------------------------------------------

MULTILINE_BYTES = 16_384  # draft/multiline max-bytes: a long answer of a model in one message
MULTILINE_LINES = 200  # draft/multiline max-lines
BATCH_SECONDS = 30  # a client batch left open for longer is dropped: client-batch, TIMEOUT
BATCHES_PER_SESSION = 4  # open at once
STREAM_BYTES = 65_536  # tertulia.chat/stream: one message that grows
STREAM_LINES = 2_000
STREAM_SECONDS = 600  # a stream without an end is closed and marked incomplete
TYPING_SECONDS = 3  # client tag typing: "SHOULD NOT send more than one active notification every 3 seconds"

# --- Models ---------------------------------------------------------------------------------------

MODEL_QUEUE = 32  # questions waiting for one model; the next is told so at once
MODEL_CONCURRENCY = 4  # calls at once to one provider; the local model has four slots
MODEL_FIRST_TOKEN_SECONDS = 120.0  # a cold start of the local model on two cores with a long prompt
MODEL_TOTAL_SECONDS = 600.0
MODEL_ATTEMPTS = 3  # of one call, before its first word; a fourth has seldom helped where three did not
RESERVATION_SECONDS = 900.0  # a call that has no end by then lost its process: longer than any may take
MODEL_CONTEXT_MESSAGES = 40  # how much of the room's talk a model is shown, at the most
MODEL_CONTEXT_CHARACTERS = 6_000  # about 2,000 tokens: the local model reads 60 a second when cold
MODEL_FAR_MESSAGES = 160  # the same for models elsewhere, which read faster than anybody types
MODEL_FAR_CHARACTERS = 24_000  # about 8,000 tokens: what a question costs is mostly what is read for it
MODEL_ANSWER_CHARACTERS = 16_000
SUMMARY_CHARACTERS = 1_200  # of older talk, carried in every question
SUMMARY_PEOPLE = 500  # of whom it is known that they are in one; words that long ago have left no trace
ROOM_PROMPT_CHARACTERS = 1_000  # of `!prompt`: a line of talk holds 400, multiline more
AMBIENT_PER_HOUR = 6  # unasked calls in a room that allows them, unless its operators say another number
AMBIENT_MOST_PER_HOUR = 60
AMBIENT_LULL_SECONDS = 12.0  # without a word before an unasked one: nobody is interrupted
NOTES = 20_000  # settled by rooms and people, all in memory; the longest is a summary
REMINDERS = 2_000  # in all; a person has REMINDERS_EACH
REMINDERS_EACH = 20
REMINDER_CHARACTERS = 300
ASKED_KEPT = 2_000  # last questions kept for `!retry`: one a person, model and room
ROUND_SECONDS = 60.0  # how long a round waits for its slowest, unless another time is asked for
ROUND_MOST_SECONDS = 600.0
ROUND_MODELS = 8  # asked at once
CATCHUP_MESSAGES = 300  # looked back for one who missed much
CATCHUP_LINKS = 8  # messages named under a catch-up: more than these nobody opens
TRANSLATION_CHARACTERS = 1_500  # of one message; a longer one is cut
TRANSLATION_DAY_CHARACTERS = 60_000  # translated in one room a day: some 600 messages
TRANSLATION_QUEUE = 20  # messages of a room that wait for their translation; the oldest are let go
TRANSLATIONS_KEPT = 50_000
TOOL_ROUNDS = 6  # model calls of one answer; who has not found it by then goes round in circles
TOOL_CALLS = 8  # that a model may ask for at once
TOOLS_OFFERED = 64  # to a model at once; each is read, and paid, with every call
TOOL_ARGUMENTS_CHARACTERS = 8_000  # of one call
TOOL_SHOWN_CHARACTERS = (
    1_400  # of arguments shown for approval: four lines; nobody approves what they cannot read
)
TOOL_RESULT_CHARACTERS = 12_000  # of one result that a model is shown: 4,000 tokens
TOOL_DESCRIPTION_CHARACTERS = 1_000
TOOL_SCHEMA_CHARACTERS = 6_000  # a tool with a larger one is not offered
TOOL_SECONDS = 30.0  # for one call, and for a server of tools to start
TOOL_IMAGE_BYTES = 4 * 1024 * 1024  # providers refuse images from 5 MB on
FILES_SHOWN = 6  # with one question: what was asked about, and the newest in the talk
FILES_SHOWN_CHARACTERS = 12_000  # of their text, together: 4,000 tokens with every question
FILES_SHOWN_LOCAL_CHARACTERS = 3_000  # the local model reads a thousand tokens in 16 seconds
FILES_SHOWN_IMAGE_BYTES = 8 * 1024 * 1024  # together; a third more on the wire, and providers stop at 20 MB
TOOL_FILE_CHARACTERS = 12_000  # of a text file, at once; the model may ask for the rest
APPROVAL_SECONDS = 300.0  # for a person to read what a model wants to do
APPROVALS = 100  # that wait, in all; a person has APPROVALS_EACH
APPROVALS_EACH = 8
MCP_CALLS = 4  # at once to one server of tools
MCP_RESTART_SECONDS = 2.0  # before a server of tools that failed is tried again, doubled each time
MCP_RESTART_MOST_SECONDS = 300.0
PULL_CHUNK_BYTES = 1024 * 1024
HOPS = 3  # how often members without a human may answer each other; see docs/extensions/stream.md

# --- Doors ----------------------------------------------------------------------------------------

ACCEPT_BACKLOG = 4_096  # connections the kernel holds for us: a class-room arriving within one tick
SPARE_FILES = 64  # fewer free descriptors than these and the operator is told; the store needs some of them
FILES_WARNING_SECONDS = 60.0  # and told again after this long at the earliest
HANDSHAKE_SECONDS = 10.0  # TLS: three round trips over a bad radio link take two
PROXY_HEADER_BYTES = 2_048  # of the PROXY protocol, version 2: addresses, and what a proxy says of TLS
HANDSHAKES = 1_000  # TLS handshakes at once; each holds about 50 KiB and nobody has been accepted yet
HTTP_REQUEST_SECONDS = 10.0  # a request that is not whole by then is a slow-loris
HTTP_CONNECTIONS = 500  # at once, WebSockets not counted: those are members, and counted with the members
HTTP_HEADER_BYTES = 16_384  # what browsers with many cookies send, twice over
WEBSOCKET_MESSAGE_BYTES = 16_384  # a line that is a little too long still gets the server's own answer
WEBSOCKET_PING_SECONDS = 45.0  # reverse proxies cut what is silent for 60 seconds
PLAIN_LINE_BYTES = 16_384  # one line typed at the plain door; the rest is the next line
PLAIN_MESSAGE_BYTES = (
    400  # what one line of the plain door becomes: fits 512 with prefix, command and a long room
)
PLAIN_WAITING_LINES = 64  # typed before the name was accepted: `printf 'ana\nhola\n' | nc`
PLAIN_NAMES_SHOWN = 100  # a terminal has 24 rows
PLAIN_CLOSE_SECONDS = 5.0  # how long what was piped in may take to be said after the pipe has ended

# --- Files ------------------------------------------------------------------------------------------------

FILE_BYTES = 25 * 1024 * 1024  # of one upload: a photograph or a minute of video of a telephone
FILE_QUOTA_BYTES = 500 * 1024 * 1024  # of all that one account or guest has here
FILE_TOTAL_BYTES = 20 * 1024 * 1024 * 1024  # of all there are: the disk is the log's before it is theirs
FILE_DAYS = 90  # then an upload is deleted
FILE_NAME_CHARACTERS = 100  # of the name that is shown
FILE_HEAD_BYTES = 4_096  # read to see what a file is
FILES_PER_OWNER = 2_000  # however small
FILES_LISTED = 50  # in one answer to FILES LIST
UPLOADS = 32  # at once; each holds a file open
UPLOADS_PER_OWNER = 4
UPLOAD_STALL_SECONDS = 30.0  # an upload of which nothing comes for so long is given up
FILES_SWEPT = 200  # expired files deleted in one step; the next comes a minute later
TOKENS = 10_000  # of authtoken that wait to be used; the oldest go first
TOKENS_PER_OWNER = 20
TOKEN_SECONDS = 600  # authtoken: "short expiration periods (10-15 minutes)"
TOKEN_BYTES = 400  # of one that is sent for validation: ours take 64

# --- Agents -------------------------------------------------------------------------------------------------

AGENTS = 1_000  # each has a record in memory; more programs than that are a service of its own
AGENT_ROOMS = 50  # in one token, and so in one scan of an inbox
INBOX_EVENTS = 50  # in one claim: a burst is one turn, and a turn has to fit a model's context
INBOX_PAGES = 10  # of history looked through for one claim and room; the next claim goes on from there
INBOX_TALKS = 100  # private conversations looked through for one claim, the latest
LEASE_SECONDS = 60  # as long as a slow model may take to answer; then another may try
LEASE_MOST_SECONDS = 3_600
MCP_LINKS = 200  # agents connected by the HTTP door; each is a connection in memory
MCP_IDLE_SECONDS = 3_600.0  # a link that no request has used for so long is closed
MCP_WAIT_SECONDS = 50.0  # of wait_for_events: clients of MCP give a tool a minute

# --- Invitations by link ----------------------------------------------------------------------------------

LINKS_PER_ROOM = 50  # one can still look through them
LINKS = 10_000  # of all rooms; they are in memory
LINK_SECONDS = 7 * 86_400  # unless its maker says another time: until after the weekend
LINK_MOST_SECONDS = 90 * 86_400  # nobody knows any more where an older one has gone
LINK_USES = 10_000  # more is no bound

# --- Web Push ---------------------------------------------------------------------------------------------

PUSH_DEVICES = 10  # of one account: telephones, tablets, browsers
PUSH_SUBSCRIPTIONS = 100_000  # of all accounts; they are in memory, about 1 KiB each
PUSH_ENDPOINT_BYTES = 380  # with its keys it fits a line; browsers' are 190 to 330 long
PUSH_DAYS = 60  # without a REGISTER that renews it a subscription is forgotten: the device is out of use
PUSH_INACTIVE_SECONDS = 120.0  # without a word or a mark: nobody is looking at that screen
PUSH_BURST = 30  # notifications of one account at once, then one in two seconds: more is noise
PUSH_PER_SECOND = 0.5
PUSH_TTL_SECONDS = 86_400  # a day: later the talk itself is there to be read
PUSH_PAYLOAD_BYTES = 3_993  # RFC 8291, 4: "A push service is not required to support more than 4096"
PUSH_WAITING = 2_000  # notifications that wait to be sent, about 1 KiB each; more are dropped
PUSH_AT_ONCE = 8  # requests under way
PUSH_SECONDS = 15.0  # for one request, from the name to the answer
PUSH_TRIES = 3  # when a push service is busy or cannot be reached
PUSH_AGAIN_SECONDS = 20.0  # before the next try, and twice as long before the third
PUSH_REFUSALS = 5  # of a subscription one after the other; then it is forgotten

# --- How they relate ----------------------------------------------------------------------------------------

assert HISTORY_PAGE * (LINE_BYTES + 256) < SEND_QUEUE_BYTES, "a page of history must fit the send queue"
assert HISTORY_BYTES * 2 <= SEND_QUEUE_BYTES, "so must a page of long messages, as it is estimated"
assert MISSED_BYTES * 4 <= SEND_QUEUE_BYTES, "what was missed fits the send queue beside the rooms"
assert STREAM_BYTES * 4 < SEND_QUEUE_BYTES, "a whole stream must fit the send queue"
assert MULTILINE_BYTES <= STREAM_BYTES, "what a stream's fallback makes must be storable"
assert MODEL_TOTAL_SECONDS < RESERVATION_SECONDS, "what a call reserved stays reserved while it lasts"
assert DRAIN_SECONDS < CLOSE_SECONDS, "draining ends before sockets are cut"

EXPORTS = 2  # people's own data gathered at once
EXPORT_AGAIN_SECONDS = 600.0  # each looks through all that was ever said
EXPORT_ROWS = 300  # messages looked at in one step: about a millisecond
EXPORT_REST_SECONDS = 0.02  # and then others
EXPORT_WRITE_BYTES = 65_536  # to the disk at once
EXPORT_FILES = 16  # of one person, each as large as a file may be
EXPORT_SECONDS = 86_400  # that they are kept
EXPORT_NOTICES = 100  # messages that are said where there is no place for files
EXPORT_NOTICE_BYTES = 400  # fits a line beside names
