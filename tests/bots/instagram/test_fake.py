"""The fake keeps Instagram's rules, whoever asks."""

from __future__ import annotations

import asyncio

import pytest

from app.core.errors import CredentialsBad, NeverSend, RecipientGone, TryLater
from app.core.outbound import Button, Card, Message
from app.edge.http import OutcomeUnknown
from bots.instagram.fake import Bubble, Choice
from tests.bots.instagram.stage import BUY, MINA, NOON, POST, SHOP, Stage


@pytest.fixture
def stage() -> Stage:
    return Stage()


# --- a comment buys one message ------------------------------------------------------------------


async def test_a_comment_is_answered_once_and_the_person_learns_of_it(stage):
    comment = stage.instagram.comment(MINA, "#가을드립 dark", username="mina")
    answered = await stage.reply(comment.id)
    assert answered.recipient == MINA
    assert stage.instagram.thread(MINA) == (
        Bubble(
            id=answered.reference,
            side="shop",
            at=NOON,
            text="드립백 다크 · ₩12,000",
            choices=(Choice("button", "1개 구매", "t_BUY"),),
        ),
    )
    [sent] = stage.instagram.log
    assert (sent.number, sent.kind, sent.to, sent.comment_id) == (
        1, "comment-private", MINA, comment.id,
    )  # fmt: skip


async def test_a_second_private_reply_is_refused_and_reaches_nobody(stage):
    comment = stage.instagram.comment(MINA, "#가을드립")
    await stage.reply(comment.id)
    with pytest.raises(NeverSend) as caught:
        await stage.reply(comment.id)
    assert caught.value.rule == "one-private-reply-per-comment"
    assert len(stage.instagram.log) == len(stage.instagram.thread(MINA)) == 1


async def test_every_comment_has_a_reply_of_its_own(stage):
    for text in ("#가을드립", "#가을드립 dark"):
        await stage.reply(stage.instagram.comment(MINA, text).id)
    assert len(stage.instagram.thread(MINA)) == 2


async def test_a_comment_may_be_answered_for_seven_days(stage):
    early = stage.instagram.comment(MINA, "#가을드립")
    late = stage.instagram.comment(MINA, "#가을드립")
    stage.wait(days=7)
    await stage.reply(early.id)
    stage.wait(seconds=1)
    with pytest.raises(NeverSend):
        await stage.reply(late.id)
    assert len(stage.instagram.log) == 1


async def test_a_live_comment_only_while_on_air(stage):
    first = stage.instagram.comment(MINA, "#가을드립", media="live-1", live=True)
    second = stage.instagram.comment(MINA, "#가을드립", media="live-1", live=True)
    await stage.reply(first.id)
    stage.instagram.end_broadcast("live-1")
    with pytest.raises(NeverSend):
        await stage.reply(second.id)
    assert len(stage.instagram.log) == 1


@pytest.mark.parametrize("public", [False, True])
async def test_a_comment_that_is_not_there_is_not_answered(stage, public):
    deleted = stage.instagram.comment(MINA, "#가을드립").id
    stage.instagram.delete_comment(deleted)
    for comment_id in ("17999999999999999", deleted):
        with pytest.raises(NeverSend) as caught:
            await (stage.answer(comment_id) if public else stage.reply(comment_id))
        assert caught.value.rule == "comment-gone"
    assert stage.instagram.log == []


async def test_our_own_comment_is_not_answered_privately(stage):
    ours = (await stage.answer(stage.instagram.comment(MINA, "#가을드립").id)).reference
    with pytest.raises(NeverSend) as caught:
        await stage.reply(ours)
    assert caught.value.rule == "one-private-reply-per-comment"


# --- the window ----------------------------------------------------------------------------------


async def test_a_private_reply_opens_no_window(stage):
    await stage.reply(stage.instagram.comment(MINA, "#가을드립").id)
    with pytest.raises(NeverSend) as caught:
        await stage.chat("아직 계신가요?")
    assert caught.value.rule == "window"
    assert len(stage.instagram.thread(MINA)) == 1


