"""MRF-310, the tablet: substance and tablets from Galway, validated for launch, packed in Allentown."""

from .places import ALLENTOWN, QUILLMERE
from .recipes import Recipe, Turn, batch
from .told import After, BaselineTold, LotTold, ProgrammeTold, Step, StudyTold

MARTA, ANDERS, HANNA, PASCAL = "marta.oliveira", "anders.lindqvist", "hanna.weiss", "pascal.renard"
SUBSTANCE = Recipe(
    stage="DS",
    name="Substance",
    at=QUILLMERE,
    scale="180 kg",
    unit="KILOGRAMS",
    target=180,
    months=48,
    make=(12, 15, 20),
    prepare=("Starting materials", (10, 15, 30)),
    number="QA-{:04}",
    test=(QUILLMERE, (6, 8, 12)),
    location="Quillmere Galway, dry store",
)
TABLETS = Recipe(
    stage="DP",
    name="Tablets",
    at=QUILLMERE,
    scale="400,000 tablets",
    unit="TABLETS",
    target=400_000,
    months=36,
    make=(5, 7, 10),
    prepare=("Excipients and foil", (8, 10, 20)),
    number="QT-{:04}",
    test=(QUILLMERE, (6, 8, 12)),
    location="Quillmere Galway, dry store",
)
PACKED = Recipe(
    stage="PACKAGED",
    name="Bottles",
    at=ALLENTOWN,
    scale="6,000 kits",
    unit="KITS",
    target=6000,
    months=30,
    make=(4, 6, 10),
    prepare=("Bottles and labels", (8, 10, 20)),
    number="PM-T{:02}",
    record=(3, 4, 7),
    release=(3, 4, 6),
    location="Packmoor Allentown",
    owner=HANNA,
    kind="PACK_LABEL",
)
CAPPING = "Tablets cap at the third of five hardness settings; granules were too dry."

A1 = batch(SUBSTANCE, Turn(n=1, at=-330, number=11))
A2 = batch(SUBSTANCE, Turn(n=2, at=-210, number=12, recorded=2))
A3 = batch(SUBSTANCE, Turn(n=3, at=-104, number=13, purpose="PPQ"))
A4 = batch(SUBSTANCE, Turn(n=4, at=-12, number=14, purpose="PPQ", slip=1))
T1 = batch(TABLETS, Turn(n=1, at=-255, number=101, of=((A1, "58"),)))
T2 = batch(TABLETS, Turn(n=2, at=-215, number=102, of=((A1, "58"),), rejected=CAPPING, share="0.933"))
T3 = batch(TABLETS, Turn(n=3, at=-170, number=103, of=((A1, "58"),), replaces="DP2"))
T4 = batch(TABLETS, Turn(n=4, at=-46, number=110, of=((A3, "58"),), purpose="PPQ"))
T5 = batch(TABLETS, Turn(n=5, at=-6, number=111, of=((A3, "58"),), purpose="PPQ"))
T6 = batch(TABLETS, Turn(n=6, at=48, number=112, of=((A4, "58"),), purpose="PPQ"))
LOTS = (LotTold("MRF-310-301", 2600, "Depot Memphis"), LotTold("MRF-310-301", 2200, "Depot Leipzig"))
B1 = batch(PACKED, Turn(n=1, at=-125, number=1, of=((T3, "180000"),), ship="Bulk tablets to Allentown", lots=LOTS))
B2 = batch(PACKED, Turn(n=2, at=22, number=2, of=((T4, "180000"),), ship="Bulk tablets to Allentown"))
MADE = (A1, A2, A3, A4, T1, T2, T3, T4, T5, T6, B1, B2)
STEPS = (
    Step(
        key="cleaning",
        title="Cleaning validation of the coater",
        step="VALIDATION",
        stage="DP",
        at=QUILLMERE,
        days=(15, 20, 30),
        owner=ANDERS,
        after=(After(T4.batch.make, "SS"),),
    ),
    Step(
        key="ppq",
        title="Validation report of three runs",
        step="VALIDATION",
        stage="SUBMISSION",
        at=QUILLMERE,
        days=(12, 15, 25),
        owner=ANDERS,
        after=(T4.released, T5.released, T6.released, After("cleaning")),
    ),
    Step(
        key="dossier",
        title="Module 3 for launch",
        step="REGULATORY",
        stage="SUBMISSION",
        days=(20, 30, 45),
        owner=PASCAL,
        after=(After("ppq", "FF", 5), After(T5.batch.release)),
        need_by=150,
    ),
    Step(
        key="sites",
        title="Sites of MRF-310-302 contracted",
        step="CLINICAL",
        stage="STUDY",
        days=(40, 55, 80),
        owner=MARTA,
        not_before=-60,
    ),
    Step(
        key="delivery",
        title="Kits at the depots, MRF-310-302",
        step="SHIPMENT",
        stage="PACKAGED",
        at=ALLENTOWN,
        days=(3, 5, 9),
        owner=HANNA,
        every_day=True,
        after=(B2.released,),
    ),
    Step(
        key="fpi",
        title="First patient in, MRF-310-302",
        step="CLINICAL",
        stage="STUDY",
        owner=MARTA,
        after=(After("delivery", lag=5), After("sites", lag=3)),
        need_by=60,
    ),
)
TABLET = ProgrammeTold(
    code="MRF-310",
    name="Oral complement inhibitor",
    modality="SMALL_MOLECULE",
    dosage_form="TABLET",
    description="Film-coated tablet of 50 mg, twice a day.",
    title="MRF-310 validation and launch",
    phase="PHASE_3",
    markets=("market_us", "market_eu", "market_uk", "market_ch"),
    about="Three validation runs in Galway, and kits for the long-term study.",
    lead="marta.oliveira",
    planner="anders.lindqvist",
    founded=365,
    opened=100,
    steps=(*(step for made in MADE for step in made.steps), *STEPS),
    batches=tuple(made.batch for made in MADE),
    studies=(
        StudyTold("MRF-310-301", "Phase 3, efficacy", "", -118),
        StudyTold("MRF-310-302", "Phase 3, long-term safety", "fpi", 49),
    ),
    baselines=(BaselineTold(58, "Baseline 1", "Three runs in a row, agreed with Quillmere."),),
    approver="ingrid.solvang",
)
