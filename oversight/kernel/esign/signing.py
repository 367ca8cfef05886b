"""Signing: one row beside the version that the signed act produced, in the same transaction."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models.expressions import RawSQL

from oversight.kernel.access.scope import Actor, told
from oversight.kernel.trail.change import UnattributedChange
from oversight.roles import Role

from .proving import NotProven, objection

if TYPE_CHECKING:
    from oversight.kernel.trail.models import Record

    from .models import Signature

AGREEMENT = (
    "My electronic signature in Oversight is the legally binding equivalent of my handwritten signature. "
    "I alone use it, and I keep my password to myself."
)

# The canonical version is the whole history row as the seals see it (trail.leaves): empty columns do not count, so that
# one that is added later leaves it as it was. Its key stands before it. Django's sessions are in UTC.
DIGEST = (
    "encode(sha256(convert_to(concat_ws(' ', '{table}', h.tenant_id, h.id, h.history_id,"
    " jsonb_strip_nulls(to_jsonb(h))::text), 'UTF8')), 'hex')"
)

# The newest version, if it is of this transaction: nobody signs what another did.
_SIGN = """
INSERT INTO esign_signature (tenant_id, version, kind, record_id, cdmo_id, signer_id, name, role, org, meaning, reason,
                             signed_at, zone, signed_history, signed_version, digest, method, request)
SELECT h.tenant_id, 1, '{table}', h.id, %(cdmo)s, %(signer)s, %(name)s, %(role)s, %(org)s, %(meaning)s, %(reason)s,
       {at}, %(zone)s, h.history_id, h.version, {digest}, %(method)s, %(request)s
  FROM (SELECT * FROM ONLY "{history}" WHERE tenant_id = %(tenant)s AND id = %(record)s
         ORDER BY history_id DESC LIMIT 1) newest
  JOIN ONLY "{history}" h ON h.history_id = newest.history_id
 WHERE h.history_txid = trail.txid() AND h.history_type <> '-'
RETURNING id
"""


@dataclass(frozen=True, slots=True)
class SignBlock:
    """What a person is shown before signing: as whom, and what the first signature agrees to."""

    name: str
    role: str
    org: str
    email: str
    agreement: str  # empty once it was agreed to


def sign(record: "Record", *, by: Actor, meaning: str, reason: str, method: str) -> "Signature":
    """Bind what `by` declares to the version of `record` that this transaction wrote: the last thing inside a change.

    `method` is what `prove` answered. With the first signature, by whichever door, the person agrees to AGREEMENT.
    Raises NotProven for who signs nothing, UnattributedChange where the running change did not write the record.
    """
    # Django imports this package before there are models.
    from oversight.kernel.trail.about import cdmo_of
    from oversight.kernel.trail.statements import STAMP

    from .models import Signature

    present = told()
    if present is None or not present.changing or present.actor != by:
        raise UnattributedChange("Sign inside the change that writes the record, as the person who makes it.")
    if sentence := objection(by):
        raise NotProven(sentence)
    if not meaning.strip():
        raise ValueError("A signature says what it means.")
    cdmo = cdmo_of(record)
    table, history = record._meta.db_table, type(record).history.model._meta.db_table
    statement = _SIGN.format(table=table, history=history, at=STAMP["history_date"], digest=DIGEST.format(table=table))
    with connection.cursor() as cursor:
        cursor.execute(
            statement,
            {
                "tenant": record.tenant_id,
                "record": record.pk,
                "cdmo": by.cdmo if cdmo is None else cdmo,
                "signer": by.user,
                "name": by.name,
                "role": by.role,
                "org": by.org,
                "meaning": meaning.strip(),
                "reason": reason.strip(),
                "zone": by.tz,
                "method": method,
                "request": by.request,
            },
        )
        made = cursor.fetchone()
    if made is None:
        raise UnattributedChange("Sign what this change wrote: the newest version of the record is not of it.")
    signature = Signature.objects.get(pk=made[0])
    if not has_agreed(by):
        _agree(by, cdmo=signature.cdmo_id)
    return signature


def has_agreed(actor: Actor) -> bool:
    """Whether the person agreed already, as far as the actor may see, to what an electronic signature is."""
    from .models import Agreement

    return Agreement.objects.visible_to(actor).filter(signer_id=actor.user).exists()


def sign_block(actor: Actor) -> SignBlock:
    """What stands beside the password field."""
    email = get_user_model().objects.values_list("email", flat=True).get(pk=cast(int, actor.user))
    role = str(dict(Role.choices).get(actor.role, actor.role))
    return SignBlock(actor.name, role, actor.org, email, "" if has_agreed(actor) else AGREEMENT)


def _agree(by: Actor, *, cdmo: int | None) -> None:
    """Two first signatures at once may each leave one: the text is agreed to all the same."""
    from oversight.kernel.trail.statements import STAMP

    from .models import Agreement

    Agreement(
        cdmo_id=cdmo,
        of_partner=by.is_partner,
        signer_id=cast(int, by.user),
        name=by.name,
        org=by.org,
        text=AGREEMENT,
        agreed_at=RawSQL(STAMP["history_date"], []),  # noqa: S611  a constant
    ).save()
