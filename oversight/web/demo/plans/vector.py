"""MRF-204, the vector: made and filled in Stevenage, tested there and in Leiden, packed in Allentown."""

from .places import ALLENTOWN, LEIDEN, STEVENAGE
from .recipes import WORKING, Recipe, Turn, batch
from .told import After, BaselineTold, LotTold, ProgrammeTold, Step, StudyTold, WordTold

MARTA, ANDERS, HANNA, PASCAL = "marta.oliveira", "anders.lindqvist", "hanna.weiss", "pascal.renard"
SUBSTANCE = Recipe(
    stage="DS",
    name="Vector bulk",
    at=STEVENAGE,
    scale="500 L",
    unit="VECTOR_GENOMES",
    target=900,
    months=24,
    make=(17, 20, 27),
    prepare=("Plasmids and cells", (20, 25, 40)),
    number="NV-{:03}",
    test=(STEVENAGE, (14, 18, 28)),
    record=(9, 12, 18),
    location="Noxbury Stevenage, −80 °C",
)
FILLED = Recipe(
    stage="DP",
    name="Vector vials",
    at=STEVENAGE,
    scale="240 vials",
    unit="VIALS",
    target=240,
    months=18,
    make=(1, 2, 4),
    prepare=("Vials and closures", (8, 10, 20)),
    number="NVF-{:03}",
    test=(LEIDEN, (12, 15, 24)),
    location="Noxbury Stevenage, −80 °C",
    kind="FILL_FINISH",
)
PACKED = Recipe(
    stage="PACKAGED",
    name="Patient kits",
    at=ALLENTOWN,
    scale="60 kits",
    unit="KITS",
    target=60,
    months=12,
    make=(2, 3, 6),
    prepare=("Labels", (8, 10, 18)),
    number="PM-V{:02}",
    record=(3, 4, 7),
    release=(3, 4, 6),
    location="Packmoor Allentown, −70 °C",
    owner=HANNA,
    kind="PACK_LABEL",
)
ENDOTOXIN = "Endotoxin eight times over its limit; a resin of the second column was not sanitised."

POTENCY = (27, "ingrid.solvang", "Potency at 71% of the reference: nothing is decided before the joint investigation.")

V1 = batch(SUBSTANCE, Turn(n=1, at=-545, number=14, purpose="ENGINEERING"))
V2 = batch(SUBSTANCE, Turn(n=2, at=-460, slip=3, number=19, tested=4))
V3 = batch(SUBSTANCE, Turn(n=3, at=-385, number=23, rejected=ENDOTOXIN, share="0.62"))
V4 = batch(SUBSTANCE, Turn(n=4, at=-325, number=27, replaces="DS3", recorded=5))
V5 = batch(SUBSTANCE, Turn(n=5, at=-250, number=28, late=2))
# Potency under its limit in Stevenage: the quality unit holds it.
V6 = batch(
    SUBSTANCE, Turn(n=6, campaign="suite", at=-96, slip=4, number=29, tested=6, recorded=6, reviewed=60, held=POTENCY)
)
# Empty capsids: held since a critical deviation.
V7 = batch(SUBSTANCE, Turn(n=7, campaign="suite", at=-62, slip=3, late=1, number=30, tested=60))
# In process, and nothing stands against it: study 102 waits for it.
V8 = batch(SUBSTANCE, Turn(n=8, campaign="suite", at=-21, slip=6, number=31))
V9 = batch(SUBSTANCE, Turn(n=9, campaign="suite", at=32, number=32))
F1 = batch(FILLED, Turn(n=1, at=-380, number=3, of=((V2, "700"),), ship="Bulk to the filling suite"))
F2 = batch(FILLED, Turn(n=2, at=-245, number=4, of=((V4, "720"),), ship="Bulk to the filling suite"))
F3 = batch(FILLED, Turn(n=3, at=-168, number=5, of=((V5, "700"),), ship="Bulk to the filling suite", tested=2))
F4 = batch(FILLED, Turn(n=4, at=12, number=6, of=((V7, "760"),), ship="Bulk to the filling suite"))
F5 = batch(FILLED, Turn(n=5, at=40, number=7, of=((V8, "760"),), ship="Bulk to the filling suite"))
LOTS = (LotTold("MRF-204-100", 22, "Hospital Lyon"), LotTold("MRF-204-100", 20, "Hospital Utrecht"))
K1 = batch(PACKED, Turn(n=1, at=-120, number=1, of=((F3, "110"),), ship="Frozen vials to Allentown", lots=LOTS))
K2 = batch(PACKED, Turn(n=2, at=48, number=2, of=((F4, "110"),), ship="Frozen vials to Allentown"))
K3 = batch(PACKED, Turn(n=3, at=78, number=3, of=((F5, "110"),), ship="Frozen vials to Allentown"))
MADE = (V1, V2, V3, V4, V5, V6, V7, V8, V9, F1, F2, F3, F4, F5, K1, K2, K3)


