"""Mentions: `@Full Name` in a comment calls those of that name who may see it, and nobody else."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from oversight.kernel.access.models import Grant, Membership
from oversight.kernel.access.people import people, valid_at
from oversight.kernel.access.scope import Actor
from oversight.kernel.trail.about import cdmo_of, key_of
from oversight.kernel.trail.models import Record
from oversight.roles import Role, capabilities_of

from .models import Comment

NEVER_CALLED = frozenset({Role.API_CLIENT, Role.INSPECTOR})  # a program hears nothing; an inspector takes no part


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whom the author knows of, and whether that person would see the comment."""

    membership: int
    name: str
    org: str
    is_partner: bool
    sees_record: bool
    sees_comment: bool


def mentioned(record: Record, text: str, *, by: Actor, shared: bool, view: str = "") -> list[int]:
    """The memberships that `text` calls; raises ValidationError for a name whose bearer would not see the comment.

    Where several people bear a name, all who see the comment are called, so that none is passed over; a name that the
    author cannot know of is mere text, whether or not anybody bears it.
    """
    if "@" not in text:
        return []
    known: dict[str, list[Person]] = {}
    for person in _people(record, by=by, shared=shared, view=view):
        known.setdefault(_folded(person.name), []).append(person)
    called: list[int] = []
    sentences: list[str] = []
    for name in _names(text, list(known)):
        who = [person for person in known[name] if person.sees_comment]
        called += [person.membership for person in who if person.membership != by.membership]
        if not who:
            sentences.append(_why_not(known[name][0]))
    if sentences:
        raise ValidationError({"text": sentences})
    return sorted(set(called))


def may_mention(record: Record, actor: Actor, shared: bool, *, view: str = "") -> tuple[Person, ...]:
    """Whom the actor may mention in a comment on `record`, by name."""
    found = {
        person.membership: person
        for person in _people(record, by=actor, shared=shared, view=view)
        if person.sees_comment and person.membership != actor.membership
    }
    return tuple(sorted(found.values(), key=lambda person: (person.name.casefold(), person.org)))


def _why_not(person: Person) -> str:
    if person.sees_record and person.is_partner:
        return (
            f"{person.name} of {person.org} does not see internal comments: share this one, or leave the mention out."
        )
    return f"{person.name} of {person.org} cannot follow this record: leave the mention out."


def _names(text: str, known: list[str]) -> Iterator[str]:
    """The known names that follow an `@`; of two that both fit, the longer."""
    if not known:
        return
    longest_first = sorted(known, key=len, reverse=True)
    pattern = re.compile(r"(?<!\w)@(" + "|".join(re.escape(name) for name in longest_first) + r")(?!\w)")
    found = dict.fromkeys(match[1] for match in pattern.finditer(_folded(text)))
    yield from found


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _people(record: Record, *, by: Actor, shared: bool, view: str) -> Iterator[Person]:
    """Everybody whom `by` can know of: the members in its sight, and those who spoke here in its sight.

    A partner, and a narrowed member, cannot read the sponsor's list of people; whoever spoke to them has a name. So has
    a member from the first sign-in on: before, the name of an account would tell that it is older than the membership.
    """
    members: list[Any] = list(people(by).filter(known=True).order_by("id"))
    granted = _granted(record, members) if by.cdmos is None else frozenset()
    now = timezone.now()
    for member in members:
        role = member.role not in NEVER_CALLED and (not view or view in capabilities_of(member.role))
        sees = role and member.user.is_active and valid_at(member, now) and in_sight(record, member, granted)
        is_partner = member.cdmo_id is not None
        yield Person(member.pk, member.user.name, member.org, is_partner, sees, sees and (shared or not is_partner))
    if by.cdmos is not None:
        spoken = Comment.objects.visible_to(by).filter(**key_of(record), author_membership__isnull=False)
        rows = spoken.order_by().values_list("author_membership", "author_name", "author_org", "from_partner")
        read = {member.pk for member in members}
        for membership, name, org, from_partner in rows.distinct():
            if membership not in read:
                yield Person(membership, name, org, from_partner, True, shared or not from_partner)


def _granted(record: Record, members: list[Membership]) -> frozenset[int]:
    """Which of the narrowed members see the record's CDMO."""
    narrowed = [member.user_id for member in members if member.narrowed]
    if not narrowed or cdmo_of(record) is None:
        return frozenset()
    grants = Grant.objects.filter(
        tenant_id=record.tenant_id,
        user_id__in=narrowed,
        content_type__model="cdmo",
        object_pk=str(cdmo_of(record)),
    )
    return frozenset(grants.values_list("user_id", flat=True))


def in_sight(record: Record, member: Membership, granted: frozenset[int]) -> bool:
    """Whether the member sees the record; `granted` are the people to whom its CDMO is opened."""
    if member.cdmo_id is None:
        return not member.narrowed or member.user_id in granted
    shown = record.SHARED_COLUMN is None or bool(getattr(record, record.SHARED_COLUMN))
    return member.cdmo_id == cdmo_of(record) and shown
