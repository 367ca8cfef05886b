"""announce: the subscriber that turns an event into notices, and owes letters to those who want them by e-mail."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from oversight.kernel.access.scope import Actor
from oversight.kernel.outbox.models import Event
from oversight.kernel.trail.about import model_of
from oversight.roles import PARTNER_ROLES, Role

from .audience import Audience, Member
from .groups import DEFAULTS, Way
from .models import Letter, Notice, Preference
from .sentences import Sentence, kind_of, rule_of, sentence_of, zones_of
from .stories import moment_of

DIGEST = time(7)  # at the partner's site; for the sponsor's staff where the person is
PAST = timedelta(days=2)  # stories of the demo world that are older are told in the product alone, as read


def announce(event: Event, system: Actor) -> None:
    """Tell of the event whoever its rule names, never the one who did it; a second time changes nothing."""
    rule = rule_of(event.name)
    record = model_of(event.kind).objects.visible_to(system).filter(pk=event.record_id).first()
    if rule is None or record is None:
        return
    audience = Audience(record, system, kind=kind_of(event.kind))
    told: dict[int, str] = {}
    for what, circle in rule(event, record, audience):
        for key in sorted(circle & audience.members.keys()):
            told.setdefault(key, what)
    internal = event.facts.get("shared") is False  # held here once more, whatever a rule says
    heard = {
        key: what
        for key, what in told.items()
        if audience.members[key].user != event.user_id and not (internal and audience.members[key].is_partner)
    }
    if heard:
        _write(event, audience, heard, at=moment_of(event, record))


def next_digest(now: datetime, zone: str) -> datetime:
    """The next seven o'clock in `zone`."""
    there = now.astimezone(ZoneInfo(zone))
    at = datetime.combine(there.date(), DIGEST, there.tzinfo)
    return at if at > there else datetime.combine(there.date() + timedelta(days=1), DIGEST, there.tzinfo)


def digest_zone(zone: str, cdmo: int | None, actor: Actor) -> str:
    """Whose seven o'clock it is: the person's, if it is that of one of the partner's sites, else the first site's."""
    zones = zones_of(cdmo, actor) if cdmo is not None else ()
    return zones[0] if zones and zone not in zones else zone


def _write(event: Event, audience: Audience, told: dict[int, str], *, at: datetime) -> None:
    now, system = timezone.now(), audience.system
    past = event.at - at > PAST
    ways = _ways(told, system)
    wanted: dict[int, tuple[Member, str, datetime]] = {}
    notices: list[Notice] = []
    for key, what in told.items():
        member, sentence = audience.members[key], sentence_of(what)
        if sentence is None:
            continue
        notices.append(_notice(event, member, what, sentence, at=at, read_at=at if past else None))
        way = ways.get((key, sentence.group), DEFAULTS[sentence.group])
        if way == Way.NONE or past:
            continue
        if way == Way.INSTANT:
            wanted[key] = (member, f"event-{event.pk}", now)
        else:
            seven = next_digest(now, digest_zone(member.zone, member.cdmo, system))
            wanted[key] = (member, f"day-{seven:%Y-%m-%d}", seven)
    letters = _letters(wanted.values(), system)
    for notice in notices:
        notice.letter_id = letters.get(notice.membership_id)
    Notice.objects.bulk_create(notices, ignore_conflicts=True)


def _ways(told: Iterable[int], system: Actor) -> dict[tuple[int, str], str]:
    rows = Preference.objects.visible_to(system).filter(membership_id__in=list(told))
    return {(row.membership_id, row.group): row.way for row in rows}


def _notice(
    event: Event, member: Member, what: str, sentence: Sentence, *, at: datetime, read_at: datetime | None
) -> Notice:
    return Notice(
        **_own(event.tenant_id, member),
        event_id=event.pk,
        kind=event.kind,
        record_id=event.record_id,
        comment_id=event.facts.get("comment"),
        clock_id=event.facts.get("clock"),
        what=what,
        group=sentence.group,
        who=_who(event, member, sentence),
        at=at,
        read_at=read_at,
    )


def _who(event: Event, member: Member, sentence: Sentence) -> str:
    """A colleague by name; of the other side the company, unless it said so by name; a program by its company."""
    if event.user_id is None:
        return ""
    same_side = (event.role in PARTNER_ROLES) == member.is_partner
    by_name = event.role != Role.API_CLIENT and (same_side or sentence.by_name)
    return event.user_name if by_name else event.org


def _own(tenant: int, member: Member) -> dict[str, Any]:
    return {
        "tenant_id": tenant,
        "membership_id": member.membership,
        "cdmo_id": member.first_cdmo,
        "of_partner": member.is_partner,
    }


def _letters(wanted: Iterable[tuple[Member, str, datetime]], system: Actor) -> dict[int, int]:
    """The letter into which each member's notice goes; one that a worker has in hand takes nothing in any more."""
    rows = list(wanted)
    if not rows:
        return {}
    Letter.objects.bulk_create(
        [
            Letter(**_own(system.tenant, member), user_id=member.user, slot=slot, due_at=due)
            for member, slot, due in rows
        ],
        ignore_conflicts=True,
    )
    mine = Letter.objects.visible_to(system).filter(
        membership_id__in=[member.membership for member, _, _ in rows], slot__in={slot for _, slot, _ in rows}
    )
    waiting = mine.filter(state=Letter.State.WAITING, claimed_at=None).order_by("id").select_for_update()
    found = {letter.membership_id: letter.pk for letter in waiting}
    late = [(member, slot, due) for member, slot, due in rows if member.membership not in found and "day" in slot]
    if late:
        later = [
            (member, f"day-{due + timedelta(days=1):%Y-%m-%d}", due + timedelta(days=1)) for member, _, due in late
        ]
        found |= _letters(later, system)
    return found
