"""Accounts as values: identities and settings."""

from __future__ import annotations

from dataclasses import replace

from tertulia.protocol.accounts import AccountRecord, identity_of, setting, with_setting

ANA = AccountRecord("ana", "Ana", 7)


def test_a_name_that_is_registered_again_does_not_inherit_letters() -> None:
    assert identity_of(ANA) == "account:ana@7"
    assert identity_of(replace(ANA, created_at=8)) != identity_of(ANA)


def test_settings_are_small_json() -> None:
    assert setting(ANA, "language") == ""
    spanish = replace(ANA, settings=with_setting(ANA, "language", "es"))
    assert spanish.settings == '{"language": "es"}'
    assert setting(spanish, "language") == "es"
    assert setting(replace(ANA, settings='{"language": 3}'), "language") == ""
