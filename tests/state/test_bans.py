"""Bans are found as a search through all of them would find them."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_network

from hypothesis import given
from hypothesis import strategies as st

from tertulia.protocol.bans import BanRecord
from tertulia.state.bans import Bans, Who, hits

NOW = 1_000
ADDRESSES = ["192.0.2.7", "192.0.2.9", "192.0.3.1", "2001:db8::1", "2001:db8:0:1::1", "localhost"]
NETWORKS = st.builds(
    lambda address, length: str(ip_network((address, min(length, 32) if "." in address else length), False)),
    st.sampled_from(ADDRESSES[:5]),
    st.sampled_from([8, 24, 31, 32, 48, 64, 128]),
)
RECORDS = st.one_of(
    st.builds(lambda network: BanRecord("address", network), NETWORKS),
    st.sampled_from(["*!*@192.0.2.*", "eva!*@*", "*!*@cloak"]).map(lambda mask: BanRecord("mask", mask)),
    st.sampled_from(["ana", "eva"]).map(lambda name: BanRecord("account", name)),
    st.sampled_from(["*spam*", "eva"]).map(lambda name: BanRecord("realname", name)),
).flatmap(
    lambda record: st.builds(
        lambda effect, ends: replace(record, effect=effect, expires_at=ends),
        st.sampled_from(["ban", "exempt"]),
        st.sampled_from([0, NOW - 1, NOW, NOW + 1]),
    )
)
PEOPLE = st.builds(
    Who,
    st.sampled_from(["eva", "bob"]),
    st.just("~u"),
    st.sampled_from(["cloak", "other"]),
    st.sampled_from(ADDRESSES),
    st.sampled_from(["Eva", "buy spam now"]),
    st.sampled_from([None, "Ana"]),
)


@given(st.lists(RECORDS, max_size=8), st.lists(RECORDS, max_size=4), PEOPLE)
def test_lookup_is_the_same_as_a_search(put: list[BanRecord], dropped: list[BanRecord], who: Who) -> None:
    bans, plain = Bans(), {}
    for record in put:
        bans.put(record)
        plain[record.key] = record
    for record in dropped:
        bans.drop(*record.key)
        plain.pop(record.key, None)
    assert {one.key: one for one in bans} == plain
    for effect in ("ban", "exempt"):
        wanted = [
            one
            for one in plain.values()
            if one.effect == effect and hits(one, who) and (not one.expires_at or one.expires_at > NOW)
        ]
        found = bans.of(who, effect, NOW)
        assert found in wanted if wanted else found is None
    over = {one.key for one in plain.values() if one.expires_at and one.expires_at <= NOW}
    assert {one.key for one in bans.expired(NOW)} == over
