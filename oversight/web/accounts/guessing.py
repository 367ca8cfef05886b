"""Whatever a stranger could guess is counted before it is looked at, and a person is told when to come back."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, check_password
from django.db.backends.utils import CursorWrapper
from django.http import HttpRequest

from oversight.kernel.access.alerts import alert_locked
from oversight.kernel.access.models import SecurityEvent, User
from oversight.kernel.access.security import log_security
from oversight.kernel.access.tries import UNREAD, in_words, subject_of, tally

LOCKED = "Too many wrong tries: this account is locked until {when}. Wait until then, or tell your administrator."
NOT_YOUR_PASSWORD = "This is not your password."  # noqa: S105  a sentence


@dataclass(frozen=True, slots=True)
class Guess:
    """What became of one try: right, or the sentence that says what to do."""

    right: bool
    sentence: str = ""


def guess(
    request: HttpRequest, person: User | None, *, address: str, wrong: str, right: Callable[[CursorWrapper], bool]
) -> Guess:
    """Count a try, and look at it by `right` unless there were too many; `wrong` is said of one that is not right.

    What is right does not count, but forgives no try before it: only a whole sign-in does. The sentence is the same
    for a person and for an address that nobody has.
    """
    email = address.replace("\0", "").strip().lower()[:254]
    with tally(subject_of(person.pk if person else None, address=email)) as tries:
        tried = tries.count()
        if not tried.unread and right(tries.cursor):
            tries.give_back(tried)
            return Guess(True)
    facts = {"user_id": person.pk if person else None, "email": email}
    log_security(SecurityEvent.Kind.SIGN_IN_FAILED, request, status=UNREAD if tried.unread else None, **facts)
    if tried.locks:
        log_security(SecurityEvent.Kind.SIGN_IN_LOCKED, request, **facts)
        alert_locked(email, signing=False)
    if tried.locked_until is None:
        return Guess(False, wrong)
    return Guess(False, LOCKED.format(when=in_words(tried.locked_until)))


def password_is(person: User | None, password: str) -> bool:
    """Whether it is that person's password; for nobody, or one who was switched off, to say no takes as long."""
    if person is None or not person.is_active:
        check_password(password, UNUSABLE_PASSWORD_PREFIX)
        return False
    return person.check_password(password)


def guess_password(request: HttpRequest, person: User, password: str) -> Guess:
    """The password of the person who is signed in, asked once more before something important."""
    return guess(
        request,
        person,
        address=person.email,
        wrong=NOT_YOUR_PASSWORD,
        right=lambda cursor: password_is(person, password),
    )