async def test_an_answer_opens_it_for_24_hours(stage):
    await stage.reply(stage.instagram.comment(MINA, "#가을드립").id)
    stage.instagram.tap(MINA, "1개 구매")
    stage.wait(hours=23, minutes=59, seconds=59)
    await stage.chat("어디로 보낼까요?")
    stage.wait(seconds=1)
    with pytest.raises(NeverSend) as caught:
        await stage.chat("아직 계신가요?")
    assert caught.value.rule == "window"


@pytest.mark.parametrize(
    ("act", "opens"),
    [
        (lambda play: play.say(MINA, "hi"), True),
        (lambda play: play.media(MINA), True),
        (lambda play: play.story_reply(MINA, "wow"), True),
        (lambda play: play.story_mention(MINA), True),
        (lambda play: play.tap(MINA, "START", force=True), True),
        (lambda play: play.react(MINA, play.last_from_shop(MINA).id), True),
        (lambda play: play.referral(MINA, "c42"), True),
        (lambda play: play.read(MINA), False),
        (lambda play: play.comment(MINA, "#가을드립"), False),
        (lambda play: play.typed_by_hand(MINA, "안녕하세요"), False),
    ],
    ids=["text", "media", "story reply", "story mention", "tap", "reaction", "link", "read",
         "comment", "our own words"],
)  # fmt: skip
async def test_what_opens_the_window(stage, act, opens):
    await stage.reply(stage.instagram.comment(MINA, "#가을드립").id)
    act(stage.instagram)
    if opens:
        await stage.chat("hello")
        return
    with pytest.raises(NeverSend):
        await stage.chat("hello")


async def test_a_stranger_cannot_be_written_to(stage):
    with pytest.raises(RecipientGone):
        await stage.chat("hello", person="nobody")


@pytest.mark.parametrize("private", [False, True])
async def test_who_has_blocked_the_shop_is_gone(stage, private):
    comment = stage.instagram.comment(MINA, "#가을드립")
    stage.instagram.say(MINA, "hi")
    stage.instagram.block(MINA)
    with pytest.raises(RecipientGone):
        await (stage.reply(comment.id) if private else stage.chat("hello"))
    stage.instagram.block(MINA, blocked=False)
    await stage.chat("hello")


# --- in public -----------------------------------------------------------------------------------


async def test_a_public_reply_stands_under_the_comment(stage):
    comment = stage.instagram.comment(MINA, "#가을드립")
    answered = await stage.answer(comment.id, "@mina DM을 확인해 주세요!")
    [first, reply] = stage.instagram.comments_under(POST)
    assert (first.id, reply.id, reply.parent) == (comment.id, answered.reference, comment.id)
    assert stage.instagram.name_of(reply.author) == "the_shop"
    [sent] = stage.instagram.sent_to(comment.id)
    assert (sent.kind, sent.text) == ("comment-public", "@mina DM을 확인해 주세요!")


@pytest.mark.parametrize("how", [{"live": True}, {"parent": "17900000000000009"}])
async def test_not_on_live_video_and_not_under_a_reply(stage, how):
    comment = stage.instagram.comment(MINA, "#가을드립", **how)
    with pytest.raises(NeverSend):
        await stage.answer(comment.id)
    assert stage.instagram.log == []


@pytest.mark.parametrize("words", ["", " ", "가" * 334, None, 7])
async def test_a_public_reply_beyond_a_limit_is_refused(stage, words):
    comment = stage.instagram.comment(MINA, "#가을드립")
    answer = await stage.raw(f"{comment.id}/replies", {"message": words})
    assert answer.status_code == 400
    assert stage.instagram.log == []


async def test_the_same_words_twice_are_refused(stage):
    comment = stage.instagram.comment(MINA, "#가을드립")
    await stage.answer(comment.id)
    with pytest.raises(NeverSend) as caught:
        await stage.answer(comment.id)
    assert caught.value.rule == "duplicate-text"
    assert len(stage.instagram.log) == 1


# --- what a message may be -----------------------------------------------------------------------

BUTTON = {"type": "postback", "title": "A", "payload": "a"}


def template(kind, **payload):
    inside = {"template_type": kind, **payload}
    return {"attachment": {"type": "template", "payload": inside}}


