"""The sandbox provider: pays with no money, over the same wire as a real one."""

from __future__ import annotations

from datetime import datetime

from app.core.inbound import Item
from app.core.outbound import Call, Job
from app.core.ports import Account, Answer, Refused, Request, Verified
from app.gateways.sandbox.call import call
from app.gateways.sandbox.limits import RETRIES
from app.gateways.sandbox.parse import parse
from app.gateways.sandbox.verify import verify

LOCAL = "http://127.0.0.1:8000/sandbox/api"


class SandboxGateway:
    """The plug; its parts are the modules beside this one.

    `api_url` is where the provider is for accounts that name no address of their own.
    """

    name: str = "sandbox"
    retries: tuple[float, ...] = RETRIES

    def __init__(self, api_url: str = LOCAL) -> None:
        self._api_url = api_url

    def verify(self, request: Request, account: Account) -> Verified | Refused | Answer:
        return verify(request, account)

    def parse(self, raw: bytes, account: Account, received_at: datetime) -> list[Item]:
        return parse(raw, account, received_at)

    def call(self, job: Job, account: Account, key: str, now: datetime) -> Call:  # noqa: ARG002 - the job's own id is the key
        return call(job, account, account.api_url or self._api_url)


GATEWAY = SandboxGateway()
