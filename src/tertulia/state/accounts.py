"""All accounts there are, by name and by certificate.

What belongs here: finding a record. What must not: who is logged in to it (`User.account`), what may be done.
"""

from __future__ import annotations

from collections.abc import Iterator

from tertulia.protocol.accounts import AccountRecord, identity_of
from tertulia.protocol.casemap import fold


class Accounts:
    """Read it freely; `Network.apply` alone alters it."""

    def __init__(self) -> None:
        self._records: dict[str, AccountRecord] = {}  # by folded name
        self._certificates: dict[str, str] = {}  # fingerprint to folded name

    def __len__(self) -> int:
        return len(self._records)

    def __iter__(self) -> Iterator[AccountRecord]:
        return iter(self._records.values())

    def named(self, name: str) -> AccountRecord | None:
        return self._records.get(fold(name))

    def of_certificate(self, fingerprint: str) -> AccountRecord | None:
        return self._records.get(self._certificates.get(fingerprint, ""))

    def of_identity(self, identity: str) -> AccountRecord | None:
        """The account that `identity_of` calls so, while it is the same one."""
        record = self.named(identity.removeprefix("account:").rpartition("@")[0])
        return record if record is not None and identity_of(record) == identity else None

    def certificate_free(self, fingerprint: str, key: str) -> bool:
        """Whether no other account than `key` is opened by this certificate."""
        return self._certificates.get(fingerprint, key) == key

    def put(self, record: AccountRecord) -> None:
        self.drop(record.key)
        self._records[record.key] = record
        for fingerprint in record.certificates:
            self._certificates[fingerprint] = record.key

    def drop(self, key: str) -> None:
        old = self._records.pop(key, None)
        for fingerprint in old.certificates if old is not None else ():
            self._certificates.pop(fingerprint, None)
