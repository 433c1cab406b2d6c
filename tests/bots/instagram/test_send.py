"""What the fixtures cannot say of sending: tokens, and the way back to plain words."""

from __future__ import annotations

import msgspec
import pytest

from app.core.errors import CredentialsBad, NeverSend
from app.core.outbound import Call, ChannelSend, Destination, Message
from app.edge.text import plain
from bots.instagram import CHANNEL
from tests.bots.fixtures import fixtures
from tests.bots.instagram.stage import BUY, MINA, Stage

ACCOUNT = fixtures("in", "instagram")[0].account
HELLO = ChannelSend(Destination("chat", recipient=MINA), Message("hello"))


def sent_with(token: str | None) -> Call:
    secrets = {} if token is None else {"access_token": token}
    account = msgspec.structs.replace(ACCOUNT, secrets=secrets)
    return CHANNEL.send(HELLO, account, "obx_1")


@pytest.mark.parametrize("token", [None, "", " ", "토큰"])
def test_without_a_token_the_account_has_to_be_connected_again(token):
    with pytest.raises(CredentialsBad):
        sent_with(token)


def test_of_two_tokens_the_first_is_used():
    assert sent_with("newer older").headers["authorization"] == "Bearer newer"


async def test_a_refused_template_goes_out_as_numbered_text():
    stage = Stage()
    comment = stage.instagram.comment(MINA, "#가을드립")
    stage.instagram.fail_next("template-refused")
    with pytest.raises(NeverSend) as caught:
        await stage.reply(comment.id, BUY)
    assert caught.value.rule == "template"
    await stage.reply(comment.id, plain(BUY, CHANNEL.limits))
    [bubble] = stage.instagram.thread(MINA)
    assert bubble.text == "드립백 다크 · ₩12,000\n\n1. 1개 구매"
