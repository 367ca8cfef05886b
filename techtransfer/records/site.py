"""What a site offers and when it is closed: its partner's own to write."""

from cdmos.records import CDMO, SITE
from oversight.kernel.records.kind import Fieldset, Order, Parent, RecordKind
from oversight.roles import PARTNER_STAFF

from ..workflows.closure import CLOSURE_WORKFLOW
from ..workflows.slot import SLOT_WORKFLOW
from .milestone import MILESTONE
from .offices import CORRECTORS, NUMBER, PARTNERS_OWN, VOIDERS

SLOT_STATUS = {
    "OPEN": ("neutral", "open"),
    "BOOKED": ("ok", "ok"),
    "LOST": ("danger", "critical"),
    "VOID": ("neutral", "void"),
}

CLOSURE = RecordKind(
    workflow=CLOSURE_WORKFLOW,
    slug="closures",
    label="site closure",
    plural="site closures",
    icon="calendar-off",
    capability="closure",
    capabilities=PARTNERS_OWN | {"void": VOIDERS | PARTNER_STAFF},
    purpose="Days on which a site does not work.",
    title="title",
    beneath=("number",),
    columns=("cdmo", "site", "why", "starts_on", "ends_on"),
    filters=("cdmo", "site", "status", "why"),
    orders=(Order(name="starts", label="First day", path="starts_on", text=False), NUMBER),
    search=("title", "number"),
    fieldsets=(Fieldset(title="Closure", items=("cdmo", "site", "title", "why", "starts_on", "ends_on")),),
    parent=Parent(field="cdmo", kind=CDMO, lists=False),
    references={"site": SITE},
    partner_sees=frozenset({"number", "status", "cdmo", "site", "title", "why", "starts_on", "ends_on"}),
    help={"cdmo": "Whose site it is. This cannot be changed later."},
    listed=False,
)

SLOT = RecordKind(
    workflow=SLOT_WORKFLOW,
    slug="slots",
    label="fill-line slot",
    plural="fill-line slots",
    icon="calendar-range",
    capability="slot",
    capabilities=PARTNERS_OWN | {"book": CORRECTORS | PARTNER_STAFF},
    purpose="The days on which a fill line can begin: open, booked or lost.",
    title="line",
    beneath=("number",),
    columns=("site", "starts_on", "days", "milestone", "status"),
    tones={"status": SLOT_STATUS},
    filters=("cdmo", "site", "status"),
    orders=(Order(name="starts", label="First day", path="starts_on", text=False), NUMBER),
    search=("line", "number"),
    fieldsets=(
        Fieldset(title="Slot", items=("cdmo", "site", "line", "starts_on", "days")),
        Fieldset(title="Booking", items=("milestone",)),
    ),
    parent=Parent(field="cdmo", kind=CDMO, lists=False),
    references={"site": SITE, "milestone": MILESTONE},
    partner_sees=frozenset({"number", "status", "cdmo", "site", "line", "starts_on", "days", "milestone"}),
    help={
        "cdmo": "Whose line it is. This cannot be changed later.",
        "line": "As the steps name it that wait for it.",
        "milestone": "A step of this line.",
    },
    listed=False,
)
