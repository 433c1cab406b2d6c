"""What people do in the fake reaches the receiver as Meta would post it."""

from __future__ import annotations

import pytest

from app.core.inbound import (
    Arrived,
    Commented,
    Echoed,
    Edited,
    Reacted,
    Read,
    Said,
    SentMedia,
    Tapped,
    Unknown,
    Unsent,
)
from app.core.outbound import Button, Message
from bots.instagram.fake import Bubble
from tests.bots.instagram.stage import BUY, MINA, NOON, POST, SHOP, Stage


@pytest.fixture
def stage() -> Stage:
    return Stage()


@pytest.mark.parametrize("shape", ["changes", "bare"])
@pytest.mark.parametrize("id_key", ["id", "comment_id"])
def test_a_comment_in_all_four_shapes(stage, shape, id_key):
    hook = stage.instagram.comment(
        MINA, "#가을드립 dark", username="mina", shape=shape, id_key=id_key
    )
    item = stage.one(hook)
    assert (item.key, item.address) == (f"comment:{hook.id}", f"user:{MINA}")
    assert item.event == Commented(
        comment_id=hook.id,
        text="#가을드립 dark",
        commented_at=NOON,
        post_ids=(POST,),
        author_id=MINA,
        author_name="mina",
    )
    assert item.extra == ()


def test_a_comment_whose_author_is_not_told(stage):
    hook = stage.instagram.comment(MINA, "#가을드립", with_author=False)
    assert stage.one(hook).address == f"comment:{hook.id}"


async def test_a_comment_whose_author_has_another_id_in_the_chat(stage):
    hook = stage.instagram.comment(MINA, "#가을드립", author_id="99")
    assert stage.one(hook).address == "user:99"
    assert (await stage.reply(hook.id)).recipient == MINA


def test_a_comment_on_an_advertisement_names_both_posts(stage):
    hook = stage.instagram.comment(MINA, "#가을드립", media="ad-1", ad_of=POST)
    event = stage.one(hook).event
    assert isinstance(event, Commented)
    assert event.post_ids == ("ad-1", POST)


def test_a_live_comment_and_a_mention(stage):
    event = stage.one(stage.instagram.comment(MINA, "#가을드립", live=True)).event
    assert isinstance(event, Commented)
    assert event.live
    mention = stage.instagram.mention(MINA, "17900000000000099", "1")
    assert stage.one(mention).event == Unknown("mention")


async def test_what_is_said_in_the_chat(stage):
    play = stage.instagram
    hook = play.say(MINA, "안녕하세요 😀")
    item = stage.one(hook)
    assert (item.key, item.address) == (f"message:{hook.id}", f"user:{MINA}")
    assert item.event == Said("안녕하세요 😀", message_id=hook.id)
    hook = play.say(MINA, "이거요", reply_to="aWdf1", ref="c42")
    assert stage.one(hook).event == Said("이거요", hook.id, reply_to="aWdf1", ref="c42")
    hook = play.story_reply(MINA, "예뻐요")
    assert stage.one(hook).event == Said("예뻐요", hook.id, story="18010000000000001")
    hook = play.story_mention(MINA)
    assert stage.one(hook).event == SentMedia(
        "story-mention", hook.id, url="https://cdn.example/story.jpg"
    )
    hook = play.media(MINA, "like_heart")
    assert stage.one(hook).event == SentMedia("like", hook.id)
    assert stage.one(play.referral(MINA, "c42")).event == Arrived(
        "c42", source="https://ig.me/m/the_shop"
    )


async def test_what_is_done_to_messages(stage):
    play = stage.instagram
    said = play.say(MINA, "두 개").id
    ours = (await stage.chat("네")).reference
    assert stage.one(play.react(MINA, ours)).event == Reacted(ours, "❤️")
    assert stage.one(play.read(MINA)).event == Read(ours)
    assert stage.one(play.edit(MINA, said, "세 개")).event == Edited(said, "세 개")
    assert stage.one(play.unsend(MINA, said)).event == Unsent(said)
    assert stage.instagram.thread(MINA) == (
        Bubble(said, "person", NOON, "", note="unsent"),
        Bubble(ours, "shop", NOON, "네", reaction="❤️"),
    )


async def test_a_button_is_tapped_by_its_label_or_payload(stage):
    await stage.reply(stage.instagram.comment(MINA, "#가을드립").id)
    for choice in ("1개 구매", "t_BUY"):
        hook = stage.instagram.tap(MINA, choice)
        item = stage.one(hook)
        assert item.key == f"postback:{hook.id}"
        assert item.event == Tapped("t_BUY", label="1개 구매", message_id=hook.id)


async def test_a_chip_is_a_quick_reply_and_goes_with_the_next_message(stage):
    stage.instagram.say(MINA, "hi")
    chips = tuple(Button(name, token=f"t_{name}") for name in ("Red", "Green", "Blue", "White"))
    await stage.chat(Message("Colour?", buttons=chips))
    hook = stage.instagram.tap(MINA, "Blue")
    assert stage.one(hook).key == f"message:{hook.id}"
    assert stage.one(hook).event == Tapped("t_Blue", label="Blue", message_id=hook.id)
    with pytest.raises(LookupError):
        stage.instagram.tap(MINA, "Red")