def _study(code: str, name: str, kits: After, *, protocol: int, need: int) -> tuple[Step, ...]:
    return (
        Step(
            key=f"{code}-amendment",
            title=f"Protocol of {name}",
            step="CLINICAL",
            stage="STUDY",
            days=(15, 20, 30),
            owner=MARTA,
            not_before=protocol,
        ),
        Step(
            key=f"{code}-approval",
            title=f"Approval of {name}, with the gene therapy committee",
            step="REGULATORY",
            stage="SUBMISSION",
            days=(50, 65, 100),
            owner=PASCAL,
            every_day=True,
            after=(After(f"{code}-amendment", "FS", 5, WORKING),),
        ),
        Step(
            key=f"{code}-clinic",
            title=f"Clinic ready for {name}",
            step="CLINICAL",
            stage="STUDY",
            days=(8, 12, 20),
            owner=MARTA,
            after=(After(f"{code}-approval", "SS", 20), After(f"{code}-approval", "FF", 5)),
        ),
        Step(
            key=f"{code}-delivery",
            title=f"Kits at the clinic, {name}",
            step="SHIPMENT",
            stage="PACKAGED",
            at=ALLENTOWN,
            days=(2, 3, 5),
            owner=HANNA,
            every_day=True,
            after=(kits,),
            need_by=need - 5,
        ),
        Step(
            key=f"{code}-fpi",
            title=f"First patient in, {name}",
            step="CLINICAL",
            stage="STUDY",
            owner=MARTA,
            after=(After(f"{code}-delivery", lag=4), After(f"{code}-clinic")),
            need_by=need,
        ),
    )


STUDIES = (
    *_study("101", "MRF-204-101, cohort 2", K2.released, protocol=-140, need=70),
    *_study("102", "MRF-204-102", K3.released, protocol=-90, need=105),
)
VECTOR = ProgrammeTold(
    code="MRF-204",
    name="AAV vector, factor VII",
    modality="VIRAL_VECTOR",
    dosage_form="SUSPENSION",
    description="Adeno-associated vector with the gene of factor VII, one infusion.",
    title="MRF-204 supply of two cohorts",
    phase="PHASE_1",
    markets=("market_eu", "market_uk"),
    about="One line in Stevenage makes and fills; slots of the suite are scarce in spring.",
    lead="marta.oliveira",
    planner="anders.lindqvist",
    founded=590,
    opened=140,
    steps=(*(step for made in MADE for step in made.steps), *STUDIES),
    batches=tuple(made.batch for made in MADE),
    studies=(
        StudyTold("MRF-204-100", "Phase 1/2, cohort 1", "", -196),
        StudyTold("MRF-204-101", "Phase 1/2, cohort 2", "101-fpi", 62),
        StudyTold("MRF-204-102", "Phase 1/2, children from six years", "102-fpi", 96),
    ),
    baselines=(BaselineTold(66, "Baseline 1", "Dates of both cohorts as agreed with Noxbury in September."),),
    approver="ingrid.solvang",
    campaigns={"suite": ("Four bulk runs in a row", STEVENAGE)},
    words=(
        WordTold("DS9-ready", 9, "tom.ackerley"),
        WordTold("DP5-ready", 2, "tom.ackerley", 16, "The closures arrive a week later than promised."),
    ),
    checks=(40,),
)
