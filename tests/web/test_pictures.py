"""Pictures of the main screens, kept in `build/pictures` for people to look at.

What belongs here: bringing the screens about. What must not: judging them; the other tests do.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.cli.process import Server
from tests.web.provider import Provider
from tests.web.test_files import DROP, picture
from tests.web.visitor import Visit, Visitor

pytestmark = pytest.mark.slow
TALK = (
    ("marta", "Buenos días. ¿Alguien ha visto por qué la sala de ayer se quedó sin tema?"),
    ("marta", "Lo cambié yo, creo."),
    ("irene", "Sí, y ahora está bien. Mira <https://example.org/actas> si quieres el resumen."),
    ("tomas", "\x02Ojo\x02: mañana cambiamos los \x0304puertos\x03 de la oficina."),
    ("irene", "¿Los de irc también?"),
    ("tomas", "Solo los de ircs."),
)
ANSWER = """Short version: **three** things decide it.

1. *Who speaks last.* The log keeps the order of arrival.
2. *Who listens.* Each member gets one write a tick.
3. *What it costs*, here with `full`:

```python
def cost(lines: int, members: int) -> float:
    return 0.17 * lines + 0.002 * members  # ms
```

| room | members | cost |
|---|---:|---:|
| small | 10 | 0.19 ms |
| large | 1000 | 2.17 ms |

So for $n$ members it grows as $O(n)$, but with a small"""


def busy(one: Visitor, socket_client, provider: Provider, room: str) -> None:
    """People who talk in this room, a picture among it, and a model that has not ended yet."""
    people = {}
    for nick, words in TALK:
        name = f"{nick}{room[-1]}"
        if name not in people:
            people[name] = socket_client(name, room)
        people[name].say(f"PRIVMSG {room} :{words}")
        people[name].fence()
    one.page.evaluate(DROP, ["tejado.png", "image/png", list(picture(96))])
    expect(one.field).not_to_have_value("")
    one.field.press("Enter")
    one.say("rita: what does a message cost in a room, and why?")
    answer = provider.next("what does a message cost")
    for at in range(0, len(ANSWER), 9):
        answer.say(ANSWER[at : at + 9])
    one.sees("with a small")
    expect(one.log.locator(".katex").first).to_be_attached()
    people[f"tomas{room[-1]}"].say(
        f"PRIVMSG {room} :{one.page.locator('.me-card bdi').inner_text()}: ¡qué bien!"
    )
    one.sees("¡qué bien!")
    one.act("Los de irc también", "React 🎉")
    one.page.keyboard.press("Escape")
    expect(one.sees("¡qué bien!")).to_be_in_viewport()
    one.page.mouse.move(640, 5)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_busy_room(server: Server, visit: Visit, socket_client, provider: Provider, scheme: str) -> None:
    room = {"light": "#foto-a", "dark": "#foto-b"}[scheme]
    ana = visit(server, color_scheme=scheme, viewport={"width": 1440, "height": 900})
    ana.enter(f"foto_{scheme}", room)
    ana.say("/invite rita")
    expect(ana.page.locator(".members")).to_contain_text("rita")
    ana.say("/topic Un sitio para hablar de lo nuestro")
    busy(ana, socket_client, provider, room)
    ana.picture(f"busy-room-{scheme}")
    if scheme == "light":
        ana.page.locator(".me-card").click()
        expect(ana.page.get_by_role("dialog")).to_be_visible()
        ana.picture("settings")
        ana.page.keyboard.press("Escape")
        ana.page.get_by_role("button", name="Room settings").click()
        expect(ana.page.get_by_role("dialog")).to_be_visible()
        ana.picture("room-settings")


def test_a_phone_and_spanish(server: Server, visit: Visit, socket_client, provider: Provider) -> None:
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    ana = visit(server, locale="es-ES", device_scale_factor=2, **phone).open("#foto-c")
    expect(ana.page.locator("#nick")).to_be_visible()
    ana.picture("first-visit-phone-spanish")
    ana.enter("foto_movil", "#foto-c")
    ana.page.locator(".composer textarea").fill("/invite rita")
    ana.page.locator(".composer .send").click()
    busy_on_phone(ana, socket_client, provider)
    ana.picture("phone-spanish")
    ana.page.locator(".room-head .menu").tap()
    expect(ana.page.locator(".sidebar")).to_be_in_viewport()
    ana.picture("phone-rooms-spanish")


def busy_on_phone(ana: Visitor, socket_client, provider: Provider) -> None:
    for nick, words in TALK:
        person = socket_client(f"{nick}{len(words)}", "#foto-c")
        person.say(f"PRIVMSG #foto-c :{words}")
        person.fence()
    ana.field.fill("rita: ¿qué cuesta un mensaje?")
    ana.page.locator(".composer .send").click()
    answer = provider.next("¿qué cuesta un mensaje?")
    answer.say("Depende de **cuántos** escuchan:\n\n" + ANSWER.split("\n\n")[2])
    ana.sees("Depende de")


def test_spanish_on_a_wide_screen(server: Server, visit: Visit, socket_client) -> None:
    ana = visit(server, locale="es-ES").enter("foto_ancha", "#foto-d")
    for nick, words in TALK:
        person = socket_client(f"{nick}d{len(words)}", "#foto-d")
        person.say(f"PRIVMSG #foto-d :{words}")
        person.fence()
    ana.sees("Solo los de ircs.")
    ana.picture("room-spanish")
    ana.page.keyboard.press("Control+k")
    expect(ana.page.get_by_role("dialog")).to_contain_text("foto-d")
    ana.picture("directory-spanish")
