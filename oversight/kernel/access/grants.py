"""Object-level grants: the only module that touches django-guardian's shortcuts."""

from django.db.models import Model
from guardian.shortcuts import assign_perm, remove_perm

from .models import Membership


def narrow(membership: Membership, *, to: list[Model]) -> None:
    """Let a member of the sponsor's staff see only the given CDMOs, none besides; inside `change(…)`.

    Few grants, never one per row: everything that belongs to a CDMO follows from the grant on the CDMO.
    """
    if membership.cdmo_id is not None:
        raise ValueError("A partner sees its own CDMO already; only the sponsor's staff can be narrowed.")
    membership.narrowed = True
    membership.save()
    for cdmo in to:
        open_to(membership, cdmo)


def open_to(membership: Membership, record: Model) -> None:
    """Grant one more CDMO to a narrowed member."""
    assign_perm(_permission(record), membership.user, record)


def close_to(membership: Membership, record: Model) -> None:
    """Take a grant back."""
    remove_perm(_permission(record), membership.user, record)


def _permission(record: Model) -> str:
    return f"{record._meta.app_label}.view_{record._meta.model_name}"
