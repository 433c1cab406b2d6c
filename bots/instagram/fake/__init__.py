"""Instagram as documented, played in this process, with its rules enforced.

`FakeInstagram` is a plain ASGI callable for the send API, and makes the signed posts of what
people do. It drives the playground, the tests, the simulator and the benches over the same wire as
the real thing; its `log` is the independent witness of what reached people.
"""

from __future__ import annotations

from bots.instagram.fake.hooks import Hook
from bots.instagram.fake.server import FakeInstagram
from bots.instagram.fake.world import Bubble, Choice, Comment, Person, Sent

__all__ = ["Bubble", "Choice", "Comment", "FakeInstagram", "Hook", "Person", "Sent"]
