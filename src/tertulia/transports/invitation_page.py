"""The page that an invitation's link opens: which room it is, and how to come in, with this browser or
another program. Both languages, no script.

What belongs here: HTML as text. What must not: which links are good (`ports` asks the server).
"""

from __future__ import annotations

from html import escape
from urllib.parse import quote

from tertulia.transports.pages import PAGE_STYLE

_PAGE = """<!doctype html>
<html lang="es">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex">
<meta name="referrer" content="no-referrer">
<title>{room} · {network}</title>
<style>{style}</style>
</head>
<body>
<h1>{room}</h1>
<p>{network}</p>
<section>
<h2>Te han invitado</h2>
<p><a href="/#join={query}">Entra con este navegador</a>, o con un programa de IRC (irssi, WeeChat, HexChat…)
en una de estas puertas:</p>
{doors}
<p>y escribe allí <code>/join {room} {word}</code></p>
</section>
<section lang="en">
<h2>You are invited</h2>
<p><a href="/#join={query}">Come in with this browser</a>, or with an IRC client (irssi, WeeChat, HexChat…)
at one of these doors:</p>
{doors}
<p>and type <code>/join {room} {word}</code> there</p>
</section>
</body>
</html>
"""
_OVER = """<!doctype html>
<html lang="es">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex">
<title>{network}</title>
<style>{style}</style>
</head>
<body>
<h1>{network}</h1>
<section><p>Esta invitación ya no vale: ha caducado, se ha gastado o la han retirado. Pide otra.</p></section>
<section lang="en"><p>This invitation is over: it has expired, was used up or taken back. Ask for another.</p>
</section>
</body>
</html>
"""


def invitation_page(network: str, room: str, word: str, doors: list[str]) -> str:
    """The whole page. Everything given is text, and is escaped."""
    items = "".join(f"<li><code>{escape(uri)}</code></li>" for uri in doors)
    return _PAGE.format(
        network=escape(network),
        room=escape(room),
        word=escape(word),
        query=quote(f"{room},{word}", safe=""),
        doors=f"<ul>{items}</ul>" if items else "",
        style=PAGE_STYLE,
    )


def over_page(network: str) -> str:
    return _OVER.format(network=escape(network), style=PAGE_STYLE)
