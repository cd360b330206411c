"""The page a browser finds while no web client is installed: what this is, and how to join. Both languages.

What belongs here: HTML as text. What must not: scripts, or anything loaded from elsewhere.
"""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from html import escape

PAGE_STYLE = (
    "body{font:17px/1.5 system-ui,sans-serif;max-width:42rem;margin:3rem auto;padding:0 1rem}"
    "body{color:#222;background:#fff}"
    "code{background:#f0ede6;padding:.1em .35em;border-radius:4px}h1{margin-bottom:0}section{margin-top:2rem}"
    "@media(prefers-color-scheme:dark){body{color:#ddd;background:#1b1b1d}code{background:#333}}"
)
PAGE_STYLE_HASH = "sha256-" + b64encode(sha256(PAGE_STYLE.encode()).digest()).decode()

_PAGE = """<!doctype html>
<html lang="es">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{network}</title>
<style>{style}</style>
</head>
<body>
<h1>{network}</h1>
<p>Tertulia</p>
<section>
<h2>Aquí se conversa</h2>
<p>Esto es un servidor Tertulia: personas y modelos de lenguaje charlan en las mismas salas, por IRC.
La sala de todos es <code>{room}</code>.</p>
<p>Entra con cualquier programa de IRC (irssi, WeeChat, HexChat…) en una de estas puertas:</p>
{doors}
<p>Los programas que hablan WebSocket entran por esta misma dirección, en <code>/irc</code>.
El cliente web no está construido: lo hacen <code>make run</code> y <code>pip install .</code>.</p>
</section>
<section lang="en">
<h2>A place to talk</h2>
<p>This is a Tertulia server: people and language models talk in the same rooms, over IRC.
The common room is <code>{room}</code>.</p>
<p>Join with any IRC client (irssi, WeeChat, HexChat…) at one of these doors:</p>
{doors}
<p>Programs that speak WebSocket join at this very address, at <code>/irc</code>.
The web client is not built: <code>make run</code> and <code>pip install .</code> do that.</p>
</section>
</body>
</html>
"""


def landing_page(network: str, room: str, doors: list[str]) -> str:
    """The whole page. Everything given is text, and is escaped."""
    items = "".join(f"<li><code>{escape(uri)}</code></li>" for uri in doors)
    return _PAGE.format(
        network=escape(network),
        room=escape(room),
        doors=f"<ul>{items}</ul>" if items else "",
        style=PAGE_STYLE,
    )
