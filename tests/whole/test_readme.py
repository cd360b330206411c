"""What README.md and docs/doors.md tell people to run, run as it stands there, with a model that is scripted.

What belongs here: programs and commands out of documents, against a real server. What must not: copies of
them.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest

from tests.cli.process import WAIT_SECONDS, Server
from tests.house.tree import ROOT
from tests.whole.outside import Start, alone, eventually, kept
from tests.whole.people import arrive

pytestmark = pytest.mark.slow

ANSWER = "Un socket es un extremo de una conversación entre dos programas."
LOLA = f"""[[models]]
nick = "lola"
provider = "scripted"
script = ["{ANSWER}"]
"""
PORTS = {"irc": "6667", "ircs": "6697", "http": "8080", "plain": "7000"}  # as documents write them


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """With the model, who is a connection too."""
    with kept(tmp_path_factory.mktemp("r"), doors=("irc", "ircs", "http", "plain"), models=LOLA) as server:
        wait_for_lola(server)
        yield server


@pytest.fixture
def server(house: Server) -> Iterator[Server]:
    yield from alone(house, connections=1)


def wait_for_lola(server: Server) -> None:
    """She comes by herself, a moment after the doors are open."""
    early = arrive(server).enter("antes", "#tertulia")

    def is_there() -> bool:
        early.say("NAMES #tertulia")
        return any(" 353 " in line and "lola" in line for line in early.fence())

    eventually(is_there, lambda: early.silent_for(0.1))
    early.say("QUIT")
    early.rest()


def blocks(document: str, language: str) -> list[str]:
    text = (ROOT / document).read_text(encoding="utf-8")
    found = re.findall(r"^```(\w*)\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return [block for tongue, block in found if tongue == language]


def here(text: str, server: Server) -> str:
    """With the ports that the system chose."""
    for scheme, port in PORTS.items():
        text = text.replace(port, str(urlsplit(server.doors[scheme]).port))
    return text


@contextmanager
def ran(command: list[str]) -> Iterator[subprocess.Popen[str]]:
    """A program with pipes, ended for certain."""
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, text=True, encoding="utf-8", stdin=pipe, stdout=pipe, stderr=subprocess.STDOUT
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def until(process: subprocess.Popen[str], words: str) -> str:
    """The next line with these words. A program that does not say them in time is ended."""
    assert process.stdout is not None
    heard = []
    deadline = threading.Timer(WAIT_SECONDS, process.kill)
    deadline.start()
    try:
        for line in process.stdout:
            heard.append(line)
            if words in line:
                return line.rstrip("\r\n")
    finally:
        deadline.cancel()
        deadline.join()
    raise AssertionError(f"it ended before {words!r}: {heard[-8:]}")


@pytest.mark.parametrize("document", ["README.md", "README.es.md"])
def test_the_program_gets_the_models_answer(server: Server, document: str) -> None:
    (program,) = blocks(document, "python")
    assert len(program.splitlines()) <= 20
    with ran([sys.executable, "-u", "-c", here(program, server)]) as process:
        said = until(process, ":lola!")
        while "PRIVMSG" not in said:
            said = until(process, ":lola!")
    assert f"PRIVMSG #tertulia :{ANSWER.split()[0]}" in said


@pytest.mark.parametrize("number", range(len(blocks("docs/doors.md", "python"))))
def test_the_programs_of_the_doors(server: Server, number: int) -> None:
    listener = arrive(server).enter("oye", "#tertulia")
    program = here(blocks("docs/doors.md", "python")[number], server)
    with ran([sys.executable, "-u", "-c", program]) as process:
        assert " JOIN #tertulia" in listener.until(":ana!", " JOIN ")
        if "PRIVMSG" in program:
            listener.until(":ana!", " PRIVMSG #tertulia :hola")
        until(process, " 366 ")


def needs(program: str) -> str:
    found = shutil.which(program)
    if found is None:
        pytest.skip(f"{program} is not installed")
    return found


def test_two_people_with_nc_and_the_model(server: Server) -> None:
    """docs/doors.md: "each line that is typed is said in `#tertulia`, and each line said there comes as
    `<nick> text`"."""
    parts = urlsplit(server.doors["plain"])
    command = [needs("nc"), str(parts.hostname), str(parts.port)]
    with ran(command) as ana, ran(command) as berto:
        for person, name in ((ana, "ana"), (berto, "berto")):
            assert until(person, "What is your name?").startswith("¿Cómo te llamas?")
            typed(person, name)
            assert "lola" in until(person, "In #tertulia:")
        until(ana, "* berto comes in")
        typed(ana, "hola a todos")
        assert until(berto, "<ana>") == "<ana> hola a todos"
        typed(berto, "lola: ¿qué es un socket?")
        assert until(ana, "<berto>") == "<berto> lola: ¿qué es un socket?"
        for person in (ana, berto):
            assert until(person, "<lola>") == f"<lola> {ANSWER}"
        typed(berto, "/me sonríe")
        assert until(ana, "* berto") == "* berto sonríe"
        typed(ana, "/msg berto a solas")
        assert until(berto, "[ana") == "[ana -> you] a solas"
        typed(berto, "/lang es", "/quit")
        until(berto, "* Hasta luego.")
        assert until(ana, "* berto is gone")


