"""Products and programmes: what is developed, and for which markets."""

from django.db.models import Prefetch

from oversight.kernel.records.kind import Fieldset, Flags, Order, RecordKind
from oversight.roles import DEVELOPMENT

from ..models import Milestone, Programme
from ..workflows.product import PRODUCT_WORKFLOW
from ..workflows.programme import PROGRAMME_WORKFLOW
from .offices import ACTIVE, NUMBER, OWN, VOIDERS

MARKETS = Flags(
    name="markets",
    label="Target markets",
    fields=Programme.MARKETS,
    help="Where it is to be submitted. Tick all that apply.",
)
OPEN_STEPS = Prefetch(
    "milestones",
    Milestone._base_manager.filter(status__in=Milestone.OPEN)
    .order_by("programme_id")
    .distinct("programme_id")
    .only("programme_id"),
    to_attr="_open_steps",
)

PRODUCT = RecordKind(
    workflow=PRODUCT_WORKFLOW,
    slug="products",
    label="product",
    plural="products",
    icon="pill",
    capability="product",
    capabilities=OWN,
    purpose="What your partners make for you. Of all that stands here they read the code.",
    title="code",
    beneath=("number",),
    columns=("name", "modality", "dosage_form", "status"),
    tones={"status": ACTIVE},
    filters=("status", "modality", "dosage_form"),
    orders=(NUMBER, Order(name="code", label="Code", path="code"), Order(name="name", label="Name", path="name")),
    search=("code", "name", "number", "description"),
    fieldsets=(Fieldset(title="Product", items=("code", "name", "modality", "dosage_form", "description")),),
    help={"code": "The word by which partners know it. It cannot be changed later."},
    long_text=frozenset({"description"}),
    listed=False,
)

PROGRAMME = RecordKind(
    workflow=PROGRAMME_WORKFLOW,
    slug="programmes",
    label="programme",
    plural="programmes",
    icon="route",
    capability="programme",
    capabilities=OWN | {"take": VOIDERS, "close": DEVELOPMENT},
    purpose="A product on its way through a phase: its studies, and every step that they wait for.",
    title="title",
    beneath=("number",),
    columns=("product", "phase", MARKETS, "owner_name", "status"),
    tones={"status": ACTIVE},
    filters=("status", "product", "phase", MARKETS),
    orders=(NUMBER, Order(name="title", label="Title", path="title")),
    search=("title", "number", "owner_name", "description"),
    prefetch=(OPEN_STEPS,),
    of_all=frozenset({"forecast_problem"}),
    fieldsets=(
        Fieldset(title="Programme", items=("product", "title", "phase", "owner_name")),
        Fieldset(title="Markets", items=(MARKETS,)),
        Fieldset(title="About", items=("description",)),
    ),
    references={"product": PRODUCT},
    help={"product": "What is developed. This cannot be changed later."},
    long_text=frozenset({"description"}),
    page="techtransfer/programme.html",
)
