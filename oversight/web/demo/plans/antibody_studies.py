"""MRF-101, what is not a batch: the transfer to Visp, the submissions, and the studies that wait at the end."""

from .places import ALLENTOWN, LEIDEN, VISP
from .recipes import WORKING
from .told import OURS, After, Place, Step

MARTA, ANDERS, HANNA, PASCAL = "marta.oliveira", "anders.lindqvist", "hanna.weiss", "pascal.renard"


def _transfer(
    key: str,
    title: str,
    days: tuple[int, int, int],
    *after: After,
    at: Place = VISP,
    late: int = 0,
    not_before: int | None = None,
) -> Step:
    return Step(
        key=key,
        title=title,
        step="TRANSFER",
        stage="TRANSFER",
        at=at,
        days=days,
        after=after,
        owner=ANDERS,
        late=late,
        not_before=not_before,
    )


TRANSFER = (
    _transfer("t-plan", "Transfer plan Basel to Visp", (8, 10, 15), at=OURS, not_before=-200),
    _transfer("t-gap", "Gap analysis of equipment and methods", (15, 20, 30), After("t-plan"), late=2),
    _transfer("t-fmea", "Process risk assessment", (8, 10, 15), After("t-gap", "SS", 10)),
    _transfer("t-criteria", "Acceptance criteria signed", (3, 5, 8), After("t-fmea"), After("t-gap"), at=OURS),
    _transfer("t-skid", "Chromatography skid, installation and qualification", (25, 35, 50), After("t-gap"), late=4),
    _transfer("t-methods", "In-process methods, co-validation", (20, 25, 40), After("t-criteria"), at=LEIDEN),
    _transfer("t-water", "Water run in Visp", (2, 3, 5), After("t-skid"), After("t-fmea")),
    _transfer("t-training", "Training of the shifts", (5, 8, 12), After("t-water", "SS"), After("t-water", "FF", 2)),
    _transfer("t-ready", "Ready for the first run", (0, 0, 0), After("t-training"), After("t-methods"), at=OURS),
    _transfer(
        "t-compare",
        "Comparability of Visp and Basel material",
        (15, 20, 30),
        After("DS21-test"),
        After("DS20-test", "FF", 10, WORKING),
        at=OURS,
    ),
    _transfer("t-report", "Transfer report", (8, 10, 15), After("t-compare"), After("DS21-release"), at=OURS),
)


def _study(
    code: str, name: str, kits: str, *, protocol: int, sites: int, approval: int, dossier: After, need: int
) -> tuple[Step, ...]:
    """From the protocol to the first patient."""
    return (
        Step(
            key=f"{code}-protocol",
            title=f"Protocol of {name}",
            step="CLINICAL",
            stage="STUDY",
            days=(20, 25, 40),
            owner=MARTA,
            not_before=protocol,
        ),
        Step(
            key=f"{code}-dossier",
            title=f"Quality dossier for {name}",
            step="REGULATORY",
            stage="SUBMISSION",
            days=(20, 25, 40),
            owner=PASCAL,
            after=(After(f"{code}-protocol", "FS"), dossier),
        ),
        Step(
            key=f"{code}-submission",
            title=f"Submission of {name}",
            step="REGULATORY",
            stage="SUBMISSION",
            owner=PASCAL,
            after=(After(f"{code}-dossier", "FS", 3, WORKING),),
        ),
        Step(
            key=f"{code}-approval",
            title=f"Approval of {name}",
            step="REGULATORY",
            stage="SUBMISSION",
            days=(approval - 10, approval, approval + 30),
            owner=PASCAL,
            every_day=True,
            after=(After(f"{code}-submission"),),
        ),
        Step(
            key=f"{code}-ethics",
            title=f"Ethics committees of {name}",
            step="REGULATORY",
            stage="SUBMISSION",
            days=(30, 40, 60),
            owner=MARTA,
            every_day=True,
            after=(After(f"{code}-submission", "SS"),),
        ),
        Step(
            key=f"{code}-sites",
            title=f"Contracts with {sites} sites, {name}",
            step="CLINICAL",
            stage="STUDY",
            days=(40, 55, 80),
            owner=MARTA,
            after=(After(f"{code}-protocol", "FS", -5),),
        ),
        Step(
            key=f"{code}-depots",
            title=f"Kits to the depots, {name}",
            step="SHIPMENT",
            stage="PACKAGED",
            at=ALLENTOWN,
            days=(3, 5, 9),
            owner=HANNA,
            every_day=True,
            after=(After(kits),),
            need_by=need - 10,
        ),
        Step(
            key=f"{code}-initiation",
            title=f"First sites initiated, {name}",
            step="CLINICAL",
            stage="STUDY",
            days=(8, 10, 15),
            owner=MARTA,
            after=(
                After(f"{code}-sites"),
                After(f"{code}-approval"),
                After(f"{code}-ethics"),
                After(f"{code}-depots", "FF", -2),
            ),
        ),
        Step(
            key=f"{code}-fpi",
            title=f"First patient in, {name}",
            step="CLINICAL",
            stage="STUDY",
            owner=MARTA,
            after=(After(f"{code}-depots", lag=5), After(f"{code}-initiation")),
            need_by=need,
        ),
    )


STEPS = (
    *_study(
        "202",
        "MRF-101-202",
        "PK7-release",
        protocol=-170,
        sites=24,
        approval=60,
        dossier=After("DS13-release"),
        need=90,
    ),
    *_study(
        "203",
        "MRF-101-203",
        "PK8-release",
        protocol=-120,
        sites=9,
        approval=45,
        dossier=After("DS16-release"),
        need=125,
    ),
    *_study(
        "301", "MRF-101-301", "PK9-release", protocol=-20, sites=60, approval=50, dossier=After("t-compare"), need=170
    ),
    # Vials wait at Parma until the packer takes them: it ends when packing begins.
    Step(
        key="store",
        title="Interim store of drug product 9 in Parma",
        step="OTHER",
        stage="DP",
        at=("Sterivale", "Parma, line 2"),
        days=(5, 10, 40),
        owner=HANNA,
        every_day=True,
        after=(After("DP9-make"), After("PK6-make", "SF")),
    ),
)