def test_the_transcript_of_the_plain_door(start: Start) -> None:
    """docs/doors.md shows a talk with `language = "es"`."""
    server = start(doors=("irc", "plain"), models=LOLA, more='language = "es"')
    wait_for_lola(server)
    (shown,) = [block.splitlines() for block in blocks("docs/doors.md", "") if "¿Cómo te llamas?" in block]
    berto, ana = arrive(server, "plain"), arrive(server, "plain")
    berto.enter("berto").until("En #tertulia: ")
    assert [ana.line(), ana.line()] == shown[:2]
    ana.say("ana")
    assert [ana.line(), ana.line()] == shown[3:5]
    members = ana.line()
    assert members.startswith("* En #tertulia: ")
    assert set(members[16:].split(", ")) == set(shown[5][16:].split(", "))
    ana.say(shown[6])
    berto.until(f"<ana> {shown[6]}")
    berto.say(shown[7].removeprefix("<berto> "))
    assert ana.line() == shown[7]


def typed(person: subprocess.Popen[str], *lines: str) -> None:
    assert person.stdin is not None
    for line in lines:
        person.stdin.write(line + "\n")
    person.stdin.flush()


def test_a_pipe_into_nc_is_said_to_its_end(server: Server) -> None:
    """docs/doors.md: "What comes through a pipe is said to its end"."""
    needs("nc")
    listener = arrive(server).enter("oye", "#tertulia")
    (command,) = [block for block in blocks("docs/doors.md", "sh") if "printf" in block]
    done = subprocess.run(
        ["sh", "-c", here(command, server)], capture_output=True, timeout=WAIT_SECONDS, check=False
    )
    assert listener.until(":ana!", "PRIVMSG").endswith(":hola a todos")
    assert "#tertulia" in done.stdout.decode()


def test_openssl_by_hand(server: Server) -> None:
    command = needs("openssl")
    (row,) = [line for line in (ROOT / "README.md").read_text().splitlines() if "openssl s_client" in line]
    words = here(row.split("`")[1], server).split()
    with ran([command, *words[1:]]) as ana:
        typed(ana, *row.split("`")[3:6:2])
        assert " 001 ana " in until(ana, " 001 ")


def test_nc_on_the_irc_door(server: Server) -> None:
    """The transcript of docs/doors.md, line by line."""
    listener = arrive(server).enter("oye", "#tertulia")
    (block,) = [block for block in blocks("docs/doors.md", "sh") if "nc -C" in block]
    command, *lines = here(block, server).splitlines()
    with ran([needs("nc"), *command.split()[1:]]) as ana:
        typed(ana, *lines)
        assert listener.until(":ana!", "PRIVMSG").endswith(":hola")
