"""Who signs proves it with the password, each time; wrong ones are counted whatever becomes of the request."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from django.db import connection, transaction

from oversight.kernel.access.models import User
from oversight.kernel.access.scope import Actor, scope
from oversight.kernel.esign import Locked, Method, NotProven, Proof, prove, proving
from oversight.kernel.trail.change import change
from oversight.roles import Role
from tests.cast import PASSWORD, World, join, raw, system

from .signed import close, security_log, ticket

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
RIGHT, WRONG = Proof(PASSWORD), Proof("not my password")
UNTIL = "12:15 UTC (13:15 in Europe/Zurich)"


def tried(actor: Actor, proof: Proof, *, at: datetime = NOON) -> str:
    """What the person is told, in a request that is rolled back when it is refused."""
    try:
        with scope(actor), transaction.atomic():
            return prove(actor, proof, now=at)
    except NotProven as refusal:
        return str(refusal)


def tries_of(actor: Actor) -> list[tuple]:
    return raw("SELECT wrong, locked_until FROM access_tries WHERE subject = %s", f"person:{actor.user}")


@pytest.mark.requirement("P11-200a1")
def test_the_right_password_proves_it_by_browser_and_by_key(lasting_world: World) -> None:
    for source in ("browser", "api"):
        assert tried(replace(lasting_world.nina, source=source), RIGHT) is Method.PASSWORD
    assert tried(lasting_world.paul, Proof(PASSWORD, otp="123456")) is Method.PASSWORD
    assert security_log(lasting_world.nina.user) == []


@pytest.mark.requirement("P11-200a2")
def test_a_wrong_password_leaves_a_count_and_a_line_and_nothing_else(lasting_world: World) -> None:
    nina = replace(lasting_world.nina, request="r-1")
    record = ticket(lasting_world.paul, lasting_world.lyra)
    hashed = raw("SELECT password FROM access_user WHERE id = %s", nina.user)
    with pytest.raises(NotProven, match="Four tries are left"), scope(nina):
        prove(nina, WRONG)
        close(record, nina)
    assert tries_of(nina) == [(1, None)]
    assert security_log(nina.user) == [("SIGNING_FAILED", None, "r-1")]
    assert raw("SELECT password FROM access_user WHERE id = %s", nina.user) == hashed
    with scope(nina):
        assert raw("SELECT count(*) FROM esign_signature") == [(0,)]
        assert record.history.count() == 1


@pytest.mark.requirement("P11-300d")
def test_five_wrong_ones_lock_and_the_right_one_waits_too(lasting_world: World) -> None:
    nina = lasting_world.nina
    said = [tried(nina, WRONG) for _ in range(5)]
    left = ("Four tries are", "Three tries are", "Two tries are", "One try is")
    assert said[:4] == [f"This is not your password. {words} left." for words in left]
    assert said[4] == (
        f"This was the fifth wrong try: signing is locked until {UNTIL}. If it was not you, tell your administrator."
    )
    locked = f"Signing is locked until {UNTIL}, after five wrong tries."
    assert tried(nina, RIGHT, at=NOON + timedelta(minutes=14, seconds=59)) == locked
    assert Counter((kind, status) for kind, status, _ in security_log(nina.user)) == {
        ("SIGNING_FAILED", None): 5,
        ("SIGNING_LOCKED", None): 1,
        ("SIGNING_FAILED", 429): 1,
    }
    assert tried(lasting_world.omar, RIGHT) is Method.PASSWORD
    assert tried(nina, RIGHT, at=NOON + timedelta(minutes=15)) is Method.PASSWORD
    assert tries_of(nina) == [(0, None)]


def test_the_lock_says_until_when(lasting_world: World) -> None:
    for _ in range(5):
        tried(lasting_world.nina, WRONG)
    with scope(lasting_world.nina), pytest.raises(Locked) as refusal:
        prove(lasting_world.nina, RIGHT, now=NOON)
    assert refusal.value.until == NOON + timedelta(minutes=15)


def test_after_the_lock_counting_begins_anew(lasting_world: World) -> None:
    for _ in range(9):
        tried(lasting_world.nina, WRONG)
    later = NOON + timedelta(minutes=15)
    assert tried(lasting_world.nina, WRONG, at=later) == "This is not your password. Four tries are left."


def test_the_right_password_at_the_fifth_try_forgives_the_four(lasting_world: World) -> None:
    for _ in range(4):
        tried(lasting_world.nina, WRONG)
    assert tried(lasting_world.nina, RIGHT) is Method.PASSWORD
    assert tried(lasting_world.nina, WRONG) == "This is not your password. Four tries are left."


def test_the_same_person_is_counted_at_every_sponsor(lasting_world: World) -> None:
    with change(by=lasting_world.riva, reason="Joined"):
        user = User.objects.get(pk=lasting_world.nina.user)
        elsewhere = join(lasting_world.rival, user, Role.QA_REVIEWER, "Rival Bio")
    assert tried(lasting_world.nina, WRONG) == "This is not your password. Four tries are left."
    assert tried(elsewhere, WRONG) == "This is not your password. Three tries are left."


def test_of_fifty_wrong_ones_at_once_five_are_looked_at(lasting_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []
    check, start = proving.check_password, Barrier(25)

    def counted(password: str, encoded: str) -> bool:
        looked.append(password)
        return check(password, encoded)

    def one(number: int) -> type:
        start.wait(timeout=60)
        try:
            with scope(lasting_world.nina):
                prove(lasting_world.nina, Proof(f"guess {number}"))
        except NotProven as refusal:
            return type(refusal)
        finally:
            connection.close()
        return Method

    monkeypatch.setattr(proving, "check_password", counted)
    with ThreadPoolExecutor(25) as pool:
        told = Counter(pool.map(one, range(50)))
    assert told == {NotProven: 4, Locked: 46}
    assert len(looked) == 5
    kinds = Counter(kind for kind, *_ in security_log(lasting_world.nina.user))
    assert kinds == {"SIGNING_FAILED": 50, "SIGNING_LOCKED": 1}


def test_who_signs_for_nobody_is_told_so_before_anything_is_counted(lasting_world: World) -> None:
    with change(by=lasting_world.adam, reason="Integration"):
        user = User.objects.create_user("robot@example.com", PASSWORD, name="Robot")
        robot = join(lasting_world.acme, user, Role.API_CLIENT, "Acme Therapeutics")
    assert tried(lasting_world.adam, RIGHT) == (
        "An administrator signs for nobody: whoever answers for the record has to sign."
    )
    assert tried(robot, RIGHT) == "A program cannot sign: a person has to sign."
    assert tried(system(lasting_world.acme), RIGHT) == "The system signs for nobody: a person has to sign."
    assert tried(lasting_world.nina, Proof("")) == "Sign with your password."
    assert raw("SELECT count(*) FROM access_tries") == [(0,)]


@pytest.mark.requirement("P11-200a2")
def test_a_person_who_was_switched_off_proves_nothing(lasting_world: World) -> None:
    with change(by=lasting_world.adam, reason="Left"):
        User.objects.filter(pk=lasting_world.nina.user).update(is_active=False)
    assert tried(lasting_world.nina, RIGHT) == "This is not your password. Four tries are left."


@pytest.mark.requirement("ASVS-7.1.1")
def test_the_password_is_never_printed() -> None:
    assert repr(Proof("secret", otp="123456")) == "Proof()"
