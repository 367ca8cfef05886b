"""The record kinds of the house, one line each, in the order of the navigation."""

from cdmos.records import CDMO, CONTACT, SITE
from oversight.kernel.records.exports import offer
from oversight.kernel.records.kind import RecordKind
from oversight.kernel.records.urls import record_pages
from oversight.kernel.search.sources import index
from oversight.roles import declare, declare_signed
from quality.pages import DeviationPages
from quality.records import DEVIATION, RESPONSE_TASK

KINDS: tuple[RecordKind, ...] = (
    CDMO,
    SITE,
    CONTACT,
    DEVIATION,
    RESPONSE_TASK,
)
PAGES = record_pages(KINDS, own={DEVIATION.slug: DeviationPages})

offer(KINDS)
index(KINDS)
for kind in KINDS:
    declare(kind.capability, kind.capabilities)
    for transition in kind.workflow.transitions:
        if transition.signed_as:
            declare_signed(transition.capability)
