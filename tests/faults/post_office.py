"""A mail server that can go away in every way in which mail servers do, and come back at the same port."""

import socketserver
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy

from oversight.runtime.processes import free_port


@dataclass
class PostOffice:
    """What it does with letters, and what it took of whom."""

    port: int = field(default_factory=free_port)
    greylists: bool = False  # says 451 to the first try of each letter
    unknown: str = ""  # of this reader it knows for good that there is none
    hangs: bool = False  # takes the call and says nothing
    dies: int = 0  # so many letters it takes whole, and goes without an answer
    calls: int = 0
    taken: Counter[tuple[str, str]] = field(default_factory=Counter)  # to whom, under which Message-ID
    unanswered: set[tuple[str, str]] = field(default_factory=set)
    greylisted: set[str] = field(default_factory=set)
    refused: int = 0
    over: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def open(self) -> Iterator[None]:
        """For the time of the block somebody answers at its port; else the call is refused."""
        office = self

        class Counters(_Counter):
            room = office

        self.over.clear()
        with _Server(("127.0.0.1", self.port), Counters) as server:
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
            thread.start()
            try:
                yield
            finally:
                self.over.set()
                server.shutdown()
                thread.join()


class _Counter(socketserver.StreamRequestHandler):
    room: PostOffice

    def handle(self) -> None:
        room = self.room
        room.calls += 1
        if room.hangs:
            room.over.wait(60)
            return
        self._say("220 post office")
        receiver = ""
        while line := self.rfile.readline():
            word = line.decode().split(" ")[0].strip().upper()
            if word == "RCPT":
                receiver = line.decode().partition(":")[2].strip(" <>\r\n")
                self._say(self._opinion(receiver))
            elif word == "DATA":
                self._say("354 go on")
                if not self._take(receiver):
                    return
                self._say("250 taken")
            elif word == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 very well")

    def _opinion(self, receiver: str) -> str:
        room = self.room
        if receiver == room.unknown:
            room.refused += 1
            return "550 no such person"
        if room.greylists and receiver not in room.greylisted:
            room.greylisted.add(receiver)
            return "451 come back later"
        return "250 known"

    def _take(self, receiver: str) -> bool:
        body = b""
        while (part := self.rfile.readline()) not in (b".\r\n", b""):
            body += part
        letter = (receiver, str(message_from_bytes(body, policy=policy.default)["Message-ID"]))
        self.room.taken[letter] += 1
        if self.room.dies:
            self.room.dies -= 1
            self.room.unanswered.add(letter)
            return False
        return True

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
