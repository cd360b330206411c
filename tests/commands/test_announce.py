"""ANNOUNCE, SUSPEND, UNSUSPEND."""

from __future__ import annotations

from tertulia.commands.settings import Operator
from tests.support.accounts import account, log_in
from tests.support.reading import has, texts
from tests.support.town import Town, commands


def test_everybody_is_told() -> None:
    town = Town(operators=(Operator("root", "secret"),))
    root, eva = town.join("root"), town.join("eva")
    assert commands(root.say("ANNOUNCE :hola")) == ["481"]
    root.say("OPER root secret", "ANNOUNCE :a las doce se reinicia")
    assert eva.say() == [":tertulia.local NOTICE eva :a las doce se reinicia"]


def test_an_account_is_suspended_and_may_be_used_again() -> None:
    town = Town(operators=(Operator("root", "secret"),))
    account(town, "eva")
    root, eva = town.join("root"), town.join("eve")
    root.say("OPER root secret")
    log_in(eva, "eva")
    assert texts(root.say("SUSPEND eva spam"), "NOTICE") == ["The account eva is suspended"]
    told = eva.say("LANGUAGE es")
    assert has(told, "901") and "This account is suspended: spam" in texts(told, "NOTICE")
    assert has(log_in(eva, "eva"), "902")
    assert texts(root.say("UNSUSPEND eva"), "NOTICE") == ["The account eva may be used again"]
    assert has(log_in(eva, "eva"), "900")
    assert texts(root.say("SUSPEND nobody"), "NOTICE") == ["There is no account nobody"]
