"""Links to set a password by: to who forgot it, for an hour, and to who was invited, for a week; each once."""

from enum import Enum

from django.core import signing
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from oversight.kernel.access.models import User


class Purpose(Enum):
    """Why somebody gets a link, and how long it is good for, in seconds."""

    RESET = 60 * 60
    INVITATION = 7 * 24 * 60 * 60


def invitation_link(user: User) -> str:
    """The path, below this installation's address, at which an invited person sets a first password."""
    return _path(user, Purpose.INVITATION)


def reset_link(user: User) -> str:
    """The path at which a person who forgot the password sets a new one."""
    return _path(user, Purpose.RESET)


def person_of(key: str) -> User | None:
    """Whose link this is; None for one that is too old, used, or not ours."""
    try:
        told = signing.loads(key, salt=_SALT, max_age=Purpose.INVITATION.value)
        purpose = Purpose[told["for"]]
        signing.loads(key, salt=_SALT, max_age=purpose.value)
        person = User.objects.filter(pk=int(told["who"]), is_active=True).first()
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        return None
    if person is None or not constant_time_compare(told["as"], _state(person)):
        return None
    return person


_SALT = "oversight.accounts.links"


def _path(user: User, purpose: Purpose) -> str:
    key = signing.dumps({"who": user.pk, "for": purpose.name, "as": _state(user)}, salt=_SALT)
    return f"{reverse('account_password_new')}?key={key}"


def _state(person: User) -> str:
    """What a used link changes: the password. A later sign-in, or another address, ends it as well."""
    last = person.last_login.isoformat() if person.last_login else ""
    state = f"{person.pk} {person.password} {last} {person.email}"
    return salted_hmac(_SALT, state, algorithm="sha256").hexdigest()[:32]
