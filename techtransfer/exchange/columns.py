"""The columns of a plan in a table: what each is called, takes and says. Templates and docs print them."""

from dataclasses import dataclass

from techtransfer.models import Closure, Dependency, Milestone

STEPS, LINKS, CLOSURES, NOTES = "Steps", "Dependencies", "Closures", "Notes"

TEXT, NUMBER, DAY, CHOICE, READ_ONLY = "text", "whole number", "date", "one of", "not read"

STAGE = {str(code): str(label) for code, label in Milestone.Stage.choices}
STEP = {str(code): str(label) for code, label in Milestone.Step.choices}
CALENDAR = {str(code): str(label) for code, label in Milestone.Calendar.choices}
LINK = {str(code): str(label) for code, label in Dependency.Link.choices}
LAG_UNIT = {"WORKING": "Working days", "ELAPSED": "Elapsed days"}
WHY = {str(code): str(label) for code, label in Closure.Reason.choices}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading, the field that it fills, and what a cell of it holds."""

    heading: str
    name: str
    kind: str
    says: str
    choices: dict[str, str] | None = None
    required: bool = False  # the table is refused without it
    longest: int = 160


STEP_COLUMNS = (
    Column("ID", "id", TEXT, "Your own name of the step, once in the file. By it the step is found again.", None, True),
    Column("Title", "title", TEXT, "What is done.", None, True),
    Column("Stage", "stage", CHOICE, "Where in the chain it belongs.", STAGE),
    Column("Kind", "step", CHOICE, "What kind of step it is.", STEP),
    Column("Partner", "partner", TEXT, "The CDMO by name or number; empty: your own people.", longest=120),
    Column("Site", "site", TEXT, "The partner's site by name or number.", longest=120),
    Column("Calendar", "calendar", CHOICE, "Which days count. Empty: working days of the site.", CALENDAR),
    Column("Fill line", "line", TEXT, "If it needs a slot of a fill line: the line's name.", longest=60),
    Column("Duration", "duration_days", NUMBER, "Days of the calendar; 0: a moment.", None, True),
    Column("Optimistic", "optimistic_days", NUMBER, "The shortest duration, in the same days."),
    Column("Pessimistic", "pessimistic_days", NUMBER, "The longest duration, in the same days."),
    Column("Not before", "earliest_start", DAY, "It begins on no earlier day."),
    Column("Needed by", "need_by", DAY, "When somebody needs it; nothing is moved for it."),
    Column("Planned start", "planned_start", DAY, "What you reckon with; it holds nothing back."),
    Column("Planned end", "planned_end", DAY, "The last day."),
    Column("Started", "actual_start", DAY, "The day on which it began."),
    Column("Finished", "actual_end", DAY, "Its last day."),
    Column("Partner's date", "partner_end", DAY, "When the partner says that it will end."),
)
PREDECESSORS = Column(
    "Predecessors",
    "predecessors",
    TEXT,
    "What it waits for, as Microsoft Project writes it: 12FS+3d;14SS. d: working days, ed: elapsed days.",
    longest=20_000,
)
LINK_NOTES = Column(
    "Predecessor notes",
    "notes",
    TEXT,
    "The notes of these dependencies in their order, as a JSON list.",
    longest=60_000,
)
TOLD_COLUMNS = (
    Column("Number", "number", READ_ONLY, "The step's number here."),
    Column("Status", "status", READ_ONLY, "How far it is."),
    Column("Forecast start", "forecast_start", READ_ONLY, "As computed last."),
    Column("Forecast end", "forecast_end", READ_ONLY, "As computed last."),
    Column("Baseline start", "baseline_start", READ_ONLY, "A baseline is signed here, never imported."),
    Column("Baseline end", "baseline_end", READ_ONLY, "A baseline is signed here, never imported."),
)
LINK_COLUMNS = (
    Column("Predecessor", "before", TEXT, "The ID of the step before.", None, True, 60),
    Column("Successor", "after", TEXT, "The ID of the step after.", None, True, 60),
    Column("Type", "link", CHOICE, "FS, SS, FF or SF. Empty: FS.", LINK),
    Column("Lag", "lag_days", NUMBER, "Days between them; negative: they overlap."),
    Column("Lag unit", "lag_unit", CHOICE, "Which days the lag counts. Empty: working days.", LAG_UNIT),
    Column("Note", "note", TEXT, "Why they are linked.", longest=200),
)
CLOSURE_COLUMNS = (
    Column("Partner", "partner", TEXT, "The CDMO by name or number.", None, True, 120),
    Column("Site", "site", TEXT, "Its site by name or number.", None, True, 120),
    Column("Title", "title", TEXT, "What the closure is called.", None, True, 120),
    Column("Kind", "why", CHOICE, "Why it is closed. Empty: planned shutdown.", WHY),
    Column("First day", "starts_on", DAY, "The first day without work.", None, True),
    Column("Last day", "ends_on", DAY, "The last day without work.", None, True),
)
CSV_COLUMNS = (*STEP_COLUMNS, PREDECESSORS, LINK_NOTES)
SHEETS = {STEPS: STEP_COLUMNS, LINKS: LINK_COLUMNS, CLOSURES: CLOSURE_COLUMNS}
STEP_FIELDS = tuple(column.name for column in STEP_COLUMNS if column.name != "id")