def card(**changes):
    return {"title": "t", "subtitle": "s", **changes}


REFUSED = {
    "no words": {"text": ""},
    "blanks": {"text": " "},
    "1001 bytes": {"text": "가" * 333 + "ab"},
    "text and attachment": {"text": "x", **template("button", text="x", buttons=[BUTTON])},
    "no payload": {"attachment": {"type": "template"}},
    "receipt": template("receipt"),
    "four buttons": template("button", text="x", buttons=[BUTTON] * 4),
    "no button": template("button", text="x", buttons=[]),
    "641 characters over buttons": template("button", text="x" * 641, buttons=[BUTTON]),
    "a label of 21": template("button", text="x", buttons=[{**BUTTON, "title": "가" * 21}]),
    "a payload of 1001": template("button", text="x", buttons=[{**BUTTON, "payload": "p" * 1001}]),
    "a call button": template("button", text="x", buttons=[{"type": "phone", "title": "t"}]),
    "a link elsewhere": template(
        "button", text="x", buttons=[{"type": "web_url", "title": "t", "url": "javascript:1"}]
    ),
    "eleven cards": template("generic", elements=[card()] * 11),
    "a card with a title only": template("generic", elements=[{"title": "t"}]),
    "a title of 81": template("generic", elements=[card(title="t" * 81)]),
    "a subtitle of 81": template("generic", elements=[card(subtitle="s" * 81)]),
    "fourteen chips": {
        "text": "x",
        "quick_replies": [{"content_type": "text", "title": "a", "payload": "a"}] * 14,
    },
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
async def test_a_message_beyond_a_limit_is_refused(stage, name):
    stage.instagram.say(MINA, "hi")
    answer = await stage.raw(
        f"{SHOP}/messages", {"recipient": {"id": MINA}, "message": REFUSED[name]}
    )
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == 100
    assert stage.instagram.log == []


ACCEPTED = {
    "1000 bytes": {"text": "가" * 333 + "a"},
    "three buttons": template("button", text="x" * 640, buttons=[BUTTON] * 3),
    "a label of 20": template("button", text="x", buttons=[{**BUTTON, "title": "가" * 20}]),
    "ten cards": template("generic", elements=[card(title="t" * 80, subtitle="s" * 80)] * 10),
}


@pytest.mark.parametrize("name", ACCEPTED)
async def test_a_message_at_its_limit_is_taken(stage, name):
    stage.instagram.say(MINA, "hi")
    answer = await stage.raw("me/messages", {"recipient": {"id": MINA}, "message": ACCEPTED[name]})
    assert answer.status_code == 200
    assert stage.instagram.log[0].request["message"] == ACCEPTED[name]


async def test_everything_the_plug_makes_is_taken(stage):
    stage.instagram.say(MINA, "hi")
    many = tuple(
        Button(f"가나다라마바사아자차카타파하{at}번 선택지", token=f"t{at}") for at in range(20)
    )
    link = Button("결제", url="https://shop.example/pay/" + "x" * 100)
    long = "가나다라 마바사. " * 300
    for words in ("", "짧은 글", long):
        for buttons in ((), many[:3], many[:13], many[:14], many, (link,), (*many[:5], link)):
            for image in (None, "https://shop.example/m.jpg"):
                for cards in ((), (Card("제목" * 50, "부제" * 50, buttons=many[:3]),) * 3):
                    if words or image or cards:
                        await stage.chat(Message(words, buttons, cards, image))
                        stage.wait(seconds=1)
    assert len(stage.instagram.log) == 3 * 7 * 2 * 2 - 7


# --- rates ---------------------------------------------------------------------------------------


async def test_the_751st_private_reply_of_an_hour_waits(stage):
    async def answer_one() -> None:
        await stage.reply(stage.instagram.comment(MINA, "#가을드립").id)
        stage.wait(seconds=1)

    for _ in range(750):
        await answer_one()
    with pytest.raises(TryLater) as caught:
        await answer_one()
    assert caught.value.whole_account
    assert len(stage.instagram.log) == 750
    stage.wait(hours=1)
    await answer_one()


async def test_the_101st_message_of_a_second_waits(stage):
    stage.instagram.say(MINA, "hi")
    for _ in range(100):
        await stage.chat("x")
    with pytest.raises(TryLater) as caught:
        await stage.chat("x")
    assert caught.value.whole_account
    stage.wait(seconds=1)
    await stage.chat("x")


# --- switches ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "error", "taken"),
    [
        ("rate-limited", TryLater, False),
        ("server-error", TryLater, False),
        ("revoked-token", CredentialsBad, False),
        ("template-refused", NeverSend, False),
        ("unreachable", TryLater, False),
        ("timeout-before", OutcomeUnknown, False),
        ("timeout-after", OutcomeUnknown, True),
    ],
)
async def test_the_next_call_fails_and_the_one_after_it_does_not(stage, kind, error, taken):
    stage.instagram.say(MINA, "hi")
    stage.instagram.fail_next(kind)
    with pytest.raises(error):
        await stage.chat(BUY)
    assert len(stage.instagram.log) == int(taken)
    assert len(stage.instagram.take_outgoing()) == int(taken)
    await stage.chat(BUY)
    assert len(stage.instagram.log) == 1 + int(taken)


