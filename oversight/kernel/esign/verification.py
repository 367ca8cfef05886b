"""Signatures as they are read: each is held against the version that it signed, at every display."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.backends.utils import CursorWrapper

from oversight.kernel.access.scope import Actor
from oversight.roles import PARTNER_SIDE, Role

from .proving import Method
from .signing import DIGEST

if TYPE_CHECKING:
    from oversight.kernel.trail.models import Record
    from oversight.kernel.trail.verify import Finding

    from .models import Signature

# A signature holds if its version stands as it was, and if it was itself made with that version, by its signer, and
# not altered since. Anything that was copied to another record, or added later, is none of that.
_STATES = """
SELECT s.tenant_id, s.id,
       h.history_id IS NOT NULL AND h.version = s.signed_version AND {digest} = s.digest AND EXISTS (
         SELECT FROM ONLY esign_historicalsignature made
          WHERE made.tenant_id = s.tenant_id AND made.id = s.id AND made.history_type = '+'
            AND made.history_txid = h.history_txid AND made.history_user_id = s.signer_id
            AND ({made}) IS NOT DISTINCT FROM ({stands})) AS holds,
       (SELECT count(*) FROM ONLY "{history}" later
         WHERE later.tenant_id = s.tenant_id AND later.id = s.record_id AND later.history_id > s.signed_history)
  FROM ONLY esign_signature s
  LEFT JOIN ONLY "{history}" h ON h.tenant_id = s.tenant_id AND h.id = s.record_id AND h.history_id = s.signed_history
 WHERE s.kind = '{table}'{narrowed}
"""
_ONE = " AND s.tenant_id = %s AND s.record_id = %s"

# Named here and not read off the model: a column that comes later is empty in the row that a signature was made with.
_BOUND = (
    *("kind", "record_id", "cdmo_id", "signer_id", "name", "role", "org", "meaning", "reason", "signed_at", "zone"),
    *("signed_history", "signed_version", "digest", "method", "request"),
)


class State(Enum):
    """What a signature is worth today: tone, glyph, words."""

    VALID = ("ok", "ok", "Valid")
    EARLIER = ("warn", "warn", "Signed an earlier version")
    BROKEN = ("danger", "critical", "Does not verify")


@dataclass(frozen=True, slots=True)
class SeenSignature:
    """One signature as the reader may see it."""

    key: int
    state: State
    changes: int | None  # how many versions came after the signed one; None: not told
    who: str  # empty for a person of the sponsor's whom a partner does not get to know
    role: str
    org: str
    meaning: str
    reason: str
    at: datetime
    local: str  # the time where the signer was, empty when it is not told
    zone: str
    version: int | None
    digest: str
    method: str

    @property
    def tone(self) -> str:
        return self.state.value[0]

    @property
    def glyph(self) -> str:
        return self.state.value[1]

    @property
    def words(self) -> str:
        """The state in words, with how much changed since."""
        said = self.state.value[2]
        if self.state is not State.EARLIER or self.changes is None:
            return said
        return f"{said}, {self.changes} {'change' if self.changes == 1 else 'changes'} since"


def signatures_of(record: "Record", actor: Actor) -> tuple[SeenSignature, ...]:
    """The signatures of `record`, oldest first, as `actor` may see them; two queries, however many there are."""
    from oversight.kernel.trail.about import key_of

    from .models import Signature

    rows = list(Signature.objects.visible_to(actor).filter(**key_of(record)).order_by("signed_at", "pk"))
    if not rows:
        return ()
    with connection.cursor() as cursor:
        cursor.execute(_states(type(record), _ONE), [actor.tenant, record.pk])
        states = {key: _state(holds, later) for _, key, holds, later in cursor.fetchall()}
    return tuple(_seen(row, states.get(row.pk, (State.BROKEN, 0)), actor) for row in rows)


def broken_signatures(cursor: CursorWrapper) -> Iterator["Finding"]:
    """The signatures that do not verify, at every sponsor; `cursor` is of a role that reads them all (`auditor`)."""
    from oversight.kernel.trail.about import model_of
    from oversight.kernel.trail.verify import Finding

    cursor.execute("SELECT DISTINCT kind FROM ONLY esign_signature ORDER BY kind")
    for (kind,) in cursor.fetchall():
        try:
            model = model_of(kind)
        except LookupError:
            cursor.execute("SELECT tenant_id, id FROM ONLY esign_signature WHERE kind = %s ORDER BY id", [kind])
            broken = cursor.fetchall()
        else:
            cursor.execute(f"SELECT tenant_id, id FROM ({_states(model)}) s WHERE NOT holds ORDER BY id")
            broken = cursor.fetchall()
        for tenant, key in broken:
            yield Finding("does not verify", "esign_signature", key, tenant)


def _states(model: type["Record"], narrowed: str = "") -> str:
    table, history = model._meta.db_table, model.history.model._meta.db_table
    return _STATES.format(
        table=table,
        history=history,
        digest=DIGEST.format(table=table),
        made=", ".join(f"made.{column}" for column in _BOUND),
        stands=", ".join(f"s.{column}" for column in _BOUND),
        narrowed=narrowed,
    )


def _state(holds: bool, later: int) -> tuple[State, int]:
    return (State.EARLIER if later else State.VALID) if holds else State.BROKEN, later


def _seen(row: "Signature", found: tuple[State, int], actor: Actor) -> SeenSignature:
    # To a partner the sponsor's people are their organisation, and how often the sponsor wrote is the sponsor's own.
    own = row.role in PARTNER_SIDE and row.org == actor.org
    hidden = actor.is_partner and not own
    state, changes = found
    at = row.signed_at.astimezone(UTC)
    zone = "" if hidden or row.zone in ("", "UTC") else row.zone
    words: dict[Any, Any] = dict(Role.choices)
    return SeenSignature(
        key=row.pk,
        state=state,
        changes=None if actor.is_partner else changes,
        who="" if hidden else row.name,
        role="" if hidden else str(words.get(row.role, row.role)),
        org=row.org,
        meaning=row.meaning,
        reason="" if hidden else row.reason,
        at=at,
        local=f"{at.astimezone(ZoneInfo(zone)):%H:%M:%S on %d %b}" if zone else "",
        zone=zone.replace("_", " "),
        version=None if actor.is_partner else row.signed_version,
        digest="" if actor.is_partner else row.digest,
        method="" if hidden else str(Method(row.method).label),
    )
