"""Un agente en Python, con la biblioteca estándar: entra con su ficha y responde una vez a cada pregunta.

    TERTULIA_AGENT_TOKEN=tta.scout... python3 agente.py 127.0.0.1 6667 '#tertulia'

An agent with the standard library alone: it comes in with its token and answers each question once. What it
answers to is claimed from its inbox (docs/extensions/inbox.md): nothing is lost or answered twice.
"""

import base64
import os
import socket
import sys


class Agent:
    def __init__(self, host, port, room, token):
        self.room, self.token, self.name = room, token, token.split(".")[1]
        self.talk = socket.create_connection((host, port)).makefile("rw", encoding="utf-8", newline="\r\n")

    def send(self, *lines):
        for line in lines:
            self.talk.write(line + "\r\n")
        self.talk.flush()

    def enter(self):
        secret = base64.b64encode(f"\0{self.name}\0{self.token}".encode()).decode()
        self.send(
            "CAP LS 302",
            f"NICK {self.name}",
            f"USER {self.name} 0 * :An agent",
            "CAP REQ :sasl message-tags batch",
            "AUTHENTICATE PLAIN",
            f"AUTHENTICATE {secret}",
            "CAP END",
        )

    def run(self):
        self.enter()
        for line in self.talk:
            tags, source, command, params = parse(line.rstrip("\r\n"))
            if command == "PING":
                self.send(f"PONG :{params[-1]}")
            elif command in ("904", "ERROR"):
                sys.exit(params[-1])
            elif command == "001":
                self.send(f"JOIN {self.room}", "INBOX CLAIM 20")
            elif command == "PRIVMSG" and "tertulia.chat/claim" in tags:
                self.answer(tags, source.split("!")[0], params)
            elif command == "INBOX" and params[0] == "CLAIMED" and params[1] != "0":
                self.send("INBOX CLAIM 20")  # all of that is answered by now: is there more?
            elif command == "PRIVMSG":  # something was said: is it for us?
                self.send("INBOX CLAIM 20")

    def answer(self, tags, nick, params):
        """The answer and its acknowledgement are stored together: the tag says which event it answers."""
        target = params[0] if params[0].startswith("#") else nick
        ack = f"tertulia.chat/ack={tags['tertulia.chat/claim']},{tags['msgid']}"
        words = len(params[-1].split())
        self.send(f"@{ack};+draft/reply={tags['msgid']} PRIVMSG {target} :{nick}: {words} palabras / words")


def parse(line):
    """Tags, source, command and parameters of a line of IRC."""
    tags, source = {}, ""
    if line.startswith("@"):
        head, _, line = line[1:].partition(" ")
        tags = dict(item.partition("=")[::2] for item in head.split(";"))
    if line.startswith(":"):
        source, _, line = line[1:].partition(" ")
    head, colon, text = line.partition(" :")
    command, *params = head.split()
    return tags, source, command, [*params, text] if colon else params


if __name__ == "__main__":
    Agent(sys.argv[1], int(sys.argv[2]), sys.argv[3], os.environ["TERTULIA_AGENT_TOKEN"]).run()
