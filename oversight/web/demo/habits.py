"""How each partner of the demo world works, and how its people and the sponsors' write; all invented.

The habits are what later figures will find: one partner tells late, one is sent back often, one contains slowly, one is
quick and tidy.
"""

from collections.abc import Callable
from dataclasses import dataclass

from .people import MARROWFEN, TARN
from .tales import Tale
from .tales_after import PACKING, TESTING
from .tales_filling import FILLING
from .tales_substance import SUBSTANCE
from .tales_tablets import TABLETS
from .tales_vectors import VECTORS


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """One partner at one sponsor: how many stories, by whom, and how well it does what is asked of it."""

    cdmo: str
    sites: tuple[tuple[str, int], ...]  # name, and since how many days it reports
    tales: tuple[Tale, ...]
    count: int
    people: tuple[str, ...]  # who report and answer
    number: Callable[[float], str]  # its own number, by the share of the time that has passed
    hour: int = 7  # UTC, when its day begins
    told: tuple[int, int] = (20, 240)  # minutes until it tells
    told_late: float = 0.05  # how often it tells past the limit
    contained: tuple[int, int] = (35, 58)  # minutes until the last action
    contained_late: float = 0.08
    answered: tuple[int, int] = (9, 26)  # days until the root cause
    answered_late: float = 0.06
    returned: tuple[float, float] = (0.15, 0.02)  # how often once, and how often twice
    void: float = 0.05


def _counted(form: str, first: int, last: int) -> Callable[[float], str]:
    return lambda share: form.format(round(first + (last - first) * share))


CORVANE, NOXBURY, STERIVALE = "Corvane Biologics", "Noxbury Vectors", "Sterivale"
PELTRAQ, PACKMOOR, QUILLMERE = "Peltraq Analytical", "Packmoor Logistics", "Quillmere Pharma"
HABITS = {
    MARROWFEN: (
        Habit(
            cdmo=CORVANE,
            sites=(("Basel", 715), ("Visp", 285)),
            tales=SUBSTANCE,
            count=66,
            people=("lena.brunner", "jonas.iten", "mirjam.zurbriggen"),
            number=_counted("CB-{:04}", 312, 1180),
        ),
        Habit(
            cdmo=NOXBURY,
            sites=(("Stevenage", 580),),
            tales=VECTORS,
            count=40,
            people=("grace.whitlock", "tom.ackerley"),
            number=_counted("NX-DEV-{:03}", 11, 138),
            told=(180, 1300),
            told_late=0.45,
            contained=(40, 59),
            returned=(0.2, 0.05),
        ),
        Habit(
            cdmo=STERIVALE,
            sites=(("Parma, line 3", 640),),
            tales=FILLING,
            count=44,
            people=("paolo.ferrante", "giulia.marenco"),
            number=_counted("ST-{:04}", 1402, 1815),
            contained_late=0.15,
            answered=(16, 29),
            answered_late=0.2,
            returned=(0.4, 0.25),
        ),
        Habit(
            cdmo=PELTRAQ,
            sites=(("Leiden", 415),),
            tales=TESTING,
            count=20,
            people=("joost.veenstra", "femke.houtman"),
            number=_counted("PQ-{:04}", 131, 390),
            told=(10, 90),
            told_late=0.0,
            contained=(18, 34),
            contained_late=0.0,
            answered=(4, 9),
            answered_late=0.0,
            returned=(0.05, 0.0),
            void=0.0,
        ),
        Habit(
            cdmo=PACKMOOR,
            sites=(("Allentown", 275),),
            tales=PACKING,
            count=20,
            people=("dana.holloway", "luis.ortega"),
            number=_counted("PM-{:04}", 1904, 2200),
            hour=13,
            contained=(50, 66),
            contained_late=0.5,
            returned=(0.25, 0.05),
        ),
        Habit(
            cdmo=QUILLMERE,
            sites=(("Galway", 330),),
            tales=TABLETS,
            count=3,  # too few to speak for themselves: what a hold takes is read from the whole network
            people=("declan.moran", "aoife.brennan"),
            number=_counted("QM-{:03}", 41, 77),
            void=0.0,
        ),
    ),
    TARN: (
        Habit(
            cdmo=CORVANE,
            sites=(("Basel, suite B", 380),),
            tales=SUBSTANCE,
            count=30,
            people=("lena.brunner", "jonas.iten"),
            number=_counted("CB-T-{:03}", 12, 64),
        ),
    ),
}

# Who reviews and closes at each sponsor, and who does the tasks of development.
QUALITY = {
    MARROWFEN: ("pascal.renard", "ingrid.solvang", "yusuf.demir"),
    TARN: ("gareth.pryce", "ruth.calloway"),
}
DIRECTOR = {MARROWFEN: "ingrid.solvang", TARN: "ruth.calloway"}
DEVELOPMENT = {MARROWFEN: ("anders.lindqvist", "marta.oliveira"), TARN: ("neil.ashby",)}

