"""What every store must do with agents and how far they have got: a part of the contract of stores.

What belongs here: what can be seen through the port. What must not: messages (`store.py`).
"""

from __future__ import annotations

from tertulia.ports import Store
from tertulia.protocol.accounts import AccountGone, AccountRecord
from tertulia.protocol.agents import AgentRecord, Place


def agent(name: str, **fields: object) -> AgentRecord:
    usual = AgentRecord(name.lower(), name, "Ana", "ab" * 32, ("#cañada", "#tea"), ("read", "say"), 5, 9)
    return usual._replace(**fields)  # type: ignore[arg-type]


class AgentsContract:
    def test_an_agent_comes_back_field_by_field(self, store: Store) -> None:
        scout, bot = agent("Scout"), agent("Bot", rooms=("*",), rights=(), expires_at=0)
        store.commit([scout, bot])
        assert list(store.agents()) == [bot, scout]

    def test_an_agent_is_replaced(self, store: Store) -> None:
        store.commit([agent("Scout"), agent("Scout", token_hash="x")])
        store.commit([agent("Scout", token_hash=""), agent("Bot")])
        assert list(store.agents()) == [agent("Bot"), agent("Scout", token_hash="")]

    def test_a_place_comes_back_and_is_replaced(self, store: Store) -> None:
        tea = Place("scout", "#tea", 1 << 61, "a,b", "word", "c,d", 1 << 50)
        store.commit([tea, Place("scout", "#ale", 1), Place("bot", "#tea", 7)])
        assert store.places("scout") == [Place("scout", "#ale", 1), tea]
        store.commit([tea._replace(upto=3), tea._replace(upto=4, claim="")])
        assert store.places("scout")[1] == tea._replace(upto=4, claim="")
        assert store.places("nobody") == []

    def test_they_end_with_the_account(self, store: Store) -> None:
        kept = [agent("Scout"), agent("Bot"), Place("scout", "#tea", 1), Place("bot", "#tea", 1)]
        store.commit([AccountRecord("scout", "Scout", 1), *kept])
        store.commit([AccountGone("scout", "Scout", words=False)])
        assert list(store.agents()) == [agent("Bot")]
        assert store.places("scout") == [] and store.places("bot") == [kept[3]]
