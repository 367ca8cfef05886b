"""The record kinds of the house, one line each, in the order of the navigation."""

from batches.pages import BatchPages, GenealogyPages
from batches.records import BATCH, CAMPAIGN, GENEALOGY, LOT
from cdmos.records import CDMO, CONTACT, SITE
from oversight.kernel.records.exports import offer
from oversight.kernel.records.kind import RecordKind
from oversight.kernel.records.urls import record_pages
from oversight.kernel.search.sources import index
from oversight.roles import declare, declare_signed
from quality.pages import DeviationPages
from quality.records import DEVIATION, RESPONSE_TASK
from techtransfer.pages import BaselinePages, LinkPages, StepPages, StudyPages
from techtransfer.programme_pages import ProgrammePages
from techtransfer.records import (
    BASELINE,
    CHECK_IN,
    CLOSURE,
    DEPENDENCY,
    EARLY_WARNING,
    IMPACT_ALERT,
    MILESTONE,
    PRODUCT,
    PROGRAMME,
    SCENARIO,
    SLOT,
    STUDY,
)
from techtransfer.warning_pages import CheckInPages, WarningPages
from techtransfer.whatif_pages import ScenarioPages

KINDS: tuple[RecordKind, ...] = (
    CDMO,
    SITE,
    CONTACT,
    PROGRAMME,
    MILESTONE,
    EARLY_WARNING,
    CHECK_IN,
    IMPACT_ALERT,
    PRODUCT,
    STUDY,
    DEPENDENCY,
    BASELINE,
    SCENARIO,
    SLOT,
    CLOSURE,
    BATCH,
    CAMPAIGN,
    LOT,
    GENEALOGY,
    DEVIATION,
    RESPONSE_TASK,
)
PAGES = record_pages(
    KINDS,
    own={
        BATCH.slug: BatchPages,
        GENEALOGY.slug: GenealogyPages,
        DEVIATION.slug: DeviationPages,
        PROGRAMME.slug: ProgrammePages,
        MILESTONE.slug: StepPages,
        CHECK_IN.slug: CheckInPages,
        DEPENDENCY.slug: LinkPages,
        STUDY.slug: StudyPages,
        EARLY_WARNING.slug: WarningPages,
        BASELINE.slug: BaselinePages,
        SCENARIO.slug: ScenarioPages,
    },
)

offer(KINDS)
index(KINDS)
for kind in KINDS:
    declare(kind.capability, kind.capabilities)
    for transition in kind.workflow.transitions:
        if transition.signed_as:
            declare_signed(transition.capability)
