"""What was made of MRF-101 over two years, from the first engineering run to what is tested now, and how."""

from .places import ALLENTOWN, BASEL, LEIDEN, LINE_2
from .recipes import Made, Recipe, Turn, batch
from .told import LotTold

LINE = "Line 2"
SUBSTANCE = Recipe(
    stage="DS",
    name="Drug substance",
    at=BASEL,
    scale="2,000 L",
    unit="KILOGRAMS",
    target=6,
    months=36,
    make=(22, 24, 30),
    prepare=("Media, resins and bags", (15, 20, 30)),
    number="CB-DS-{:04}",
    test=(LEIDEN, (12, 15, 22)),
    location="Corvane Basel, −70 °C",
)
FILLED = Recipe(
    stage="DP",
    name="Drug product",
    at=LINE_2,
    scale="6,000 vials",
    unit="VIALS",
    target=6000,
    months=24,
    make=(2, 3, 5),
    prepare=("Vials, stoppers and caps", (15, 20, 35)),
    number="SV-{:04}",
    test=(LEIDEN, (14, 16, 25)),
    location="Sterivale Parma, 2–8 °C",
    kind="FILL_FINISH",
)
PACKED = Recipe(
    stage="PACKAGED",
    name="Clinical kits",
    at=ALLENTOWN,
    scale="900 kits",
    unit="KITS",
    target=900,
    months=18,
    make=(4, 6, 10),
    prepare=("Labels and randomisation list", (12, 15, 25)),
    number="PM-K{:03}",
    record=(4, 5, 8),
    release=(3, 4, 6),
    location="Packmoor Allentown, 2–8 °C",
    owner="hanna.weiss",
    kind="PACK_LABEL",
)
BIOBURDEN = "Bioburden of the harvest above its limit; it came with the seed train. Nothing of it can be used."
PARTICLES = "Visible particles in more vials than the limit allows; the stopper bowl shed them."


def _substance() -> list[Made]:
    """Every five weeks; the third was rejected and made again."""
    return [
        batch(
            SUBSTANCE,
            Turn(
                n=n,
                at=-690 + 35 * n,
                slip=(0, 2, 0, 5, 1)[n % 5],
                late=(0, 1, 3, 0)[n % 4],
                tested=(0, 2, 0)[n % 3],
                recorded=(0, 4, 1, 0, 6)[n % 5],
                number=225 + 3 * n,
                purpose="ENGINEERING" if n < 3 else "CLINICAL",
                campaign="first" if n < 12 else "second",
                rejected=BIOBURDEN if n == 3 else "",
                replaces="DS3" if n == 4 else "",
                share="0.412" if n == 3 else "",
            ),
        )
        for n in range(1, 18)
    ]


DS = _substance()
# Of which drug substance, in which week, and whether it was rejected.
FILLS = (
    ((4, 5), -62, ""),
    ((6,), -57, PARTICLES),
    ((6,), -52, ""),
    ((7, 8), -47, ""),
    ((9,), -41, ""),
    ((10, 11), -32, ""),
    ((12, 13), -22, ""),
    ((14, 15), -12, ""),
    ((16, 17), -2, ""),
)


def _filled() -> list[Made]:
    return [
        batch(
            FILLED,
            Turn(
                n=n,
                at=7 * week,
                number=2203 + 7 * n,
                of=tuple((DS[source - 1], "2.4") for source in sources),
                line=LINE,
                ship="Frozen drug substance to Parma",
                recorded=8 if n == len(FILLS) else (0, 2, 0)[n % 3],
                tested=(0, 0, 3)[n % 3],
                rejected=rejected,
                replaces="DP2" if n == 3 else "",
            ),
        )
        for n, (sources, week, rejected) in enumerate(FILLS, 1)
    ]


DP = _filled()
DEPOTS = ("Depot Leipzig", "Depot Memphis", "Depot Leipzig", "Depot Osaka")


def _packed() -> list[Made]:
    return [
        batch(
            PACKED,
            Turn(
                n=n,
                at=at,
                number=10 + n,
                of=((DP[source - 1], "1900"),),
                ship="Vials to Allentown",
                lots=(LotTold("MRF-101-201", 420, DEPOTS[n - 1]), LotTold("MRF-101-201", 380, DEPOTS[n % 4])),
                recorded=(0, 1)[n % 2],
            ),
        )
        for n, (source, at) in enumerate(((4, -255), (5, -222), (6, -162), (7, -95)), 1)
    ]


PK = _packed()
