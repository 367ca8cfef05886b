"""The members of a sponsor as a list shows them, without a word of what they are elsewhere.

An account may be older than the membership. Until its owner has signed in since joining, everything that the account
would tell (a name, a second factor) would tell that it was there before: whoever was added is called by the address
that was typed, whether the account is old or new. Only a program, and whom the operator set up together with the
sponsor, has a name from the beginning.
"""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Exists,
    ExpressionWrapper,
    F,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextChoices,
    When,
)

from oversight.roles import Role

from .models import Grant, Membership, User
from .scope import Actor

SOON = timedelta(days=30)


class State(TextChoices):
    """Where a membership stands on one day."""

    ACTIVE = "ACTIVE", "Active"
    SOON = "SOON", "Ends soon"
    TO_COME = "TO_COME", "Not begun"
    ENDED = "ENDED", "Ended"


def people(actor: Actor) -> "QuerySet[Any]":
    """The memberships that the actor sees, each with `known`, and `called` as it may be called."""
    versions: Any = Membership.history  # type: ignore[attr-defined]  # the trail adds it
    accounts: Any = User.history  # type: ignore[attr-defined]
    joined = versions.filter(tenant_id=actor.tenant, id=OuterRef("pk"), history_type="+").order_by("history_id")
    set_up = accounts.filter(
        id=OuterRef("user_id"), history_type="+", history_txid=OuterRef("joined_txid"), history_user_id=None
    )
    rows: Any = Membership.objects.visible_to(actor).select_related("user")
    return (
        rows.annotate(
            joined_at=Subquery(joined.values("history_date")[:1]),
            joined_txid=Subquery(joined.values("history_txid")[:1]),
        )
        .annotate(
            known=ExpressionWrapper(
                Q(role=Role.API_CLIENT) | Q(user__last_login__gte=F("joined_at")) | Exists(set_up),
                output_field=BooleanField(),
            ),
        )
        .annotate(
            called=Case(When(known=True, then=F("user__name")), default=F("user__email"), output_field=CharField())
        )
    )


def valid_at(membership: Membership, moment: datetime) -> bool:
    """Whether it lets the person in at that moment, as `access.valid_memberships` has it: days are the person's own."""
    today = moment.astimezone(ZoneInfo(membership.user.time_zone)).date()
    return membership.valid_from <= today and (membership.valid_until is None or membership.valid_until >= today)


def in_state(state: str, *, today: date) -> Q:
    """The memberships that stand so on `today`."""
    ended = Q(valid_until__lt=today)
    if state == State.ENDED:
        return ended
    if state == State.TO_COME:
        return Q(valid_from__gt=today) & ~ended
    running = Q(valid_from__lte=today) & (Q(valid_until=None) | Q(valid_until__gte=today))
    soon = Q(valid_until__gte=today, valid_until__lte=today + SOON)
    return running & (soon if state == State.SOON else Q(valid_until=None) | Q(valid_until__gt=today + SOON))


def state_of(membership: Membership, *, today: date) -> State:
    """The same for one of them."""
    if membership.valid_until is not None and membership.valid_until < today:
        return State.ENDED
    if membership.valid_from > today:
        return State.TO_COME
    ends = membership.valid_until
    return State.SOON if ends is not None and ends <= today + SOON else State.ACTIVE


def in_side(side: str) -> Q:
    """The sponsor's own staff, the partners' people, or the programs of both."""
    program = Q(role=Role.API_CLIENT)
    return {"staff": Q(cdmo_id=None) & ~program, "partners": Q(cdmo_id__isnull=False) & ~program, "programs": program}[
        side
    ]


def grants_of(users: list[int], actor: Actor) -> dict[int, list[int]]:
    """The CDMOs opened to each of these people: one statement, or none for nobody."""
    found: dict[int, list[int]] = {}
    if not users:
        return found
    rows = Grant.objects.visible_to(actor).filter(user_id__in=users, content_type__model="cdmo")
    for user, key in rows.order_by("object_pk").values_list("user_id", "object_pk"):
        found.setdefault(user, []).append(int(key))
    return found


def granted_to(membership: Membership) -> dict[str, Model]:
    """What is opened to one narrowed member, by its key."""
    rows = Grant.objects.filter(tenant_id=membership.tenant_id, user_id=membership.user_id)
    return {grant.object_pk: grant.content_object for grant in rows.select_related("content_type")}
