"""The clock of this process is held against the database's: asked again before anybody is refused."""

import time

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from oversight.kernel.database import clock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def known(monkeypatch: pytest.MonkeyPatch) -> float:
    """What is known here is forgotten again."""
    with connection.cursor() as cursor:
        clock.compare(cursor)
    monkeypatch.setattr(clock, "_known", clock._known)
    return clock._known


def test_a_clock_that_is_right_costs_no_question() -> None:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert abs(clock.seconds_ahead()) < 1
        clock.insist()
    assert len(asked) == 0


@pytest.mark.parametrize("seconds", [-31, 31, 7200])
def test_a_clock_that_is_wrong_is_found(monkeypatch: pytest.MonkeyPatch, seconds: int) -> None:
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + seconds)
    assert abs(clock.seconds_ahead() - seconds) < 1
    with pytest.raises(clock.WrongTime, match=rf"is {abs(seconds)} s (ahead of|behind) the database's\."):
        clock.insist()


def test_twenty_seconds_are_borne(monkeypatch: pytest.MonkeyPatch) -> None:
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + 20)
    clock.insist()
    assert abs(clock.seconds_ahead() - 20) < 1


def test_a_machine_that_slept_is_asked_once_more_and_not_refused(monkeypatch: pytest.MonkeyPatch, known: float) -> None:
    monkeypatch.setattr(clock, "_known", known - 300)  # the clock that nobody can set stood still meanwhile
    with CaptureQueriesContext(connection) as asked:
        assert abs(clock.seconds_ahead()) < 1
    assert len(asked) == 1
    assert abs(clock._known - known) < 1


def test_with_the_database_away_nobody_is_refused_for_the_clock(monkeypatch: pytest.MonkeyPatch, known: float) -> None:
    def away(cursor: object) -> None:
        raise OperationalError("away")

    monkeypatch.setattr(clock, "_known", known - 300)
    monkeypatch.setattr(clock, "compare", away)
    assert clock.seconds_ahead() == 0.0
    clock.insist()
