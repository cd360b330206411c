"""Who takes the name of somebody who left in the same tick is not taken for them (found by the simulator).

What belongs here: the order in which a goodbye, and what the next bearer of the name does, are heard.
"""

from __future__ import annotations

from tests.support.town import Client, Town, commands


def test_a_goodbye_comes_before_what_the_next_bearer_of_the_name_does(town: Town) -> None:
    witness = town.join("eva", "#uno", "#dos")
    caro, beto = town.join("caro", "#dos"), town.join("beto", "#uno")
    next_caro = town.join("nadie")
    witness.take()
    beto.send("PRIVMSG #uno :this room has something to say already")
    caro.send("QUIT :bye")
    next_caro.send("NICK caro", "JOIN #uno")
    assert [line.split(" ", 1)[0] for line in said(witness) if "caro" in line] == [
        ":caro!~caro@127.0.0.1",
        ":caro!~nadie@127.0.0.1",
    ]


def test_who_parts_from_one_room_and_quits_the_other_does_so_in_that_order(town: Town) -> None:
    witness = town.join("eva", "#uno", "#dos")
    caro, beto = town.join("caro", "#uno", "#dos"), town.join("beto", "#dos")
    witness.take()
    beto.send("PRIVMSG #dos :first")
    caro.send("PRIVMSG #uno :last words", "PART #uno", "QUIT :bye")
    heard = [line for line in said(witness) if line.startswith(":caro!")]
    assert commands(heard) == ["PRIVMSG", "PART", "QUIT"]


def test_who_is_kicked_from_one_room_and_quits_the_other_does_so_in_that_order(town: Town) -> None:
    beto = town.join("beto", "#uno", "#dos")
    caro, dani = town.join("caro", "#uno", "#dos"), town.join("dani", "#dos")
    witness = town.join("eva", "#uno", "#dos")
    dani.send("PRIVMSG #dos :first")
    beto.send("KICK #uno caro :out")
    caro.send("QUIT :bye")
    town.connect().send("NICK caro", "USER nueva 0 * :Nueva", "JOIN #dos")
    heard = [line for line in said(witness) if "caro" in line]
    assert commands(heard) == ["KICK", "QUIT", "JOIN"]


def test_a_name_taken_at_registration(town: Town) -> None:
    witness = town.join("eva", "#uno", "#dos")
    caro, beto = town.join("caro", "#dos"), town.join("beto", "#uno")
    newcomer = town.connect()
    witness.take()
    beto.send("PRIVMSG #uno :hola")
    caro.send("QUIT :bye")
    newcomer.send("NICK caro", "USER nueva 0 * :Nueva", "JOIN #uno")
    heard = [line for line in said(witness) if line.startswith(":caro!")]
    assert commands(heard) == ["QUIT", "JOIN"]


def said(client: Client) -> list[str]:
    client.town.run()
    return client.take()
