"""Allow-lists taken away: fields that nobody declared are read, written, sorted, searched or exported."""

from .fault import Fault, Planting, code, value
from .faults_guard import _kind
from .faults_permission import KIND
from .faults_scope import FIELDS, PORTAL, RECORDS

MASS = "tests/fuzz/test_mass_assignment.py"


def _allowed(name: str, plant: Planting, *near: str) -> Fault:
    return Fault(name, "allow-list", plant, near)


FAULTS = (
    _allowed(
        "a partner reads every field",
        code(f"{KIND}shows", "return not actor.is_partner or field in (self.partner_sees or ())", "return True"),
        FIELDS,
    ),
    _allowed(
        "a narrowed member reads what may tell of any CDMO",
        code(f"{KIND}shows", "if actor.cdmos is not None and field in self.of_all:", "if False:"),
        "tests/warning/test_pages.py::test_a_narrowed_member",
        "tests/techtransfer/test_narrowed.py",
    ),
    _allowed(
        "the notes of a company are shared with it",
        value(lambda: _kind("cdmos"), "partner_sees", lambda names: names | {"notes"}),
        FIELDS,
        f"{PORTAL} @ cdmos-detail",
    ),
    _allowed(
        "a group of fields is shown for one of them",
        code(f"{KIND}narrow", "elif all(", "elif any("),
        f"{FIELDS}::test_a_group_is_shown",
    ),
    _allowed(
        "a partner sorts by what it does not read",
        code(f"{KIND}orders_for", " if self.shows(order.path, actor)", ""),
        FIELDS,
        "tests/api/test_records.py",
    ),
    _allowed(
        "a partner's search looks through every field",
        code(f"{KIND}search_for", " if self.shows(name, actor)", ""),
        FIELDS,
    ),
    _allowed(
        "a partner filters by what it does not read",
        code(f"{RECORDS}filters:read_filters", "kind.narrow(kind.filters, actor)", "kind.filters"),
        FIELDS,
    ),
    _allowed(
        "a partner filters by the API by what it does not read",
        code("oversight.kernel.api.lists:read_page", "resource.filters[actor.is_partner]", "resource.filters[False]"),
        "tests/api/test_records.py::test_a_partner_has_no_filter_over_what_it_does_not_read",
    ),
    _allowed(
        "a partner's program reads every field",
        code(
            "oversight.kernel.api.resource:Resource.writer_for", "self.writers[actor.is_partner]", "self.writers[False]"
        ),
        "tests/api/test_records.py::test_a_partner_reads_the_shared_fields_and_nothing_else",
    ),
    _allowed(
        "a narrowed member's program reads every field",
        code(
            "oversight.kernel.api.resource:Resource.writer_for", "self.narrowed if actor.grants is not None else ", ""
        ),
        "tests/warning/test_pages.py",
        "tests/techtransfer/test_narrowed.py",
        "tests/batches",
    ),
    _allowed(
        "a body may hold what nobody declared",
        code(
            "oversight.kernel.api.bodies:check",
            "errors |= {printable(name): [NO_SUCH_FIELD] for name in body if name not in known.fields}",
            "pass",
        ),
        MASS,
    ),
    _allowed(
        "a partner's body may hold the sponsor's fields",
        code(
            "oversight.kernel.api.endpoints:Collection._create",
            "self.resource.new[self.actor.is_partner]",
            "self.resource.new[False]",
        ),
        MASS,
    ),
    _allowed(
        "a partner opens records with the sponsor's fields",
        code(
            "oversight.kernel.workflow.definition:Workflow.openable",
            "self.partner_opens if actor.is_partner else self.opens",
            "self.opens",
        ),
        f"{PORTAL} @ sites-create milestones-create",
        "tests/kernel/records",
        "tests/contract",
    ),
    _allowed(
        "a partner amends the sponsor's fields",
        code(
            "oversight.kernel.workflow.definition:Workflow.amendable",
            "self.partner_editable if actor.is_partner else self.editable",
            "self.editable",
        ),
        "tests/api/test_records.py",
        "tests/quality/test_refusals.py",
        "tests/techtransfer/test_milestone.py",
    ),
    _allowed(
        "a write may hold any field",
        code(
            "oversight.kernel.workflow.writing:_fill",
            'if refused := [name for name in values if name.removesuffix("_id") not in allowed]:',
            "if refused := ():",
        ),
        "tests/kernel/records/test_writes.py::test_what_nobody_types",
    ),
    _allowed(
        "an amendment may hold what is not to be amended now",
        code("oversight.kernel.api.endpoints:Item._amend", "if name not in now", "if False"),
        MASS,
    ),
    _allowed(
        "a partner says of which company its record is",
        code(
            f"{KIND}takes",
            "return not (actor.is_partner and self.field(name).attname == self.model.CDMO_COLUMN)",
            "return True",
        ),
        "tests/quality/test_pages.py",
        "tests/portal",
        "tests/today/test_work.py",
    ),
    _allowed(
        "a reference is not looked up",
        code(
            "oversight.kernel.trail.models:Record.clean",
            "if absent := [field.name for field, _ in asked if field.name not in seen]:",
            "if absent := ():",
        ),
        "tests/kernel/access/test_isolation.py",
    ),
)
