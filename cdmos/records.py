"""The record kinds of the partners: CDMO, Site and Contact."""

from oversight.kernel.records.kind import Fieldset, Flags, Order, Parent, RecordKind
from oversight.roles import DEVELOPMENT, EITHER_SIDE, EVERYBODY, PARTNER_STAFF, QUALITY, Role

from . import models
from .workflows.cdmo import CDMO_WORKFLOW
from .workflows.contact import CONTACT_WORKFLOW
from .workflows.site import SITE_WORKFLOW

# Who keeps the book of partners.
KEEPERS = DEVELOPMENT | {Role.QA_DIRECTOR} | EITHER_SIDE
CAPABILITIES = {
    "view": EVERYBODY,
    "create": KEEPERS,
    "amend": KEEPERS | QUALITY,
    "void": frozenset({Role.QA_DIRECTOR}),
    "comment": DEVELOPMENT | QUALITY | {Role.SUPPLY} | PARTNER_STAFF,
    "attach": DEVELOPMENT | QUALITY | PARTNER_STAFF,
}

TYPES = Flags(
    name="types",
    label="Types",
    fields=models.CDMO.TYPES,
    help="What this company may do for you. Tick all that apply.",
)

CDMO = RecordKind(
    workflow=CDMO_WORKFLOW,
    slug="cdmos",
    label="CDMO",
    plural="CDMOs",
    icon="building-2",
    capability="cdmo",
    capabilities=CAPABILITIES,
    purpose="The companies that develop, make, test, pack and store for you.",
    title="name",
    columns=(TYPES, "country", "outsourcing_model"),
    filters=(TYPES, "country", "outsourcing_model"),
    orders=(
        Order(name="name", label="Name", path="name"),
        Order(name="model", label="Outsourcing model", path="outsourcing_model"),
    ),
    search=("name", "legal_name", "notes"),
    prefetch=("sites",),
    fieldsets=(
        Fieldset(title="Company", items=("name", "legal_name", "country", "website")),
        Fieldset(title="Services", items=(TYPES, "outsourcing_model")),
        Fieldset(title="Internal", items=("notes",)),
    ),
    partner_sees=frozenset({"name", "legal_name", "country", "website", *models.CDMO.TYPES}),
    help={
        "name": "The short name by which you speak of them.",
        "legal_name": "As it stands in the agreements.",
        "website": "Begin with https://",
        "outsourcing_model": "Tactical: by project. Preferred: first asked. Strategic: a shared road map.",
        "notes": "The partner never sees them.",
    },
    long_text=frozenset({"notes"}),
)

SITE = RecordKind(
    workflow=SITE_WORKFLOW,
    slug="sites",
    label="site",
    plural="sites",
    icon="factory",
    capability="site",
    capabilities=CAPABILITIES,
    purpose="The places where your CDMOs work, each with its clock and calendar.",
    title="name",
    columns=("cdmo", "city", "country", "fei_number"),
    filters=("cdmo", "country", "working_week"),
    orders=(
        Order(name="name", label="Name", path="name"),
        Order(name="cdmo", label="CDMO", path="cdmo__name"),
        Order(name="city", label="City", path="city"),
    ),
    search=("name", "city", "address", "fei_number"),
    numbers=("fei_number",),
    fieldsets=(
        Fieldset(title="Site", items=("cdmo", "name", "address", "city", "country")),
        Fieldset(title="Calendar and registration", items=("time_zone", "working_week", "fei_number")),
    ),
    parent=Parent(field="cdmo", kind=CDMO),
    partner_sees=frozenset({"cdmo", "name", "address", "city", "country", "time_zone", "working_week", "fei_number"}),
    help={
        "cdmo": "Whose site it is. This cannot be changed later.",
        "time_zone": "Clocks that run at this site are shown in this zone.",
        "working_week": "The days that count as working days.",
    },
)

CONTACT = RecordKind(
    workflow=CONTACT_WORKFLOW,
    slug="contacts",
    label="contact",
    plural="contacts",
    icon="contact-round",
    capability="contact",
    capabilities=CAPABILITIES
    | {
        "create": KEEPERS | QUALITY | PARTNER_STAFF,
        "amend": KEEPERS | QUALITY | PARTNER_STAFF,
        "leave": KEEPERS | QUALITY | PARTNER_STAFF,
    },
    purpose="Whom to call at each CDMO, by day, by night, and when a clock ran out.",
    title="name",
    columns=("cdmo", "function", "escalation_level", "around_the_clock"),
    filters=("cdmo", "status", "escalation_level", "around_the_clock"),
    orders=(
        Order(name="name", label="Name", path="name"),
        Order(name="cdmo", label="CDMO", path="cdmo__name"),
    ),
    search=("name", "function", "email"),
    fieldsets=(
        Fieldset(title="Person", items=("cdmo", "site", "name", "function")),
        Fieldset(title="Reach", items=("email", "phone", "around_the_clock", "escalation_level")),
    ),
    parent=Parent(field="cdmo", kind=CDMO),
    references={"site": SITE},
    partner_sees=frozenset(
        {"cdmo", "site", "name", "function", "email", "phone", "around_the_clock", "escalation_level", "status"}
    ),
    help={"around_the_clock": "Answers the phone at any hour."},
)
