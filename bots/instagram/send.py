"""The requests that send: to a person's chat, privately to a comment, publicly under it."""

from __future__ import annotations

from functools import partial
from urllib.parse import quote

from app.core.errors import CredentialsBad, NeverSend
from app.core.outbound import Answered, Call, ChannelSend, Message, Response
from app.core.ports import Account
from app.edge.codec import encode
from app.edge.text import plain
from bots.instagram.answers import read_answer
from bots.instagram.encode import Json, clipped, encode_message, is_template
from bots.instagram.limits import LIMITS, RULE_EMPTY, RULE_PUBLIC_LIVE

API = "https://graph.instagram.com/v25.0"
TIMEOUT = 10.0


def send(job: ChannelSend, account: Account) -> Call:
    """The one request that sends this message.

    Raises `NeverSend` when Instagram could not take it whatever happens, `CredentialsBad` when
    there is no token to send it with.
    """
    there = job.destination
    if there.to == "comment-public":
        return _public(job, account)
    if there.to == "comment-private":
        recipient: Json = {"comment_id": there.comment_id}
    elif there.to == "chat":
        recipient = {"id": there.recipient}
    else:
        raise NeverSend(f"Instagram has no {there.to}.", rule="no-such-destination")
    private = there.to == "comment-private"
    message = encode_message(job.message, private_reply=private)
    body: Json = {"recipient": recipient, "message": message}
    if not private:
        body["messaging_type"] = "RESPONSE"
    return _call(
        f"{quote(account.external_id, safe='')}/messages",
        body,
        account,
        there.to,
        is_template(message),
    )


def _public(job: ChannelSend, account: Account) -> Call:
    if job.destination.live and not LIMITS.public_reply_live:
        raise NeverSend("A live comment cannot be answered in public.", rule=RULE_PUBLIC_LIVE)
    text = clipped(_words(job.message))
    if not text.strip():
        raise NeverSend("The public reply has no words.", rule=RULE_EMPTY)
    # No `fields` here: the comment would be made and the call fail all the same.
    path = f"{quote(job.destination.comment_id, safe='')}/replies"
    return _call(path, {"message": text}, account, job.destination.to, template=False)


def _words(message: Message) -> str:
    return plain(message, LIMITS).text


def _token(account: Account) -> str:
    # While tokens are changed there may be two; the first is the newer.
    tokens = account.secrets.get("access_token", "").split()
    if not tokens or not tokens[0].isascii():
        raise CredentialsBad("The account has no access token.")
    return tokens[0]


def _call(path: str, body: Json, account: Account, to: str, template: bool) -> Call:
    return Call(
        method="POST",
        url=f"{(account.api_url or API).rstrip('/')}/{path}",
        # In the header, since addresses end up in logs.
        headers={
            "authorization": f"Bearer {_token(account)}",
            "content-type": "application/json",
        },
        body=encode(body),
        read=partial(_read, to, template),
        timeout=TIMEOUT,
    )


def _read(to: str, template: bool, response: Response) -> Answered:
    return read_answer(response, to=to, template=template)
