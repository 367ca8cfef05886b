"""Guards taken away: what has to come first, or who has to be another person, is not asked any more."""

from oversight.kernel.records.kind import RecordKind
from oversight.web.catalogue import KINDS

from .fault import Fault, Planting, code
from .faults_scope import WORKSPACE

QUALITY, BATCHES, PLANS = "quality.workflows.guards:", "batches.workflows.guards:", "techtransfer.workflows.guards:"
WORKFLOW = "oversight.kernel.workflow."
FILES = "oversight.kernel.files.attaching:"


def _guard(name: str, plant: Planting, *near: str) -> Fault:
    return Fault(name, "guard", plant, near)


def _kind(slug: str) -> RecordKind:
    return next(kind for kind in KINDS if kind.slug == slug)


FAULTS = (
    _guard(
        "who answered accepts",
        code(
            f"{QUALITY}accepted_by_a_second_person",
            "if not actor.user or actor.user == record.answered_by:",
            "if False:",
        ),
        "tests/quality/test_refusals.py",
    ),
    _guard(
        "who answered closes",
        code(f"{QUALITY}closed_by_a_second_person", "if actor.user == record.answered_by:", "if False:"),
        "tests/quality/test_refusals.py",
    ),
    _guard(
        "who accepted closes",
        code(f"{QUALITY}closed_by_a_second_person", "if actor.user == record.accepted_by:", "if False:"),
        "tests/quality/test_refusals.py",
    ),
    _guard(
        "a deviation is closed before it is contained",
        code(f"{QUALITY}contained", "if missing := record.missing_containment:", "if missing := ():"),
        "tests/quality/test_refusals.py",
    ),
    _guard(
        "a deviation is closed over one open task",
        code(f"{QUALITY}no_open_task", "if record.open_tasks == 1:", "if False:"),
        "tests/quality/test_life.py::test_from_report_to_signature",
    ),
    _guard(
        "each side does the other's tasks",
        code(f"{QUALITY}by_its_own_side", "if (record.side == Side.CDMO) != actor.is_partner:", "if False:"),
        "tests/quality/test_tasks.py",
    ),
    _guard(
        "a partner amends the sponsor's report",
        code(f"{QUALITY}as_reported_by_its_own_side", "if actor.is_partner and", "if False and"),
        "tests/quality/test_refusals.py",
    ),
    _guard(
        "a partner lets a batch go",
        code("quality.services.holds:follow", "elif actor.is_partner:", "elif False:"),
        "tests/batches/test_holds.py",
        "tests/quality",
    ),
    _guard(
        "who sent the record releases",
        code(f"{BATCHES}released_by_a_second_person", "if actor.user == record.made_by:", "if False:"),
        "tests/batches/test_life.py",
        "tests/batches",
    ),
    _guard(
        "a batch on hold is released",
        code(f"{BATCHES}not_on_hold", "if not record.on_hold:", "if True:"),
        "tests/batches",
    ),
    _guard(
        "a batch is released before what went into it",
        code(f"{BATCHES}made_of_what_is_released", "if pending := sorted(_not_released(record)):", "if pending := ():"),
        "tests/batches/test_genealogy.py",
        "tests/batches",
    ),
    _guard(
        "a lot is available before its batch",
        code(f"{BATCHES}of_a_released_batch", "if record.batch.status != Batch.Status.RELEASED:", "if False:"),
        "tests/batches",
    ),
    _guard(
        "a hold of a deviation is lifted by hand",
        code(f"{BATCHES}held_by_a_person", "if _own_hold(record):", "if True:"),
        "tests/batches/test_holds.py",
    ),
    _guard(
        "who proposed the baseline approves it",
        code(f"{PLANS}approved_by_a_second_person", "if actor.user == record.proposed_by:", "if False:"),
        "tests/techtransfer/test_baseline.py",
    ),
    _guard(
        "anybody stands by a step's dates",
        code(f"{PLANS}of_the_actor", "if not actor.is_partner and", "if False and"),
        "tests/techtransfer/test_milestone.py",
    ),
    _guard(
        "a step that follows a batch is moved by hand",
        code(f"{PLANS}follows_no_batch", "if record.batch_id:", "if False:"),
        "tests/techtransfer/test_milestone.py",
    ),
    _guard(
        "what the world decides is adopted",
        code(
            f"{PLANS}of_what_can_be_planned",
            "if sentences := hindrances(parse(record.suppositions)):",
            "if sentences := ():",
        ),
        "tests/whatif/test_scenarios.py",
    ),
    _guard(
        "who sees some CDMOs moves the sponsor's own",
        code(
            f"{WORKFLOW}definition:Workflow.out_of_hand",
            "return [] if actor.cdmos is None or cdmo_of(record) in actor.cdmos else [OF_ALL]",
            "return []",
        ),
        "tests/techtransfer/test_out_of_hand.py",
    ),
    _guard(
        "a move is made from any state",
        code(f"{WORKFLOW}writing:perform", "if record.status not in move.sources:", "if False:"),
        "tests/contract/test_workflow.py",
    ),
    _guard(
        "a move waits for nothing",
        code(f"{WORKFLOW}writing:perform", "if unmet := workflow.unmet(move, record, by):", "if unmet := ():"),
        "tests/quality/test_refusals.py",
    ),
    _guard(
        "a move may lack what it requires",
        code(f"{WORKFLOW}writing:_refuse_gaps", 'getattr(record, name) in (None, "")', "False"),
        "tests/quality/test_refusals.py",
    ),
    _guard(
        "a record is amended in any state",
        code(f"{WORKFLOW}writing:demand_amendable", "if not workflow.amendable(record, by):", "if False:"),
        "tests/quality/test_refusals.py",
        f"{WORKSPACE} @ deviations-amend",
    ),
    _guard(
        "what has happened since does not keep from amending",
        code(f"{WORKFLOW}writing:demand_amendable", "for guard in workflow.amend_guards:", "for guard in ():"),
        "tests/quality/test_refusals.py",
    ),
    _guard(
        "an old version is written over",
        code(f"{WORKFLOW}writing:_locked", "if version is not None and record.version != version:", "if False:"),
        "tests/contract/test_workflow.py",
    ),
    _guard(
        "an amendment needs no reason",
        code(f"{WORKFLOW}writing:amend_record", "if is_blank(reason):", "if False:"),
        "tests/kernel/records/test_writes.py",
    ),
)
