"""Guessing: counted before it is looked at, alike for who exists and who does not, at signing in and at signing."""

import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier, Lock

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.db import connection
from django.test import Client

from oversight.kernel.access.scope import scope
from oversight.kernel.esign import Locked, Proof, prove
from tests.cast import PASSWORD, World, raw, sign_in
from tests.web.reading import words

from .acting import LOGIN, code_of, enrol, security_log

pytestmark = pytest.mark.django_db
WRONG = "wrong password"
REFUSED = "The e-mail address or the password is not right. Check both and try again."
LOCKED = "Too many wrong tries: this account is locked until {} UTC. Wait until then, or tell your administrator."


def attempt(address: str, password: str = WRONG) -> tuple[int, str]:
    """The status, and the sentence on top of the form."""
    answer = Client().post(LOGIN, {"login": address, "password": password})
    said = re.search(r'class="form-error".*?<p class="small">(.*?)</p>', answer.content.decode(), re.S)
    return answer.status_code, said[1] if said else ""


def masked(sentence: str) -> str:
    return re.sub(r"\d\d:\d\d", "{}", sentence)


@pytest.mark.requirement("A11D-iam-lock", "ASVS-2.2.1")
@pytest.mark.parametrize("address", ["nina@example.com", "NINA@example.com", "nobody@example.com"])
def test_five_wrong_ones_lock_whoever_it_is_and_nothing_tells_who_exists(lasting_world: World, address: str) -> None:
    told = [attempt(address) for _ in range(6)]
    assert [status for status, _ in told] == [422] * 6
    assert [masked(sentence) for _, sentence in told] == [REFUSED] * 4 + [LOCKED] * 2
    now = datetime.now(UTC)
    until = datetime.strptime(re.search(r"\d\d:\d\d", told[-1][1])[0], "%H:%M").replace(tzinfo=UTC)
    assert 14 * 60 < (until - now).total_seconds() % (24 * 60 * 60) <= 16 * 60


def test_the_right_password_waits_and_so_does_signing(lasting_world: World) -> None:
    for _ in range(5):
        attempt("nina@example.com")
    assert masked(attempt("nina@example.com", PASSWORD)[1]) == LOCKED
    with scope(lasting_world.nina), pytest.raises(Locked, match="Signing is locked until"):
        prove(lasting_world.nina, Proof(PASSWORD))
    sign_in(Client(), lasting_world.omar)


def test_five_wrong_ones_at_signing_lock_signing_in(lasting_world: World) -> None:
    for _ in range(5):
        with scope(lasting_world.nina), pytest.raises(Exception, match=r"wrong|not your password"):
            prove(lasting_world.nina, Proof("guess"))
    assert masked(attempt("nina@example.com", PASSWORD)[1]) == LOCKED


def test_after_the_lock_the_right_password_signs_in(lasting_world: World) -> None:
    for _ in range(5):
        attempt("nina@example.com")
    raw("UPDATE access_tries SET locked_until = clock_timestamp() - interval '1 second'")
    sign_in(Client(), lasting_world.nina)
    assert raw("SELECT count(*) FROM access_tries WHERE subject = %s", f"person:{lasting_world.nina.user}") == [(0,)]


def test_a_whole_sign_in_forgives_four_wrong_ones(lasting_world: World) -> None:
    for _ in range(4):
        attempt("nina@example.com")
    sign_in(Client(), lasting_world.nina)
    assert [attempt("nina@example.com")[1] for _ in range(4)] == [REFUSED] * 4


def test_the_password_alone_forgives_nothing_where_a_code_is_asked_for(lasting_world: World) -> None:
    """Who has the password cannot make room for more guesses at the code by giving it again and again."""
    secret = enrol(lasting_world.nina)
    client, told = Client(), []
    wrong = f"{(int(code_of(secret)) + 7) % 1_000_000:06}"
    for _ in range(6):
        sent = client.post(LOGIN, {"login": "nina@example.com", "password": PASSWORD})
        if sent.status_code != 302:
            told.append(sent.status_code)
            break
        answer = client.post("/accounts/login/code/", {"code": wrong})
        told.append(answer.status_code)
        client.post("/accounts/login/code/", {"do": "leave"})
    assert told == [422] * 5 + [422]
    assert "locked until" in words(sent)
    assert "locked until" in words(answer)


@pytest.mark.requirement("ASVS-2.2.1")
def test_of_fifty_wrong_ones_at_once_five_reach_the_hasher(
    lasting_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Over whole requests, each on a connection of its own."""
    looked, lock, start = Counter(), Lock(), Barrier(25)
    encode = MD5PasswordHasher.encode

    def counted(self: MD5PasswordHasher, password: str, salt: str) -> str:
        with lock:
            looked[password.split()[0] if "@" in password else "made up, to take as long"] += 1
        return encode(self, password, salt)

    def one(number: int) -> int:
        start.wait(timeout=60)
        try:
            address = "nina@example.com" if number % 2 else "nobody@example.com"
            return Client().post(LOGIN, {"login": address, "password": f"{address} {number}"}).status_code
        finally:
            connection.close()

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    with ThreadPoolExecutor(25) as pool:
        answers = Counter(pool.map(one, range(100)))
    assert answers == {422: 100}
    assert looked == {"nina@example.com": 5, "made up, to take as long": 5}
    failed = Counter((email, status) for _, _, email, status in security_log("SIGN_IN_FAILED"))
    assert failed == {
        ("nina@example.com", None): 5,
        ("nina@example.com", 429): 45,
        ("nobody@example.com", None): 5,
        ("nobody@example.com", 429): 45,
    }
    assert [email for _, _, email, _ in security_log("SIGN_IN_LOCKED")].count("nina@example.com") == 1


@pytest.mark.requirement("P11-300d")
def test_a_lock_is_told_to_the_person_and_to_nobody_else(lasting_world: World, workers: None) -> None:
    for _ in range(7):
        attempt("nina@example.com")
        attempt("nobody@example.com")
    (letter,) = mail.outbox
    assert (letter.to, letter.subject) == (["nina@example.com"], "Signing in was locked")
    assert letter.body.startswith("Hello Nina Berg,")
    assert "Acme" not in letter.body


def test_a_lock_at_signing_is_told_too(lasting_world: World, workers: None) -> None:
    for _ in range(5):
        with scope(lasting_world.nina), pytest.raises(Exception, match=r"try|not your password"):
            prove(lasting_world.nina, Proof("guess"))
    assert [letter.to for letter in mail.outbox] == [["nina@example.com"]]
    assert "when signing a record" in mail.outbox[0].body


@pytest.mark.requirement("ASVS-7.2.1")
def test_addresses_nobody_has_are_kept_as_digests(lasting_world: World) -> None:
    attempt("nobody@example.com")
    ((subject, wrong),) = raw("SELECT subject, wrong FROM access_tries")
    assert (subject[:8], len(subject), wrong) == ("address:", 48, 1)
