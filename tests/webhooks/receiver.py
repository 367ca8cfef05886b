"""A server on this machine that takes webhooks, and answers as it is told to."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

CERTIFICATE = Path(__file__).with_name("localhost.pem")


@dataclass
class Receiver:
    """What came, and what to answer."""

    url: str = ""
    statuses: list[int] = field(default_factory=list)  # of the next answers; then 204
    statuses_of: dict[str, list[int]] = field(default_factory=dict)  # the same, at one path
    drip: bool = False
    names: list[str] = field(default_factory=list)  # by which it was asked for (SNI)
    heard: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)


@contextmanager
def receiving(*, secure: bool = False, port: int = 0) -> Iterator[Receiver]:
    """A receiver for the time of the block; with a `port` it comes back where somebody asked for it before."""
    receiver = Receiver()
    over = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.heard.append((self.path, dict(self.headers), body))
            if receiver.drip:
                self.wfile.write(b"HTTP/1.1 200 OK\r\n")
                while not over.wait(0.1):
                    try:
                        self.wfile.write(b"X")
                    except OSError:
                        return
                return
            due = receiver.statuses_of.get(self.path) or receiver.statuses
            status = due.pop(0) if due else 204
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", f"{receiver.url}/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    if secure:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATE)
        context.sni_callback = lambda _plug, name, _context: receiver.names.append(name)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    receiver.url = f"{'https' if secure else 'http'}://localhost:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=[0.01], daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        over.set()
        server.shutdown()
        server.server_close()