async def test_only_what_is_on_the_screen_can_be_tapped(stage):
    stage.instagram.say(MINA, "hi")
    pay = Button("결제", url="https://shop.example/pay")
    await stage.chat(Message("₩18,000", buttons=(pay,)))
    with pytest.raises(LookupError, match=r"https://shop\.example/pay"):
        stage.instagram.tap(MINA, "결제")
    with pytest.raises(LookupError):
        stage.instagram.tap(MINA, "없는 것")
    stale = stage.instagram.tap(MINA, "t_FROM_LAST_YEAR", force=True)
    event = stage.one(stale).event
    assert isinstance(event, Tapped)
    assert event.token == "t_FROM_LAST_YEAR"


async def test_of_two_messages_with_one_label_the_older_can_be_meant(stage):
    stage.instagram.say(MINA, "hi")
    first = await stage.chat(Message("A", buttons=(Button("Buy", token="t1"),)))
    await stage.chat(Message("B", buttons=(Button("Buy", token="t2"),)))
    newest = stage.one(stage.instagram.tap(MINA, "Buy")).event
    older = stage.one(stage.instagram.tap(MINA, "Buy", message_id=first.reference)).event
    assert [event.token for event in (newest, older)] == ["t2", "t1"]


# --- what comes back of our own ------------------------------------------------------------------


async def test_our_sends_come_back_as_echoes_without_a_mark(stage):
    comment = stage.instagram.comment(MINA, "#가을드립")
    answered = await stage.reply(comment.id)
    [echo] = stage.instagram.take_outgoing()
    item = stage.one(echo)
    assert (item.key, item.address) == (f"echo:{answered.reference}", f"user:{MINA}")
    assert item.event == Echoed(answered.reference, text="드립백 다크 · ₩12,000")
    assert stage.instagram.take_outgoing() == []


async def test_our_public_reply_comes_back_as_a_comment_without_effect(stage):
    comment = stage.instagram.comment(MINA, "#가을드립")
    answered = await stage.answer(comment.id)
    [hook] = stage.instagram.take_outgoing()
    item = stage.one(hook)
    assert (item.key, item.address, item.event) == (
        f"comment:{answered.reference}", "", Unknown("own-comment"),
    )  # fmt: skip


async def test_the_echo_may_come_before_the_answer(stage):
    order = []

    async def listen(hook) -> None:
        order.append(stage.one(hook).key)

    stage.instagram.listener = listen
    answered = await stage.reply(stage.instagram.comment(MINA, "#가을드립").id)
    order.append("answer")
    assert order == [f"echo:{answered.reference}", "answer"]


def test_what_the_shop_types_by_hand_is_an_echo_too(stage):
    hook = stage.instagram.typed_by_hand(MINA, "제가 볼게요")
    assert stage.one(hook).event == Echoed(hook.id, "제가 볼게요")


def test_what_another_app_handles_is_on_standby(stage):
    hook = stage.instagram.standby(stage.instagram.say(MINA, "hi"))
    item = stage.one(hook)
    assert (item.key, item.address) == (f"standby:message:{hook.id}", "")
    assert item.event == Unknown("standby")


# --- the wire ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("one_entry", "entries"), [(False, 4), (True, 1)])
def test_several_events_in_one_post(stage, one_entry, entries):
    play = stage.instagram
    hooks = [
        play.say(MINA, "one"),
        play.comment(MINA, "two"),
        play.comment(MINA, "three", shape="bare"),
        play.say("6200", "four"),
    ]
    post = play.batch(*hooks, one_entry=one_entry)
    assert len(post.payload["entry"]) == entries
    assert {item.key for item in stage.read(post)} == {stage.one(hook).key for hook in hooks}


def test_the_same_acts_give_the_same_bytes():
    def play() -> list[bytes]:
        stage = Stage()
        hooks = [stage.instagram.comment(MINA, "#가을드립"), stage.instagram.say(MINA, "hi")]
        return [hook.body for hook in hooks]

    assert play() == play()


def test_a_post_is_written_as_meta_writes_it(stage):
    hook = stage.instagram.story_reply(MINA, "예뻐요/")
    assert b"\\uc608\\ubed0\\uc694\\/" in hook.body
    assert b"https:\\/\\/cdn.example" in hook.body
    assert hook.body.isascii()
    assert b'"timestamp":1795348800000' in hook.body
    assert b'"time":1795348800,' in stage.instagram.comment(MINA, "x").body


def test_a_stranger_sees_an_empty_thread(stage):
    assert stage.instagram.thread("nobody") == ()
    assert stage.instagram.people == {}
    with pytest.raises(LookupError):
        stage.instagram.last_from_shop("nobody")
    assert SHOP not in stage.instagram.people
    assert BUY.buttons[0].label == "1개 구매"
