"""Whatever people do in whatever order, the conversation answers, ends and keeps its promises."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.dialog.facts import Person, SavedAddress
from app.core.dialog.wants import Say
from tests.core.hanok import INSTAGRAM, PLAIN, hanok
from tests.core.house import House
from tests.core.shoppers import ACTIONS, act

HOME = SavedAddress("a-home", "김*나, 06236 서울 강남구 테헤란로 1**, 010-****-6789", "KR")
LOUD = {"receipt", "refund", "payment-failed", "hold-expired", "cancelled", "shipping"}
MAY_SPEAK = LOUD | {"merchant", "person", "stop"}  # while a person answers or after a stop


def check(house: House, said: list[Say], before: Any) -> None:
    """What must hold after every event."""
    state = house.state
    for say in said:
        tokens = [x.token for x in say.choices if x.url is None]
        assert all(tokens), say
        assert len(set(tokens)) == len(tokens)
        assert all(bool(x.url) != bool(x.token) for x in say.choices), say
        assert all(x.label or x.key for x in say.choices)
        assert say.key or say.text
        assert not (say.to == "comment-public" and say.live)
    last = next((x for x in reversed(said) if any(c.token for c in x.choices)), None)
    if last is not None:
        assert [x.token for x in last.choices if x.token] == [x.token for x in state.offered]
    if before.person and state.person:
        assert {x.purpose for x in said} <= MAY_SPEAK, said
    if before.stopped and state.stopped:
        assert {x.purpose for x in said} <= MAY_SPEAK, said
    if state.scene != "start" and not state.dormant:
        assert house.timers, (house.question, house.why)
    if state.person:
        assert "idle" in house.timers
    if state.held_until is not None:
        assert "hold" in house.timers, house.question
    assert state.cart_version >= before.cart_version
    assert all(1 <= x.quantity <= house.shop.max_quantity for x in state.cart)
    assert not (state.held and not state.answered and not state.order_id)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(ACTIONS, max_size=25),
    st.sampled_from(("ko", "en")),
    st.booleans(),
    st.booleans(),
)
def test_anything_goes(actions, locale, known, bare):
    person = Person(name="Mina", addresses=(HOME,)) if known else Person()
    house = House(hanok(locale), person, PLAIN if bare else INSTAGRAM)
    replies: dict[str, int] = {}
    for number, action in enumerate(actions):
        before = house.state
        said = act(house, action, number)
        check(house, said, before)
        for say in said:
            if say.to == "comment-private":
                replies[say.comment_id] = replies.get(say.comment_id, 0) + 1
    assert all(x == 1 for x in replies.values())


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(ACTIONS, max_size=15))
def test_the_same_inputs_give_the_same_step(actions):
    one, two = House(hanok("ko")), House(hanok("ko"))
    for number, action in enumerate(actions):
        assert act(one, action, number) == act(two, action, number)
        assert one.state == two.state
