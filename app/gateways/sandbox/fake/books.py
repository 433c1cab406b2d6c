"""The append-only book: one JSON line for each thing that happened."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from app.gateways.sandbox.fake.ledger import Ledger, Line

_decoder: msgspec.json.Decoder[Line] = msgspec.json.Decoder(Line)
_encoder = msgspec.json.Encoder()


class Books:
    """The ledger and the file behind it. `path` None keeps it in memory.

    Whoever holds the book (`held`) has read every line of every process, and nobody else writes.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._read = 0
        self.ledger = Ledger()
        self.lines: list[Line] = []

    @contextmanager
    def held(self) -> Iterator[Ledger]:
        """The ledger as it is now. The block must not wait for anything: others want the book."""
        if self._path is None:
            yield self.ledger
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX)
            self._catch_up()
            yield self.ledger
        finally:
            os.close(self._file)

    def write(self, line: Line) -> None:
        """Adds a line; only while the book is held."""
        if self._path is not None:
            written = _encoder.encode(line) + b"\n"
            os.write(self._file, written)
            self._read += len(written)
        self._take(line)

    def _catch_up(self) -> None:
        """Reads what other processes wrote. A line cut short by a death is left aside for good."""
        size = os.fstat(self._file).st_size
        if size <= self._read:
            return
        fresh = os.pread(self._file, size - self._read, self._read)
        for raw in fresh.split(b"\n"):
            try:
                self._take(_decoder.decode(raw))
            except msgspec.MsgspecError:
                continue
        self._read = size
        if not fresh.endswith(b"\n"):
            os.write(self._file, b"\n")
            self._read += 1

    def _take(self, line: Line) -> None:
        self.lines.append(line)
        # What is kept changes with later lines, what was written must not: a copy goes in.
        self.ledger.apply(_decoder.decode(_encoder.encode(line)))
