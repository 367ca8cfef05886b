"""MRF-101, the antibody: drug substance in Basel and Visp, filled in Parma, tested in Leiden, packed in Allentown."""

from .antibody_past import DP, DS, FILLED, LINE, PACKED, PK, SUBSTANCE
from .antibody_studies import STEPS, TRANSFER
from .places import BASEL, LINE_2, VISP
from .recipes import Made, Turn, batch
from .told import BaselineTold, LotTold, ProgrammeTold, SlotTold, StudyTold, WordTold

# Its record was late by a week, and its review takes its time.
DS18 = batch(SUBSTANCE, Turn(n=18, at=-68, slip=2, late=1, recorded=5, reviewed=30, number=279, campaign="third"))
# Stopped at capture on its thirteenth day, and held since.
DS19 = batch(SUBSTANCE, Turn(n=19, at=-46, slip=6, late=40, number=282, campaign="third"))
# In process, and nothing stands against it: study 203 waits for it.
DS20 = batch(SUBSTANCE, Turn(n=20, at=-17, slip=3, number=285, campaign="third"))
# The first of 2,000 L in Visp: the Phase 3 submission compares it with Basel.
DS21 = batch(
    SUBSTANCE,
    Turn(n=21, at=-9, late=40, number=288, purpose="ENGINEERING", campaign="visp", site=VISP),
)
DS22 = batch(SUBSTANCE, Turn(n=22, at=24, number=291, campaign="third"))
DS23 = batch(SUBSTANCE, Turn(n=23, at=59, number=294, campaign="third"))

DP10 = batch(
    FILLED, Turn(n=10, at=3, of=((DS18, "2.4"),), line=LINE, number=2273, ship="Frozen drug substance to Parma")
)
DP11 = batch(
    FILLED, Turn(n=11, at=24, of=((DS19, "4.8"),), line=LINE, number=2280, ship="Frozen drug substance to Parma")
)
DP12 = batch(
    FILLED, Turn(n=12, at=52, of=((DS20, "4.8"),), line=LINE, number=2287, ship="Frozen drug substance to Parma")
)
DP13 = batch(
    FILLED, Turn(n=13, at=94, of=((DS22, "4.8"),), line=LINE, number=2294, ship="Frozen drug substance to Parma")
)

PK5 = batch(
    PACKED,
    Turn(
        n=5,
        at=-34,
        slip=1,
        number=15,
        of=((DP[7], "1900"),),
        ship="Vials to Allentown",
        lots=(LotTold("MRF-101-201", 450, "Depot Leipzig"),),
    ),
)
PK6 = batch(PACKED, Turn(n=6, at=26, number=16, of=((DP[8], "1900"),), ship="Vials to Allentown"))
PK7 = batch(PACKED, Turn(n=7, at=58, number=17, of=((DP11, "1900"),), ship="Vials to Allentown"))
PK8 = batch(PACKED, Turn(n=8, at=86, number=18, of=((DP12, "1900"),), ship="Vials to Allentown"))
PK9 = batch(PACKED, Turn(n=9, at=128, number=19, of=((DP13, "1900"), (DP10, "1200")), ship="Vials to Allentown"))

NOW = (DS18, DS19, DS20, DS21, DS22, DS23, DP10, DP11, DP12, DP13, PK5, PK6, PK7, PK8, PK9)
MADE: tuple[Made, ...] = (*DS, *DP, *PK, *NOW)
SLOTS = (
    *(SlotTold(week, f"DP{n}-make") for n, week in ((7, -22), (8, -12), (9, -2))),
    SlotTold(1, "DP10-make"),
    SlotTold(3, "DP11-make"),
    SlotTold(5, lost=(19, "giulia.marenco", "Given to another client before anybody had asked for it.")),
    SlotTold(7),
    SlotTold(8, "DP12-make"),
    SlotTold(9),
    SlotTold(11),
    SlotTold(13),
    SlotTold(14, "DP13-make"),
    *(SlotTold(week) for week in range(16, 48, 2)),
)
ANTIBODY = ProgrammeTold(
    code="MRF-101",
    name="Anti-IL-33 antibody",
    modality="ANTIBODY",
    dosage_form="SOLUTION",
    description="Human antibody against interleukin 33, for severe asthma; 150 mg/mL in a vial.",
    title="MRF-101 supply chain",
    phase="PHASE_2",
    markets=("market_us", "market_eu", "market_jp"),
    about="Phase 2b and what Phase 3 needs: Basel makes, Parma fills, Leiden tests, Allentown packs.",
    lead="marta.oliveira",
    planner="anders.lindqvist",
    founded=724,
    opened=210,
    steps=(*(step for made in MADE for step in made.steps), *TRANSFER, *STEPS),
    batches=tuple(made.batch for made in MADE),
    studies=(
        StudyTold("MRF-101-201", "Phase 2a, mild asthma", "", -228),
        StudyTold("MRF-101-202", "Phase 2b, dose finding in severe asthma", "202-fpi", 84),
        StudyTold("MRF-101-203", "Phase 2, Japanese patients", "203-fpi", 112),
        StudyTold("MRF-101-301", "Phase 3, exacerbations over a year", "301-fpi", 160),
    ),
    baselines=(
        BaselineTold(196, "Baseline 2", "Parma takes line 2 into use; everything after it moves to its slots."),
        BaselineTold(84, "Baseline 3", "Agreed with all partners after the second campaign in Basel."),
    ),
    approver="ingrid.solvang",
    line=(LINE_2, LINE, 5),
    slots=SLOTS,
    campaigns={
        "first": ("First campaign, 2,000 L", BASEL),
        "second": ("Second campaign, 2,000 L", BASEL),
        "third": ("Third campaign, 2,000 L", BASEL),
        "visp": ("Comparability runs in Visp", VISP),
    },
    words=(
        WordTold("DS22-make", 20, "jonas.iten"),
        WordTold("DS20-make", 5, "jonas.iten"),
        WordTold("DP13-ready", 6, "giulia.marenco", 78, "The caps come from the second supplier, two weeks later."),
    ),
    checks=(44, 12),
)
