"""What is asked of the audit trail, and the SQL of one kind's branch of the answer."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import BooleanField, Q, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleLessThan

from oversight.kernel.access.scope import Actor
from oversight.roles import PARTNER_SIDE

from .kind import RecordKind
from .search import like, matching

WINDOW = 10_000  # versions of a kind in which is looked for what no index tells
FIELD_WINDOW = 2_000  # the same for a field: each version is compared with the one before
MOST_RECORDS = 200
SYSTEM = "system"
BIGGEST = 2**63 - 1
COLUMNS = ("id", "tenant_id", "history_id", "history_date", "history_type", "history_role", "history_org")


@dataclass(frozen=True, slots=True)
class Key:
    """Where a version stands in the stream: by time, then by table, then by its own key."""

    at: datetime
    place: str
    pk: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamQuery:
    """Who, what, when and why; empty is any."""

    kinds: tuple[RecordKind, ...]
    who: str = ""  # a person's id, or `system`
    org: str = ""
    record: str = ""
    action: str = ""
    field: str = ""  # of the one kind that is asked for
    since: date | None = None
    until: date | None = None
    reason: str = ""

    @property
    def window(self) -> int | None:
        """In how many versions of each kind is looked; None: an index leads to every match."""
        if self.field:
            return FIELD_WINDOW
        return WINDOW if self.org or self.action or self.reason else None


class Branch:
    """The versions of one kind that match, newest first."""

    def __init__(self, kind: RecordKind, actor: Actor, query: StreamQuery) -> None:
        self.kind, self.actor, self.query = kind, actor, query
        self.history: Any = kind.model.history
        self.table = self.history.model._meta.db_table

    def sql(self, key: Key | None, most: int) -> tuple[str, list[Any]] | None:
        """Rows of (place, history_id, history_date, earlier, matches, is_edge), and the values of the placeholders.

        None when it is plain that there are none.
        """
        window = self.query.window
        try:
            inner, values = self._rows(key)[: window or most].query.sql_with_params()
        except EmptyResultSet:
            return None
        before = (
            f'(SELECT e.{{}} FROM "{self.table}" e WHERE e.tenant_id = w.tenant_id AND e.id = w.id'
            " AND e.history_id < w.history_id ORDER BY e.history_id DESC LIMIT 1)"
        )
        place, earlier = self.kind.model._meta.db_table, before.format("history_id")
        head = f"""SELECT '{place}'::text COLLATE "C" AS place, w.history_id, w.history_date, {earlier} AS earlier"""
        if window is None:
            return f"{head}, true AS matches, false AS is_edge FROM ({inner}) w", list(values)
        condition, more = self._condition(before)
        numbered = "SELECT i.*, row_number() OVER (ORDER BY history_date DESC, history_id DESC) AS nth FROM"
        sql = (
            f"{head}, matches, nth = {window} AS is_edge FROM"
            f" (SELECT w.*, coalesce({condition}, false) AS matches FROM ({numbered} ({inner}) i) w) w"
            f" WHERE matches OR nth = {window} ORDER BY history_date DESC, w.history_id DESC LIMIT {most}"
        )
        return sql, [*more, *values]

    def _rows(self, key: Key | None) -> "QuerySet[Any]":
        """What the indexes tell."""
        query, rows = self.query, self.history.visible_to(self.actor)
        if query.since:
            rows = rows.filter(history_date__gte=_midnight(query.since))
        if query.until:
            rows = rows.filter(history_date__lt=_midnight(query.until) + timedelta(days=1))
        if query.who == SYSTEM:
            rows = rows.filter(history_user_id__isnull=True)
        elif query.who:
            rows = rows.filter(history_user_id=int(query.who))
            # To a partner, what a person did for somebody else is the sponsor's doing.
            rows = rows.filter(self._own()) if self.actor.is_partner else rows
        if query.record:
            visible = self.kind.model.objects.visible_to(self.actor)
            found = matching(self.kind, self.actor, visible, query.record).order_by().values_list("pk", flat=True)
            rows = rows.filter(id__in=list(found[:MOST_RECORDS]))
        if key is not None:
            rows = rows.filter(TupleLessThan(Tuple("history_date", "history_id"), self._edge(key)))
        columns = {*COLUMNS, "history_change_reason", "history_user_id"} if query.reason else {*COLUMNS}
        if query.field:
            columns.add(self.kind.field(query.field).attname)
        return rows.order_by("-history_date", "-history_id").values(*sorted(columns))

    def _edge(self, key: Key) -> tuple[datetime, int]:
        """The key as this table's own index compares it: tables are in the order of their names."""
        place = self.kind.model._meta.db_table
        return key.at, key.pk if place == key.place else BIGGEST if place < key.place else -1

    def _own(self) -> Q:
        return Q(history_role__in=sorted(PARTNER_SIDE), history_org=self.actor.org)

    def _condition(self, before: str) -> tuple[str, list[Any]]:
        """What no index tells, as SQL over one version `w`."""
        query = self.query
        said, values = list[str](), list[Any]()
        if query.org:
            said.append("w.history_org = %s")
            values.append(query.org)
        if query.action:
            said.append("w.history_type = %s")
            values.append(query.action)
        if query.field:
            field = self.kind.field(query.field)
            column, empty = f'"{field.column}"', "'false'" if isinstance(field, BooleanField) else "''"
            now, then = f"w.{column}::text", before.format(column) + "::text"
            said.append(f"nullif({now}, {empty}) IS DISTINCT FROM nullif({then}, {empty})")
        if query.reason:
            said.append("w.history_change_reason ILIKE %s")
            values.append(like(query.reason))
            if self.actor.is_partner:  # who is not told the sponsor's reasons
                said.append("w.history_org = %s AND w.history_role = ANY (%s)")
                values += [self.actor.org, [role.value for role in sorted(PARTNER_SIDE)]]
            elif self.actor.cdmos is not None and self.kind.model.CDMO_COLUMN is None:  # nor those of the system here
                said.append("w.history_user_id IS NOT NULL")
        return " AND ".join(said), values


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
