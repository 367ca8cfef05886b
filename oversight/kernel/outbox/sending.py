"""One signed POST to a checked address: no redirect, no proxy, not for long, and little of the answer is read."""

import hashlib
import hmac
import http.client
import socket
import ssl
import threading

from .addresses import Target

SILENCE_SECONDS = 5.0  # to connect, and between two bytes
WHOLE_SECONDS = 10.0
ANSWER_BYTES = 64 * 1024


def signature(secrets: list[str], *, at: int, body: bytes) -> str:
    """`X-Oversight-Signature`: the time, and an HMAC-SHA256 of `<time>.<body>` by each secret that is valid."""
    signed = str(at).encode() + b"." + body
    marks = [hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest() for secret in secrets]
    return ",".join([f"t={at}", *(f"v1={mark}" for mark in marks)])


def send(target: Target, *, body: bytes, headers: dict[str, str]) -> int:
    """POST `body` to the first of the checked addresses that takes the connection; answers the HTTP status.

    Raises OSError or http.client.HTTPException when no complete answer came in time.
    """
    # Connected here and not by http.client, which would look the name up again and might be given another address.
    plug = _connect(target)
    late = threading.Event()
    watch = threading.Timer(WHOLE_SECONDS, _cut, [plug, late])
    watch.daemon = True
    watch.start()
    try:
        if target.secure:
            context = ssl.create_default_context()
            plug = context.wrap_socket(plug, server_hostname=target.host, do_handshake_on_connect=False)
            watch.args = [plug, late]  # before the handshake: it may drip, too
            plug.do_handshake()
        connection = http.client.HTTPConnection(target.host, target.port)
        connection.sock = plug
        host = f"[{target.host}]" if ":" in target.host else target.host
        usual = 443 if target.secure else 80
        named = host if target.port == usual else f"{host}:{target.port}"
        connection.request("POST", target.path, body=body, headers={"Host": named, **headers})
        answer = connection.getresponse()
        answer.read(ANSWER_BYTES)
        if late.is_set():  # http.client takes a connection that was cut for the end of the headers
            raise TimeoutError
        return answer.status
    finally:
        watch.cancel()
        plug.close()


def _connect(target: Target) -> socket.socket:
    failure: OSError | None = None
    for address in target.addresses[:3]:
        try:
            return socket.create_connection((address, target.port), timeout=SILENCE_SECONDS)
        except OSError as error:
            failure = error
    raise failure or OSError("no address")


def _cut(plug: socket.socket, late: threading.Event) -> None:
    """End the conversation under whoever reads it: a server that drips is not worth a worker."""
    late.set()
    try:
        plug.shutdown(socket.SHUT_RDWR)
    except OSError:
        plug.close()
