"""Who may do what: the roles and, in one table, the capabilities of each."""

from collections.abc import Iterable, Mapping
from functools import cache

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
PARTNER_SIDE = PARTNER_ROLES | EITHER_SIDE  # of which a partner's own people and programs are
SPONSOR_ROLES = frozenset(Role) - PARTNER_ROLES - EITHER_SIDE

EVERYBODY = frozenset(Role)
QUALITY = frozenset({Role.QA_DIRECTOR, Role.QA_REVIEWER})  # the sponsor's quality unit
DEVELOPMENT = frozenset({Role.CMC_DIRECTOR, Role.CMC_LEAD})
PARTNER_STAFF = frozenset({Role.CDMO_QA, Role.CDMO_PROJECT})

# Of the house itself; what a record type allows stands in its RecordKind, and the catalogue declares it here.
CAPABILITIES: dict[str, frozenset[Role]] = {
    "trail.view": EVERYBODY,
    "webhook.manage": frozenset({Role.ADMIN}),
    "people.manage": frozenset({Role.ADMIN}),
    "key.manage": frozenset({Role.ADMIN}),
    "policy.manage": frozenset({Role.ADMIN}),
    "access_review.export": frozenset({Role.ADMIN, Role.QA_DIRECTOR}),
}


def declare(subject: str, verbs: Mapping[str, frozenset[Role]]) -> None:
    """Add the capabilities of one record type, `<subject>.<verb>` each; saying the same twice is no harm."""
    for verb, roles in verbs.items():
        if CAPABILITIES.setdefault(f"{subject}.{verb}", roles) != roles:
            raise ValueError(f"{subject}.{verb} is declared twice, for different roles.")
    capabilities_of.cache_clear()


_SIGNED: set[str] = set()  # capabilities of moves that are signed


def declare_signed(capability: str) -> None:
    """Note that who uses `capability` signs."""
    _SIGNED.add(capability)


def signs(role: str) -> bool:
    """Whether the role carries anything that is signed."""
    return not _SIGNED.isdisjoint(capabilities_of(role))


@cache
def capabilities_of(role: str) -> frozenset[str]:
    """The capabilities that `role` carries."""
    return frozenset(name for name, roles in CAPABILITIES.items() if role in roles)


def roles_with(capability: str) -> Iterable[Role]:
    """The roles that carry `capability`, in the order in which roles are declared."""
    return [role for role in Role if role in CAPABILITIES[capability]]
