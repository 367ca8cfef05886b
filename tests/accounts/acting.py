"""An authenticator app in a test's hand, and what the security log says."""

import time

from allauth.mfa.totp.internal.auth import format_hotp_value, generate_totp_secret, hotp_value

from oversight.kernel.access import codes
from oversight.kernel.access.models import Policy, User
from oversight.kernel.access.scope import Actor, scope
from oversight.kernel.database.roles import connection_as
from oversight.kernel.trail.change import change
from quality.models import Deviation, ResponseTask
from tests.cast import World
from tests.factories.deviation import report
from tests.quality.acting import CAUSE, act, contain

LOGIN = "/accounts/login/"
CODE = "/accounts/login/code/"


def email_of(actor: Actor) -> str:
    return f"{actor.name.split()[0].lower()}@example.com"


def user_of(actor: Actor) -> User:
    return User.objects.get(pk=actor.user)


def enrol(actor: Actor) -> str:
    """Give the person an app, and hand out its secret; no code of it is used yet."""
    secret = generate_totp_secret()
    codes.enrol(actor.user, secret, period=0)
    return secret


def code_of(secret: str, *, periods: int = 0) -> str:
    """What the app shows now, or showed `periods` of 30 seconds later or earlier."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // codes.PERIOD + periods))


def ask_second_factor(actor: Actor, who: Policy.SecondFactor) -> None:
    """The policy of the actor's sponsor."""
    with change(by=actor, reason="Audit finding"):
        Policy.objects.create(second_factor=who)


def security_log(*kinds: str) -> list[tuple[str, int | None, str, int | None]]:
    """Kind, person, address and status of every event of these kinds, as the auditor reads them."""
    with connection_as("auditor") as auditor, auditor.cursor() as cursor:
        cursor.execute(
            "SELECT kind, user_id, email, status FROM access_securityevent WHERE kind = ANY (%s) ORDER BY id",
            [[*kinds]],
        )
        return cursor.fetchall()


def accepted_deviation(world: World) -> Deviation:
    """Lyra's deviation with everything done but the signed closure."""
    record = report(world.paul, world.lyra_site)
    act(record, "accept-report", by=world.nina)
    contain(record, by=world.paul)
    act(record, "submit-root-cause", by=world.paul, **CAUSE)
    act(record, "accept-root-cause", by=world.connie, reason="Convincing")
    with scope(world.nina):
        open_tasks = list(ResponseTask.objects.filter(deviation=record).order_by("pk"))
    for task in open_tasks:
        by = world.paul if task.side == "CDMO" else world.nina
        act(task, "finish", by=by, note="Done, see file.")
    return record
