"""Una sala de Tertulia de verdad, por sus dos puertas. No va aquí Tertulia: tiene sus pruebas."""

from __future__ import annotations

import importlib.util

import pytest

from charla.cliente import Cliente, ClienteIrc
from laboratorio import tertulia
from laboratorio.avisos import Falta


@pytest.mark.slow
def test_se_conversa_por_las_dos_puertas() -> None:
    with tertulia.servidor() as sala, ClienteIrc(*sala.irc) as beto, Cliente(*sala.plain) as ana:
        beto.entra("beto")
        beto.aguarda("lola")
        ana.entra("ana")
        ana.espera("* En #tertulia")
        ana.di("lola: ¿qué es un socket?")
        assert "ana" in beto.espera("¿qué es un socket?")
        assert "guion" in beto.espera(lambda linea: linea.startswith(":lola!") and " PRIVMSG " in linea, 60)
        assert "guion" in ana.espera("<lola>", 60)


def test_sin_tertulia_se_dice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda nombre: None)
    with pytest.raises(Falta, match="pip install"), tertulia.servidor():
        pass
