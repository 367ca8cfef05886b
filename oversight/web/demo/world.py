"""Loads the demo world through the trail, in the past: only the database role `loader` may tell the time."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import groupby
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import connection, transaction

from cdmos.models import CDMO
from cdmos.records import CDMO as CDMO_KIND
from cdmos.records import SITE
from oversight.kernel.access.demo import is_loaded
from oversight.kernel.access.grants import narrow
from oversight.kernel.access.models import DemoWorld, Membership, Sponsor, User
from oversight.kernel.access.scope import Actor, scope
from oversight.kernel.access.sponsors import found_sponsor
from oversight.kernel.records.kind import RecordKind
from oversight.kernel.records.writes import amend, create
from oversight.kernel.trail.change import change
from oversight.kernel.trail.models import Record

from . import deviations, deviations_elsewhere, deviations_open, deviations_open_tarn, deviations_short
from .chronicle import Chronicle
from .events import Event
from .habits import OWNERS
from .partners import COMPANIES, Told
from .past import past_of
from .people import MARROWFEN, PASSWORD, SEATS, SPONSORS, TARN, Seat
from .plans.story import Story
from .standing import SET, keep_views, set_limits
from .telling import tell

FOUNDED = 731  # days ago
PORTAL_AFTER = 2  # days after a company was put on file, its people got in
FIRST_HOUR = 8  # UTC; the stories are told in office hours
EVENTS = {
    MARROWFEN: deviations.AT_MARROWFEN
    + deviations_elsewhere.AT_MARROWFEN
    + deviations_short.AT_MARROWFEN
    + deviations_open.AT_MARROWFEN,
    TARN: deviations.AT_TARN + deviations_open_tarn.AT_TARN,
}


def load(now: datetime | None = None) -> bool:
    """Tell the whole world in one transaction, so that no half of it is ever left; False when it stands already."""
    if is_loaded():
        return False
    present = now or datetime.now(UTC)
    with transaction.atomic():
        for slug, name in SPONSORS.items():
            _Sponsorship(slug, name, present).tell()
        DemoWorld.objects.create()
    return True


@cache
def _password_hash() -> str:
    """One slow hash for all: they share the printed password anyway."""
    return make_password(PASSWORD)


class _Sponsorship:
    """One sponsor of the demo world while it is being told."""

    def __init__(self, slug: str, name: str, present: datetime) -> None:
        self.present, self.minute = present, 0
        self._tell_time(FOUNDED)
        self.sponsor: Sponsor = found_sponsor(slug=slug, name=name, is_demo=True)
        self.system = Actor(tenant=self.sponsor.pk, name="Oversight")
        self.seats = [seat for seat in SEATS if seat.sponsor == slug]
        self.actors: dict[str, Actor] = {}
        self.owners = OWNERS[slug]

    def tell(self) -> None:
        """People first, then companies and their stories in the order of time, then who works for which company."""
        self._let_in(FOUNDED, "Workspace opened", [seat for seat in self.seats if not (seat.cdmo or seat.came)])
        cdmos = {}
        for company in COMPANIES[self.sponsor.slug]:
            cdmo = cdmos[company.name] = self._record(CDMO_KIND, company.record)
            for site in company.sites:
                self._record(SITE, site, cdmo=cdmo)
            its = [seat for seat in self.seats if seat.cdmo == company.name]
            self._let_in(company.record.days_ago - PORTAL_AFTER, "Portal opened to the partner", its, cdmos)
        for seat in self.seats:
            if seat.came:
                self._let_in(seat.came, f"Access for {seat.name}", [seat], cdmos)
        story = Story(self.sponsor.slug, self, self.system, cdmos)
        self._events(cdmos, story)
        story.finish()
        keep_views(self.sponsor.slug, self)

    def _events(self, cdmos: dict[str, CDMO], story: Story) -> None:
        """In the order in which they were reported, so that numbers rise with it."""
        slug = self.sponsor.slug
        events = sorted([*EVENTS[slug], *past_of(slug, self.present)], key=lambda event: event.told_at(self.present))
        chronicle = Chronicle(self, self.system, cdmos, story.touched)
        limits_at = self.present - timedelta(days=SET)
        limits_stand = False
        for is_over, some in groupby(events, key=lambda event: event.is_over):
            if is_over:
                chronicle.tell(some)
                continue
            for event in some:
                if not limits_stand and event.told_at(self.present) > limits_at:
                    set_limits(slug, self, limits_at)
                    limits_stand = True
                if event.batch:
                    self._of_batch(event, cdmos, story)
                else:
                    tell(event, self, cdmos)

    def _of_batch(self, event: Event, cdmos: dict[str, CDMO], story: Story) -> None:
        """The plan has come as far as the event, which may hold the batch that it names."""
        story.until(event.told_at(self.present))
        batch = story.batch(cdmos[event.cdmo].pk, event.batch)
        story.held(tell(event, self, cdmos, batch=batch), event.told_at(self.present) + timedelta(seconds=9))

    def _record(self, kind: RecordKind, told: Told, **fields: Any) -> Record:
        self._tell_time(told.days_ago)
        with scope(self.actor(told.by)) as author:
            record = create(kind, by=author, values=told.values | fields)
        for step in told.since:
            self._tell_time(step.days_ago)
            with scope(self.actor(step.by)) as author:
                seen = kind.model.objects.visible_to(author).get(pk=record.pk).version
                amend(kind, record.pk, by=author, version=seen, values=step.values, reason=step.reason)
        return record

    def actor(self, name: str) -> Actor:
        """The person whose e-mail begins with `name`."""
        return next(actor for email, actor in self.actors.items() if email.startswith(f"{name}@"))

    def _let_in(self, days_ago: int, reason: str, seats: list[Seat], cdmos: Mapping[str, CDMO] | None = None) -> None:
        """Give these people their memberships, all on that day."""
        self._tell_time(days_ago)
        with change(by=self.system, reason=reason):
            for seat in seats:
                membership = self._join(seat, cdmos[seat.cdmo] if cdmos and seat.cdmo else None, days_ago)
                if cdmos and seat.sees is not None:
                    narrow(membership, to=[cdmos[name] for name in seat.sees])

    def _join(self, seat: Seat, cdmo: CDMO | None, days_ago: int) -> Membership:
        user = User.objects.filter(email=seat.email).first()
        if user is None:
            user = User(email=seat.email, name=seat.name, time_zone=seat.zone)
            user.password = make_password(None) if seat.is_program else _password_hash()
            user.save()
        membership = Membership.objects.create(
            user=user,
            role=seat.role,
            org=seat.org,
            cdmo_id=cdmo and cdmo.pk,
            valid_from=(self.present - timedelta(days=days_ago)).date(),
            valid_until=seat.stays and (self.present + timedelta(days=seat.stays)).date(),
        )
        self.actors[seat.email] = Actor(
            tenant=self.sponsor.pk,
            sponsor=self.sponsor.slug,
            membership=membership.pk,
            user=user.pk,
            name=user.name,
            role=seat.role,
            org=seat.org,
            cdmo=cdmo and cdmo.pk,
            tz=seat.zone,
            source="demo",
            demo=True,
        )
        return membership

    def _tell_time(self, days_ago: int) -> None:
        """Each telling is some minutes later in the day than the one before, so that no two fall together."""
        self.minute = (self.minute + 37) % 540
        day = (self.present - timedelta(days=days_ago)).replace(hour=FIRST_HOUR, minute=0, second=0, microsecond=0)
        moment = day + timedelta(minutes=self.minute)
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('app.at', %s, true)", [moment.isoformat()])
