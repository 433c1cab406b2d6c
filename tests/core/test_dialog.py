"""Rules of the conversation that no single scenario shows."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from app.core.addresses import Address
from app.core.dialog.facts import Person, SavedAddress
from app.core.dialog.step import relevant_products
from app.core.dialog.wants import (
    HoldStock,
    LeaveOrder,
    PlaceOrder,
    SetLanguage,
    StartPayment,
)
from app.core.inbound import (
    AddressFilled,
    Arrived,
    Commented,
    Edited,
    HandedBack,
    PayRequested,
    Reacted,
    Read,
    Said,
    TakenOver,
    Tapped,
)
from tests.core.hanok import START, hanok
from tests.core.house import House, keys

HOME = SavedAddress("a-home", "김*나, 테헤란로 1**", "KR")
OFFICE = SavedAddress("a-office", "김*나, 판교역로 1**", "KR")
KNOWN = Person(name="Mina", addresses=(HOME, OFFICE))
HOME_FORM = Address(
    "김미나", "KR", "테헤란로 152", "+821023456789", "06236", "서울특별시", "강남구"
)


def at_summary() -> House:
    house = House(hanok("en"), KNOWN)
    house.send(Said("#moonmug black", "m1"))
    assert house.question == "pay.summary"
    return house


def awaiting() -> House:
    house = at_summary()
    house.send(PayRequested("l", house.state.cart_version, "sandbox"))
    assert house.question == "pay.waiting"
    return house


# --- stock --------------------------------------------------------------------------------------


def test_nothing_is_kept_before_an_answer_in_the_chat():
    house = House(hanok("en"), KNOWN)
    house.send(Commented("c1", "#moonmug black", START, author_name="mina"))
    house.send(Reacted("x", "❤"))
    assert house.held == {}
    house.send(Tapped(house.state.offered[0].token))
    [hold] = [x for x in house.wants if isinstance(x, HoldStock)]
    assert hold == HoldStock((("v-mug-b", 1),), START + timedelta(minutes=15))


def test_what_is_kept_for_me_counts_as_free_to_me():
    house = House(hanok("en"), KNOWN, stock={"v-mug-b": 2})
    house.send(Said("#moonmug black", "m1"))
    house.send(Said("make it 2", "m2"))
    assert house.held == {"v-mug-b": 2}
    assert house.question == "pay.summary"


def test_too_many_offers_what_is_left():
    house = House(hanok("en"), KNOWN, stock={"v-mug-b": 2})
    house.send(Said("#moonmug black", "m1"))
    house.send(Said("make it 3", "m2"))
    assert house.question == "cart.short"
    house.send(Said("2", "m3"))
    assert (house.question, house.held) == ("pay.summary", {"v-mug-b": 2})


def test_a_hold_that_ran_out_is_silent_where_the_chat_may_not_be_written_to():
    house = at_summary()
    house.now += timedelta(hours=30)
    assert house.pass_time(timedelta(minutes=1)) == []
    assert (house.question, house.held) == ("pay.expired", {})


def test_one_reminder_and_never_two():
    house = at_summary()
    said = house.pass_time(timedelta(minutes=14))
    assert [x.purpose for x in said] == ["summary"]
    house.send(Said("yes", "m2"))
    assert house.pass_time(timedelta(seconds=50)) == []


def test_the_last_piece_that_is_kept_for_me_is_not_sold_out_to_me():
    house = House(hanok("en"), KNOWN, stock={"v-mug-b": 1})
    house.send(Said("#moonmug black", "m1"))
    house.send(Said("change quantity", "m2"))
    assert house.question == "browse.quantity"


def test_a_remark_waits_for_the_result_it_came_before():
    house = at_summary()
    said = house.send(Said("white, 99 pcs", "m2"))
    assert keys(said)[:2] == ["quantity.bounds", "summary.total"]
    assert [(x.variant_id, x.quantity) for x in house.state.cart] == [("v-mug-w", 1)]


# --- buttons ------------------------------------------------------------------------------------


def test_the_buttons_of_a_message_stay_good_after_a_reminder():
    house = House(hanok("en"))
    house.send(Said("#moonmug", "m1"))
    shown = house.state.offered[0].token
    assert keys(house.pass_time(timedelta(minutes=31))) == ["nudge.choose"]
    house.send(Tapped(shown))
    assert house.question == "browse.quantity"


def test_a_button_that_asks_the_same_again_can_be_pressed_again():
    house = House(hanok("en"))
    house.send(Said("#moonmug black", "m1"))
    for _ in range(2):
        photos = next(x.token for x in house.state.offered if x.action == "photos")
        assert keys(house.send(Tapped(photos)))[0] == "photos.shown"


# --- the order ----------------------------------------------------------------------------------


def test_a_payment_places_the_order_and_starts_the_payment():
    house = awaiting()
    placed = [x for x in house.wants if isinstance(x, PlaceOrder)]
    started = [x for x in house.wants if isinstance(x, StartPayment)]
    assert placed[0].lines == (("v-mug-b", 1),)
    assert (placed[0].address_id, placed[0].shipping_id) == ("a-home", "r-1")
    # The hold outlasts the provider's page.
    assert placed[0].until - started[0].expires_at == timedelta(minutes=2)


@pytest.mark.parametrize("version", [0, 999])
def test_another_version_of_the_cart_is_not_paid(version):
    house = at_summary()
    house.send(PayRequested("l", version, "sandbox"))
    assert house.answers[-1].code == "changed"
    assert house.order is None


def test_a_cart_without_an_address_is_not_paid():
    house = House(hanok("en"))
    house.send(Said("#moonmug black 1개", "m1"))
    house.send(PayRequested("l", house.state.cart_version, "sandbox"))
    assert house.answers[-1].code == "no-address"


def test_what_is_sold_out_at_the_payment_is_told_on_the_page_and_in_the_chat():
    house = at_summary()
    house.held, house.on_hand["v-mug-b"] = {}, 0
    said = house.send(PayRequested("l", house.state.cart_version, "sandbox"))
    assert house.answers[-1].code == "sold-out"
    assert keys(said) == ["cart.sold-out"]


def test_a_paid_cart_is_not_paid_again():
    house = awaiting()
    version = house.state.cart_version
    house.paid()
    house.send(PayRequested("l", version, "sandbox"))
    assert house.answers[-1].code == "paid"


def test_a_shop_that_takes_no_payments_says_so():
    house = at_summary()
    house.shop = msgspec.structs.replace(house.shop, payments=())
    house.send(PayRequested("l", house.state.cart_version, "sandbox"))
    assert house.answers[-1].code == "not-payable"


@pytest.mark.parametrize("text", ["make it 2", "white please"])
def test_a_change_gives_up_the_order_that_awaits_its_money(text):
    house = awaiting()
    version = house.state.cart_version
    house.send(Said(text, "m2"))
    assert LeaveOrder() in house.wants
    assert house.state.cart_version > version
    assert house.question == "pay.summary"


def test_another_address_gives_up_the_order_too():
    house = awaiting()
    house.send(Said("change address", "m2"))
    assert LeaveOrder() not in house.wants
    house.send(Tapped(next(x.token for x in house.state.offered if x.value == "a-office")))
    assert LeaveOrder() in house.wants
    assert house.state.address_id == "a-office"


def test_a_change_that_was_only_begun_leaves_the_order_alone():
    house = awaiting()
    house.send(Said("change quantity", "m2"))
    assert house.question == "browse.quantity"
    house.send(PayRequested("l", house.state.cart_version, "sandbox"))
    assert house.answers[-1].code == "placed"
    assert LeaveOrder() not in house.wants


def test_news_of_the_payment_ends_a_change_that_was_only_begun():
    house = awaiting()
    cart = house.state.cart
    house.send(Said("change quantity", "m2"))
    said = house.send(house.news("payment-failed"))
    assert (house.question, house.state.cart) == ("pay.waiting", cart)
    assert "pay.waiting" in keys(said)


def test_back_gives_up_a_change():
    house = at_summary()
    cart, version = house.state.cart, house.state.cart_version
    house.send(Said("change quantity", "m2"))
    house.send(Said("back", "m3"))
    assert (house.question, house.state.cart) == ("pay.summary", cart)
    assert house.state.cart_version == version


def test_the_end_of_an_order_that_was_given_up_is_no_news():
    house = awaiting()
    news = house.news("cancelled")
    house.send(Said("make it 2", "m2"))
    assert house.send(news) == []


@pytest.mark.parametrize(
    ("what", "question"),
    [("payment-failed", "pay.waiting"), ("payment-expired", "pay.expired")],
)
def test_a_payment_that_came_to_nothing_can_be_tried_again(what, question):
    house = awaiting()
    said = house.send(house.news(what))
    assert keys(said)[0] == f"news.{what}"
    assert house.question == question


def test_after_an_order_ran_out_the_next_one_is_another():
    house = awaiting()
    version = house.state.cart_version
    house.pass_time(timedelta(minutes=20))
    assert (house.question, LeaveOrder() in house.wants) == ("pay.expired", True)
    assert house.state.cart_version > version


@pytest.mark.parametrize(
    "what",
    ["paid", "late-refunded", "double-refunded", "mismatch", "refunded", "cancelled", "shipped"],
)
def test_news_is_told_even_while_a_person_answers(what):
    house = awaiting()
    news = house.news(what)
    house.send(TakenOver("mo"))
    assert keys(house.send(news))[0] == f"news.{what}"


# --- people -------------------------------------------------------------------------------------


def test_the_payment_page_works_while_a_person_answers():
    house = at_summary()
    house.send(TakenOver("mo"))
    assert house.send(PayRequested("l", house.state.cart_version, "sandbox")) == []
    assert house.answers[-1].code == "placed"


def test_stop_is_heard_even_while_a_person_answers():
    house = awaiting()
    house.send(TakenOver("mo"))
    assert keys(house.send(Said("stop", "m2"))) == ["stop.done"]
    assert LeaveOrder() in house.wants
    assert house.person.opted_out


def test_handed_back_outside_the_window_stays_silent():
    house = at_summary()
    house.send(TakenOver("mo"))
    house.now += timedelta(hours=25)
    assert house.send(HandedBack("mo")) == []
    assert not house.state.person


def test_nobody_waits_for_a_person_for_ever():
    house = at_summary()
    house.send(Said("talk to a human", "m2"))
    house.pass_time(timedelta(days=2))
    assert not house.state.person
    assert house.send(Said("hello", "m3"))


# --- input of other kinds -----------------------------------------------------------------------


def test_the_form_goes_on_with_the_purchase_and_answers_the_page():
    house = House(hanok("en"))
    house.send(Said("#moonmug black 1개", "m1"))
    said = house.send(AddressFilled("l", HOME_FORM, "mina@example.com"))
    assert house.answers[-1].code == "saved"
    assert keys(said)[0] == "summary.total"


def test_the_form_without_a_purchase_is_kept_for_the_next_time():
    house = House(hanok("en"))
    assert keys(house.send(AddressFilled("l", HOME_FORM)))[-1] == "address.saved"
    assert house.answers[-1].code == "saved"


def test_an_edit_of_what_was_not_understood_is_read_again():
    house = House(hanok("en"))
    house.send(Said("#moonmug", "m1"))
    house.send(Said("xqxqx", "m2"))
    house.send(Edited("m2", "white"))
    assert house.state.draft.values == {"0": "white"}


def test_an_edit_of_an_answer_changes_nothing_by_itself():
    house = House(hanok("en"))
    house.send(Said("#moonmug", "m1"))
    house.send(Said("white", "m2"))
    assert keys(house.send(Edited("m2", "black")))[0] == "edited.kept"
    assert house.state.draft.values == {"0": "white"}


@pytest.mark.parametrize("ref", ["moonmug", "#moonmug"])
def test_a_link_opens_its_campaign(ref):
    house = House(hanok("en"))
    house.send(Arrived(ref))
    assert house.question == "browse.option"


def test_a_link_that_names_nothing_opens_the_menu():
    house = House(hanok("en"))
    house.send(Arrived("summer-ad"))
    assert house.question == "greet.menu"


def test_the_bot_says_once_that_it_is_one():
    house = House(hanok("en"))
    house.send(Said("hi", "m1"))
    house.send(Said("#moonmug", "m2"))
    assert keys(house.said).count("greet.hello") == 1


@pytest.mark.parametrize(
    ("locale", "text", "language"),
    [("ko", "hi there, what do you have?", "en"), ("en", "안녕하세요 뭐 있나요", "ko")],
)
def test_answers_come_in_the_language_of_the_person(locale, text, language):
    house = House(hanok(locale))
    [say] = house.send(Said(text, "m1"))
    assert say.language == language
    assert SetLanguage(language) in house.wants


def test_an_address_in_another_script_changes_no_language():
    house = House(hanok("en"))
    house.send(Said("#moonmug black 1개", "m1"))
    house.send(Said("김미나 서울 강남구 테헤란로 152 010-2345-6789", "m2"))
    assert house.said[-1].language == "en"


def test_back_opens_the_question_before():
    house = House(hanok("en"))
    house.send(Said("#가을드립", "m1"))
    house.send(Said("dark", "m2"))
    house.send(Said("30", "m3"))
    assert house.question == "browse.quantity"
    house.send(Said("back", "m4"))
    assert (house.question, house.state.draft.values) == ("browse.option", {"0": "dark"})
    house.send(Said("back", "m5"))
    assert (house.question, house.state.draft.values) == ("browse.option", {})


def test_an_address_abroad_is_refused_where_nothing_goes_there():
    house = House(hanok("en"))
    house.send(Said("#moonmug black 1개", "m1"))
    said = house.send(Said("Ann Lee, 350 5th Ave, New York, NY 10118, 212-736-3100", "m2"))
    assert keys(said)[:2] == ["address.no-delivery", "address.where"]


def test_only_the_stock_that_may_be_spoken_of_is_loaded():
    house = at_summary()
    assert relevant_products(house.state, Read(), house.shop) == frozenset()
    assert "p-mug" in relevant_products(house.state, Said("x", "m"), house.shop)
    many = {
        f"p{n}": msgspec.structs.replace(house.shop.products["p-candle"], id=f"p{n}")
        for n in range(50)
    }
    shop = msgspec.structs.replace(house.shop, products={**many, **house.shop.products})
    wanted = relevant_products(house.state, Said("#가을드립", "m"), shop)
    assert {"p-mug", "p-drip"} <= wanted
    assert len(wanted) < 20
