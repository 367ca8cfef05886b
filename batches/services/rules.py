"""By when a batch asks for what: the defaults, until a sponsor or an agreement says otherwise."""

from oversight.kernel.clocks.calendar import Unit
from oversight.kernel.clocks.rules import Rule, Side

RECORD = Rule(
    "batch-record",
    "Batch record",
    15,
    Unit.WORKING_DAYS,
    Side.CDMO,
    escalates_to="the site head of the CDMO",
)
REVIEW = Rule(
    "record-review",
    "Review of the batch record",
    15,
    Unit.WORKING_DAYS,
    Side.SPONSOR,
    escalates_to="the sponsor's QA director",
)
LIFE = (RECORD, REVIEW)  # in the order in which they are set
