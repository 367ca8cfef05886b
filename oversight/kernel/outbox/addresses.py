"""Where a webhook may go: to the public internet over TLS, and nowhere else."""

import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from django.conf import settings

# Besides what Python knows to be private, reserved, loopback, link-local or multicast.
_REFUSED_4 = [
    ip_network(network)
    for network in (
        "100.64.0.0/10",  # behind a provider's NAT; one cloud's metadata
        "168.63.129.16/32",  # another cloud's wire server, at a public address
        "192.0.0.0/24",
        "192.88.99.0/24",  # relays into 6to4
        "198.18.0.0/15",
        "240.0.0.0/4",
    )
]
_GLOBAL_6 = ip_network("2000::/3")
_REFUSED_6 = [
    ip_network(network)
    for network in (
        "2001::/23",  # Teredo and others: an IPv4 address may be inside
        "2001:db8::/32",
        "2002::/16",  # 6to4: an IPv4 address is inside
        "3fff::/20",
    )
]


class Unreachable(Exception):
    """The address of a webhook is none that may be called; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Target:
    """A URL taken apart, with the addresses that its name has now: all of them were found acceptable."""

    secure: bool
    host: str  # as in the URL: for SNI, the certificate and the Host header
    port: int
    path: str
    addresses: tuple[str, ...]


def refuse_address(address: IPv4Address | IPv6Address) -> str:
    """Why nothing may be sent to `address`; empty when it is a public one."""
    if isinstance(address, IPv6Address):
        # IPv4-mapped (::ffff:0:0/96), NAT64 (64:ff9b::/96), unique local and link-local lie outside 2000::/3.
        public = address in _GLOBAL_6 and not any(address in network for network in _REFUSED_6) and not address.scope_id
    else:
        public = not any(address in network for network in _REFUSED_4)
    if public and address.is_global and not (address.is_multicast or address.is_reserved):
        return ""
    return f"{address} is not an address of the public internet."


def parse(url: str) -> tuple[bool, str, int, str]:
    """Scheme is https, host, port and path of `url`; raises Unreachable where it is no address for a webhook."""
    try:
        parts = urlsplit(url)
        port = parts.port
        host = (parts.hostname or "").encode("idna").decode()
    except (ValueError, UnicodeError):
        raise Unreachable("This is no complete address.") from None
    secure = parts.scheme == "https"
    if not secure and not (parts.scheme == "http" and _insecure_is_allowed()):
        raise Unreachable("Webhooks are called over https only.")
    if not host or parts.username is not None or parts.password is not None:
        raise Unreachable("The address needs the name of a server, and no name or password before it.")
    if any(ord(character) <= 32 or ord(character) == 127 for character in url) or not url.isascii():
        raise Unreachable("The address has characters in it that no address has.")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return secure, host, port or (443 if secure else 80), path


def resolve(url: str) -> Target:
    """Look the name in `url` up, once; raises Unreachable when any of its addresses is not to be called."""
    secure, host, port, path = parse(url)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Unreachable(f"{host} has no address.") from None
    addresses = tuple(dict.fromkeys(str(entry[4][0]) for entry in found))
    for address in addresses:
        if not _insecure_is_allowed() and (reason := refuse_address(ip_address(address))):
            raise Unreachable(reason)
    return Target(secure, host, port, path, addresses)


def _insecure_is_allowed() -> bool:
    """Set by nobody but the suite: plain http, and addresses of this machine."""
    return getattr(settings, "WEBHOOKS_ALLOW_INSECURE", False)
