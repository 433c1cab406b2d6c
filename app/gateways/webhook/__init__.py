"""A membership store outside the house: told of orders by signed webhooks."""

from __future__ import annotations

from datetime import datetime

from app.core.inbound import Item
from app.core.outbound import Call, Job
from app.core.ports import Account, Answer, Refused, Request, Verified
from app.gateways.webhook.call import call
from app.gateways.webhook.limits import RETRIES
from app.gateways.webhook.parse import parse
from app.gateways.webhook.verify import verify


class WebhookGateway:
    """The plug; its parts are the modules beside this one."""

    name: str = "webhook"
    retries: tuple[float, ...] = RETRIES

    def verify(self, request: Request, account: Account) -> Verified | Refused | Answer:
        return verify(request, account)

    def parse(self, raw: bytes, account: Account, received_at: datetime) -> list[Item]:
        return parse(raw, account, received_at)

    def call(self, job: Job, account: Account, key: str, now: datetime) -> Call:  # noqa: ARG002 - the event's own id is the key
        return call(job, account, now)


GATEWAY = WebhookGateway()
