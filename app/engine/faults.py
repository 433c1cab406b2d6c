"""Armed fault points: an environment variable, a test or the simulator decides what happens."""

from __future__ import annotations

import os
import signal
from collections import Counter
from collections.abc import Mapping


class Killed(BaseException):
    """Stands in for the death of the process: nothing after the point runs, nobody catches it."""


class Injected(Exception):
    """An error put in at a fault point."""


class ArmedFaults:
    """Counts every point reached; acts where `arms` says so.

    `arms` maps a point to (which hit, action): `exit` kills the process at once, `kill` raises
    `Killed` (the same inside one process), `raise` raises `Injected`, `stop` freezes the process.
    """

    def __init__(self, arms: Mapping[str, tuple[int, str]] | None = None) -> None:
        self.arms = dict(arms or {})
        self.hits: Counter[str] = Counter()

    async def reach(self, point: str) -> None:
        self.hits[point] += 1
        arm = self.arms.get(point)
        if arm is None or arm[0] != self.hits[point]:
            return
        match arm[1]:
            case "exit":
                os._exit(137)
            case "stop":
                os.kill(os.getpid(), signal.SIGSTOP)
            case "raise":
                raise Injected(point)
            case _:
                raise Killed(point)


def faults_from(text: str | None) -> ArmedFaults | None:
    """Reads `point:hit:action[,…]`, the form of `DANGOL_FAULTS`; None when nothing is armed."""
    if not text:
        return None
    arms = {}
    for part in text.split(","):
        point, hit, action = part.strip().split(":")
        arms[point] = (int(hit), action)
    return ArmedFaults(arms)
