"""Who may do what: the roles and, in one table, the capabilities of each."""

from collections.abc import Iterable

from django.db.models import TextChoices


class Role(TextChoices):
    """What a person, or a program, is at one sponsor."""

    ADMIN = "admin", "Administrator"
    QA_DIRECTOR = "qa_director", "QA director"
    QA_REVIEWER = "qa_reviewer", "QA reviewer"
    CMC_DIRECTOR = "cmc_director", "CMC director"
    CMC_LEAD = "cmc_lead", "CMC lead"
    SUPPLY = "supply", "Supply"
    VIEWER = "viewer", "Viewer"
    INSPECTOR = "inspector", "Inspector"
    CDMO_QA = "cdmo_qa", "CDMO quality"
    CDMO_PROJECT = "cdmo_project", "CDMO project"
    CDMO_VIEWER = "cdmo_viewer", "CDMO viewer"
    API_CLIENT = "api_client", "API client"


PARTNER_ROLES = frozenset({Role.CDMO_QA, Role.CDMO_PROJECT, Role.CDMO_VIEWER})
EITHER_SIDE = frozenset({Role.API_CLIENT})
SPONSOR_ROLES = frozenset(Role) - PARTNER_ROLES - EITHER_SIDE

_EVERYBODY = frozenset(Role)
_PARTNER_OWNERS = frozenset({Role.QA_DIRECTOR, Role.CMC_DIRECTOR, Role.CMC_LEAD})

CAPABILITIES: dict[str, frozenset[Role]] = {
    "cdmo.view": _EVERYBODY,
    "cdmo.create": _PARTNER_OWNERS | EITHER_SIDE,
    "cdmo.amend": _PARTNER_OWNERS | {Role.QA_REVIEWER} | EITHER_SIDE,
    "site.view": _EVERYBODY,
    "site.create": _PARTNER_OWNERS | EITHER_SIDE,
    "site.amend": _PARTNER_OWNERS | {Role.QA_REVIEWER} | EITHER_SIDE,
    "trail.view": _EVERYBODY,
}


def capabilities_of(role: str) -> frozenset[str]:
    """The capabilities that `role` carries."""
    return frozenset(name for name, roles in CAPABILITIES.items() if role in roles)


def roles_with(capability: str) -> Iterable[Role]:
    """The roles that carry `capability`, in the order in which roles are declared."""
    return [role for role in Role if role in CAPABILITIES[capability]]
