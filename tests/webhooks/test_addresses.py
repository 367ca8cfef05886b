"""No webhook goes to this house, to its neighbours, or to an address that hides one of them."""

import socket
from ipaddress import ip_address

import pytest

from oversight.kernel.outbox.addresses import Unreachable, refuse_address, resolve

INSIDE = [
    *("0.0.0.1", "10.0.0.1", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.255.255.254", "168.63.129.16"),
    *("169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.170", "192.0.2.1", "192.88.99.1", "192.168.1.1"),
    *("198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255"),
    *("::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "64:ff9b::7f00:1", "64:ff9b:1::7f00:1"),
    *("100::1", "2001::1", "2001:db8::1", "2002:7f00:1::", "2002:808:808::1", "3fff::1", "fc00::1", "fd00:ec2::254"),
    *("fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "2606:4700::1111%1"),
]


@pytest.mark.requirement("ASVS-5.2.6", "ASVS-12.6.1")
@pytest.mark.parametrize("address", INSIDE)
def test_inside_is_refused(address: str) -> None:
    assert refuse_address(ip_address(address)) == f"{ip_address(address)} is not an address of the public internet."


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "172.32.0.1", "2606:4700::1111", "2a00:1450:4001::200e"])
def test_the_public_internet_is_not(address: str) -> None:
    assert refuse_address(ip_address(address)) == ""


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("http://example.com/", "Webhooks are called over https only."),
        ("ftp://example.com/", "Webhooks are called over https only."),
        ("file:///etc/passwd", "Webhooks are called over https only."),
        ("https:///path", "The address needs the name of a server, and no name or password before it."),
        (
            "https://me:secret@example.com/",
            "The address needs the name of a server, and no name or password before it.",
        ),
        ("https://example.com:99999/", "This is no complete address."),
        ("https://example.com/a b", "The address has characters in it that no address has."),
        ("https://example.com/\r\nHost: inside", "The address has characters in it that no address has."),
        ("https://127.0.0.1/", "127.0.0.1 is not an address of the public internet."),
        ("https://[::1]/", "::1 is not an address of the public internet."),
        ("https://2130706433/", "127.0.0.1 is not an address of the public internet."),
        ("https://0x7f.1/", "127.0.0.1 is not an address of the public internet."),
        ("https://localhost/", None),
        ("https://nowhere.invalid/", "nowhere.invalid has no address."),
    ],
)
def test_an_address_that_is_none_is_refused_in_words(url: str, sentence: str | None) -> None:
    with pytest.raises(Unreachable) as refusal:
        resolve(url)
    assert str(refusal.value) == sentence or (sentence is None and "public internet" in str(refusal.value))


@pytest.mark.requirement("ASVS-12.6.1")
def test_one_inner_address_among_the_answers_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = ["93.184.215.14", "10.0.0.7"]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [(2, 1, 6, "", (address, 443)) for address in answers])
    with pytest.raises(Unreachable, match=r"10\.0\.0\.7 is not"):
        resolve("https://example.com/")
    answers.pop()
    target = resolve("https://example.com/hook?a=1")
    assert (target.host, target.port, target.path, target.addresses) == (
        "example.com", 443, "/hook?a=1", ("93.184.215.14",),
    )  # fmt: skip
