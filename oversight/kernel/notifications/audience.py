"""Who may be told of a record: members valid now, whose role reads such records and who see this one."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from django.utils import timezone

from oversight.kernel.access.models import Membership
from oversight.kernel.access.people import grants_of, valid_at
from oversight.kernel.access.scope import Actor
from oversight.kernel.comments.mentions import NEVER_CALLED, in_sight
from oversight.kernel.comments.models import Comment
from oversight.kernel.records.kind import RecordKind
from oversight.kernel.trail.about import cdmo_of, key_of
from oversight.kernel.trail.models import Record
from oversight.roles import PARTNER_STAFF, Role, capabilities_of


@dataclass(frozen=True, slots=True)
class Member:
    """One membership that may be told."""

    membership: int
    user: int
    name: str
    org: str
    role: str
    cdmo: int | None
    first_cdmo: int | None  # by which the database holds the member's own rows to its side
    zone: str  # the person's

    @property
    def is_partner(self) -> bool:
        return self.cdmo is not None


Circle = frozenset[int]  # keys of memberships
Fits = Callable[[Member], bool]
NOBODY: Circle = frozenset()


class Audience:
    """The members who may see one record, found set-based; what has no pages of its kind is the sponsor's own.

    It says the same as `visible_to` of each of them would, without entering each scope; whoever is told is looked at by
    `visible_to` once more when a notice is shown or mailed.
    """

    def __init__(self, record: Record, system: Actor, *, kind: RecordKind | None) -> None:
        self.record, self.system, self.kind = record, system, kind

    @cached_property
    def members(self) -> dict[int, Member]:
        """Everybody who may see it, by membership."""
        now, found = timezone.now(), {}
        rows = list(Membership.objects.visible_to(self.system).select_related("user").order_by("id"))
        grants = grants_of([row.user_id for row in rows if row.narrowed], self.system)
        granted = frozenset(user for user, keys in grants.items() if cdmo_of(self.record) in keys)
        for row in rows:
            if row.role in NEVER_CALLED or not self._reads(row):
                continue
            if not row.user.is_active or not valid_at(row, now) or not in_sight(self.record, row, granted):
                continue
            own = row.cdmo_id or (min(grants.get(row.user_id, ()), default=None) if row.narrowed else None)
            found[row.pk] = Member(
                row.pk, row.user_id, row.user.name, row.org, row.role, row.cdmo_id, own, row.user.time_zone
            )
        return found

    def staff(self, capability: str) -> Circle:
        """Those of the sponsor whose role carries `capability`."""
        return self._of(lambda member: not member.is_partner and capability in capabilities_of(member.role))

    def partner(self, capability: str = "") -> Circle:
        """Those of the CDMO who work on it, not merely read; with `capability`, whose role carries it."""
        return self._of(
            lambda member: (
                member.is_partner
                and member.role in PARTNER_STAFF
                and (not capability or capability in capabilities_of(member.role))
            )
        )

    def roles(self, *roles: Role) -> Circle:
        """Those of the sponsor with one of the roles."""
        return self._of(lambda member: not member.is_partner and member.role in roles)

    def of(self, memberships: Iterable[int]) -> Circle:
        """Those among `memberships` who may see it."""
        return frozenset(memberships) & self.members.keys()

    def people(self, users: Iterable[int]) -> Circle:
        """The memberships of these people who may see it."""
        wanted = frozenset(users)
        return self._of(lambda member: member.user in wanted)

    @cached_property
    def participants(self) -> Circle:
        """Whoever wrote a version of it or commented on it, as far as they may see it still."""
        rows = Comment.objects.visible_to(self.system).filter(**key_of(self.record)).order_by()
        spoke = rows.values_list("author_membership", flat=True).distinct()
        versions = type(self.record).history.visible_to(self.system).filter(id=self.record.pk).order_by()
        wrote = versions.values_list("history_user_id", flat=True).distinct()
        return self.of(key for key in spoke if key) | self.people(key for key in wrote if key)

    @property
    def sponsors(self) -> Circle:
        """Everybody of the sponsor's own side."""
        return self._of(lambda member: not member.is_partner)

    @property
    def partners(self) -> Circle:
        """Everybody of the CDMO's side."""
        return self._of(lambda member: member.is_partner)

    def _of(self, fits: Fits) -> Circle:
        return frozenset(key for key, member in self.members.items() if fits(member))

    def _reads(self, row: Membership) -> bool:
        if self.kind is None:
            return row.cdmo_id is None
        open_to_side = row.cdmo_id is None or self.kind.partner_sees is not None
        return open_to_side and f"{self.kind.capability}.view" in capabilities_of(row.role)
