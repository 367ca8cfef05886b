"""A mail server of the stories: it takes letters over SMTP, or refuses them, on a port of this machine."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage


@dataclass
class Mailroom:
    """What came in, and whether more is taken."""

    port: int = 0
    refusing: bool = False
    taken: list[tuple[str, EmailMessage]] = field(default_factory=list)  # to whom, and what

    def subjects(self, to: str) -> list[str]:
        return [str(letter["Subject"]) for receiver, letter in self.taken if receiver == to]


class _Conversation(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        room: Mailroom = self.server.room  # type: ignore[attr-defined]
        self._say("220 mailroom")
        receivers: list[str] = []
        while line := self.rfile.readline():
            command = line.decode().strip()
            word = command.split(" ")[0].upper()
            if word in ("EHLO", "HELO", "MAIL", "RSET", "NOOP"):
                self._say("250 mailroom")
            elif word == "RCPT" and room.refusing:
                self._say("451 come back later")
            elif word == "RCPT":
                receivers.append(command.partition(":")[2].strip(" <>"))
                self._say("250 known")
            elif word == "DATA":
                self._say("354 go on")
                body = b""
                while (part := self.rfile.readline()) not in (b".\r\n", b""):
                    body += part.removeprefix(b".") if part.startswith(b"..") else part
                letter = message_from_bytes(body, policy=policy.default)
                room.taken += [(receiver, letter) for receiver in receivers]  # type: ignore[misc]
                self._say("250 taken")
            elif word == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("502 not here")

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


@contextmanager
def open_mailroom(port: int = 0) -> Iterator[Mailroom]:
    """Until the end of the block; with the same `port` it comes back where it was."""
    with _Server(("127.0.0.1", port), _Conversation) as server:
        room = Mailroom(port=server.server_address[1])
        server.room = room  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield room
        finally:
            server.shutdown()
            thread.join()