async def test_a_rate_limit_says_how_long(stage):
    stage.instagram.say(MINA, "hi")
    stage.instagram.fail_next("rate-limited", after=17)
    with pytest.raises(TryLater) as caught:
        await stage.chat("x")
    assert (caught.value.after, caught.value.whole_account) == (17, True)


async def test_a_refused_template_leaves_plain_words_alone(stage):
    comment = stage.instagram.comment(MINA, "#가을드립")
    stage.instagram.fail_next("template-refused", times=2)
    for _ in range(2):
        with pytest.raises(NeverSend) as caught:
            await stage.reply(comment.id)
        assert caught.value.rule == "template"
    await stage.reply(comment.id, Message("1. 1개 구매"))


async def test_a_template_failure_waits_for_a_template(stage):
    stage.instagram.say(MINA, "hi")
    stage.instagram.fail_next("template-refused")
    await stage.chat("words alone")
    with pytest.raises(NeverSend) as caught:
        await stage.chat(BUY)
    assert caught.value.rule == "template"


async def test_a_failure_may_wait_for_its_kind_of_send(stage):
    comment = stage.instagram.comment(MINA, "#가을드립")
    stage.instagram.fail_next("server-error", to="comment-public")
    await stage.reply(comment.id)
    with pytest.raises(TryLater):
        await stage.answer(comment.id)


async def test_a_silent_failure_can_hold_the_line(stage):
    """Over a real socket nothing can be raised at the client, so it has to wait."""
    stage.instagram.hang = 0.05
    stage.instagram.say(MINA, "hi")
    stage.instagram.fail_next("timeout-after")
    call = stage.raw("me/messages", {"recipient": {"id": MINA}, "message": {"text": "x"}})
    with pytest.raises((asyncio.TimeoutError, AssertionError)):
        await asyncio.wait_for(call, 0.02)
    assert len(stage.instagram.log) == 1


def test_an_unknown_failure_is_a_mistake(stage):
    with pytest.raises(ValueError, match="earthquake"):
        stage.instagram.fail_next("earthquake")


async def test_another_token_is_refused(stage):
    body = {"recipient": {"id": MINA}, "message": {"text": "x"}}
    answer = await stage.raw("me/messages", body, token="stolen")
    assert answer.json()["error"]["code"] == 190


async def test_the_account_says_who_it_is(stage):
    answer = await stage.client.get(
        "https://graph.instagram.com/v25.0/me?fields=user_id,username&access_token=IGAAtoken"
    )
    assert answer.json() == {"id": "1", "user_id": SHOP, "username": "the_shop"}


async def test_other_requests_are_refused(stage):
    assert (await stage.raw("me/stories", {})).status_code == 400
    for body in ({}, {"recipient": 7, "message": {"text": "x"}}, {"recipient": {"id": MINA}}):
        assert (await stage.raw("me/messages", body)).status_code == 400
    assert stage.instagram.log == []
    assert len(stage.instagram.refused) == 4
