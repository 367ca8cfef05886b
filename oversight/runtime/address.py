"""The address at which a person finds the instance: its port, and whether it answers."""

import http.client
import json
import socket
from collections.abc import Mapping

from oversight.runtime import processes
from oversight.runtime.refusal import Refusal


def port_of(caller: Mapping[str, str]) -> int:
    """The port that PORT names, else 8000."""
    given = caller.get("PORT") or "8000"
    if not given.isdecimal() or not 0 < int(given) < 65536:
        raise Refusal(f"PORT must be a number from 1 to 65535, not {given!r}.")
    return int(given)


def port_in(url: str) -> int:
    """The port that an announced address names."""
    return int(url.rpartition(":")[2])


def refuse_taken(port: int) -> None:
    """Refuse when another program listens on `port`."""
    # Two seconds' grace: after a kill -9 the last web process may still be on its way out.
    if not processes.wait_until(lambda: _is_free(port), seconds=2):
        raise Refusal(f"Port {port} is taken by another program; choose one, for example PORT={processes.free_port()}.")


def is_healthy(port: int) -> bool:
    """Whether /healthz on `port` says that people can work."""
    return health(port) == "ok"


def has_started(port: int) -> bool:
    """Whether the instance on `port` has its tables and its demo world, be its database reachable now or not."""
    return health(port) not in {"", "starting"}


def health(port: int) -> str:
    """The status that /healthz on `port` gives: ok, starting or unavailable; empty while nobody answers."""
    # Not urllib: it would ask a proxy that the environment names.
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return str(json.loads(connection.getresponse().read())["status"])
    except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError):
        return ""
    finally:
        connection.close()


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