# Who takes on which task of what is open now; the director keeps what only she should decide.
OWNERS = {
    MARROWFEN: {
        "review-investigation": "pascal.renard",
        "confirm-impact": "anders.lindqvist",
        "joint-investigation": "yusuf.demir",
        "disposition-decision": "ingrid.solvang",
        "reporting-assessment": "pascal.renard",
        "authority-notification": "pascal.renard",
        "verify-correction": "yusuf.demir",
        "timeline-impact": "marta.oliveira",
        "contingency": "anders.lindqvist",
        "change-control": "yusuf.demir",
        "comparability": "marta.oliveira",
        "regulatory-impact": "pascal.renard",
    },
    TARN: {
        "review-investigation": "gareth.pryce",
        "confirm-impact": "neil.ashby",
        "authority-notification": "ruth.calloway",
        "verify-correction": "gareth.pryce",
        "timeline-impact": "oliver.stroud",
        "contingency": "neil.ashby",
        "change-control": "gareth.pryce",
        "comparability": "neil.ashby",
        "regulatory-impact": "gareth.pryce",
    },
}

WEAK = (
    ("The operator did not follow the procedure.", "MAN", "The training of the shift is repeated."),
    ("Human error at a busy moment.", "MAN", "A reminder was sent to all shifts."),
    ("The equipment failed without warning.", "MACHINE", ""),
    ("A single event; it did not happen before.", "METHOD", ""),
)
RETURNED = (
    "The training record shows the version in force, so what was written was followed. What was written?",
    "This says who, not why. What let one person alone get it wrong?",
    "A part that fails without warning has a life. Which one, and who counts it?",
    "It happened before: please compare with your own numbers of the last twelve months.",
    "The third why does not follow from the second. What lies between them?",
    "A reminder changes nothing that can be checked. What will be different next time?",
    "Where are the raw data that this rests on? Please attach them and answer again.",
)
ACCEPTED = (
    "The chain holds, and the raw data agree.",
    "Explains both the event and why it was not seen.",
    "Follows from the data; the measure touches the cause.",
    "Accepted with the added comparison.",
    "Clear, and it can be changed.",
)
CLOSED = (
    "Reviewed with the containment and all tasks.",
    "Reviewed; the change is in force.",
    "Reviewed with the retained data. No batch on hold for it any more.",
    "Reviewed; looked at again in the quality meeting.",
    "All answers on file, nothing left to do.",
)
VOIDED = (
    "Entered twice: the other report stands.",
    "No deviation: an alarm of equipment that was idle.",
    "Belongs to another sponsor's product. Reported here by mistake.",
)
ASKED = (
    ("Is any other batch touched?", "None. The batches before and after were looked at and are listed in the file."),
    ("Since when has it been like this?", "Since the maintenance of spring; before it the trend is flat."),
    (
        "Please add the trend of the last ten runs.",
        "Attached in our system under the same number; mean and limits shown.",
    ),
    ("Who decided to go on?", "The head of the shift, after a call with our quality on duty."),
)
REMARKS = (
    "Second time this quarter. I take it up in the monthly meeting.",
    "No effect on the slot in the plan.",
    "We count on their answer before the steering committee.",
    "Read with the batch record; consistent.",
    "Good answer. Worth showing to the others.",
)
NOTES = {
    "review-investigation": ("Agrees with the raw data.", "Reviewed line by line; one question answered by phone."),
    "confirm-impact": ("No other batch is touched.", "Impact is limited to this pool, which was tested."),
    "joint-investigation": ("Done on site over two days; report is filed.", "Both laboratories agree on the cause."),
    "disposition-decision": ("Lot is rejected.", "Lot stays on hold for research use only.", "Lot may be released."),
    "reporting-assessment": ("Not reportable: nothing was shipped.", "Assessed with regulatory affairs: no report."),
    "halt-processing": ("Stopped and tagged out.", "Held at the last safe point.", "Next step is blocked."),
    "authority-notification": ("Not notifiable: nothing left the site.", "Assessed: no notification."),
    "correct-record": ("Corrected with a dated remark.", "Late entry made and signed, copy in the record."),
    "verify-correction": ("Corrected page seen.", "Compared with the raw data, correct."),
    "timeline-impact": ("None: the reserve of the slot covers it.", "Two days; the slot after it is not touched."),
    "contingency": ("Spare part is on site.", "A second unit is qualified for it."),
    "change-control": ("Opened in their system and linked.", "Opened; their quality owns it."),
    "comparability": ("Two lots compared, no difference.", "Comparable by the agreed panel of tests."),
    "regulatory-impact": ("No filed detail is touched.", "To be named in the next annual report."),
}
