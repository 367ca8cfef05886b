"""What is open at Tarn Bio at any hour of any day; all invented."""

from .events import Ago, Attached, Did, Event, Said

CLAMP = {
    "why_1": "Why did the bag leak?",
    "because_1": "The clamp was closed over the weld.",
    "root_cause": "The operator closed the clamp in the wrong place.",
    "root_cause_category": "MAN",
    "second_cause": "None.",
}
SPIN = {
    "why_1": "Why was the centrate turbid?",
    "because_1": "The bowl was discharged too late.",
    "why_2": "Why too late?",
    "because_2": "The interval is for a lower density of cells than the process has since spring.",
    "root_cause": "The interval of discharge was not adapted to the higher density of cells.",
    "root_cause_category": "METHOD",
}

AT_TARN = (
    Event(
        cdmo="Corvane Biologics",
        site="Basel, suite B",
        by="jonas.iten",
        aware=Ago(minutes=75),
        told=6,
        contained=(4, 12, 21, 36, 50),
        values={
            "title": "Chiller loaded with the set point of the other suite",
            "description": "The pool reached 11 °C for nine minutes; at most 8 °C are validated. It stands still.",
            "severity": "MAJOR",
            "event_type": "CRITICAL_PROCESS_DEVIATION",
            "partner_number": "CB-T-080",
        },
    ),
    Event(
        cdmo="Corvane Biologics",
        site="Basel, suite B",
        by="lena.brunner",
        aware=Ago(minutes=195),
        told=8,
        batch="TB-027",
        contained=(5, 13, 25, 39, 52),
        values={
            "title": "Viral inactivation held 14 minutes too short",
            "description": "46 minutes at pH 3.6 where 60 are validated. The pool stands at 5 °C and waits.",
            "severity": "CRITICAL",
            "event_type": "CRITICAL_PROCESS_DEVIATION",
            "partner_number": "CB-T-079",
        },
        since=(Attached(Ago(minutes=130), "lena.brunner", "inactivation-pH.csv", label=""),),
    ),
    Event(
        cdmo="Corvane Biologics",
        site="Basel, suite B",
        by="jonas.iten",
        aware=Ago(minutes=1405),
        told=9,
        contained=(7, 12, 29, 41, 56),
        values={
            "title": "Sampling line of the bioreactor not flushed",
            "description": "The first 20 mL were not thrown away. The sample was taken again.",
            "severity": "MINOR",
            "event_type": "IN_PROCESS_OOS",
            "partner_number": "CB-T-078",
        },
    ),
    Event(
        cdmo="Corvane Biologics",
        site="Basel, suite B",
        by="jonas.iten",
        aware=Ago(minutes=1650),
        told=35,
        contained=(9, 14, 28),
        values={
            "title": "Centrifuge stopped by its vibration alarm",
            "description": "Restarted after a wash. Harvest took two hours longer.",
            "severity": "MINOR",
            "event_type": "EQUIPMENT_DOWNTIME",
        },
    ),
    Event(
        cdmo="Corvane Biologics",
        site="Basel, suite B",
        by="lena.brunner",
        aware=Ago(28, "09:15"),
        told=70,
        contained=(6, 18, 27, 44, 59),
        values={
            "title": "Turbidity of the centrate above range",
            "description": "61 NTU against at most 40. The depth filters took it up.",
            "severity": "MINOR",
            "event_type": "IN_PROCESS_OOS",
            "partner_number": "CB-T-072",
        },
        since=(
            Did(Ago(27, "10:00"), "gareth.pryce", "accept-report"),
            Did(Ago(25, "09:00"), "gareth.pryce", "finish", "", {"note": "Read."}, "review-investigation"),
            Did(Ago(24, "09:00"), "neil.ashby", "finish", "", {"note": "The filters took it up."}, "confirm-impact"),
            Did(Ago(12, "13:00"), "lena.brunner", "submit-root-cause", "", SPIN),
            Did(
                Ago(8, "10:30"), "gareth.pryce", "return-root-cause", "Since when is the density higher, and who knew?"
            ),
        ),
    ),
    Event(
        cdmo="Corvane Biologics",
        site="Basel, suite B",
        by="lena.brunner",
        aware=Ago(36, "08:50"),
        told=120,
        contained=(8, 20, 33, 40, 55),
        values={
            "title": "Leak of a bag with 12 L of eluate",
            "description": "Found at the scale. The eluate is rejected; yield of the run falls by a tenth.",
            "severity": "MAJOR",
            "event_type": "CRITICAL_PROCESS_DEVIATION",
            "partner_number": "CB-T-068",
        },
        since=(
            Did(Ago(35, "09:00"), "ruth.calloway", "accept-report"),
            Did(Ago(36, "12:30"), "lena.brunner", "finish", "", {"note": "Run ended."}, "halt-processing"),
            Did(Ago(33, "09:00"), "gareth.pryce", "finish", "", {"note": "None."}, "authority-notification"),
            Did(Ago(16, "14:00"), "lena.brunner", "submit-root-cause", "", CLAMP),
            Did(Ago(11, "10:00"), "ruth.calloway", "return-root-cause", "What lets a clamp be closed over a weld?"),
            Said(Ago(3, "09:30"), "ruth.calloway", "The ten days are over: when do we hear from you?", shared=True),
        ),
    ),
    Event(
        cdmo="Corvane Biologics",
        site="Basel, suite B",
        by="jonas.iten",
        aware=Ago(19, "13:40"),
        told=150,
        contained=(10, 21, 35, 46, 54),
        values={
            "title": "Bowl of the centrifuge discharged too late",
            "description": "Solids carried over for six minutes. The harvest was spun again.",
            "severity": "MINOR",
            "event_type": "EQUIPMENT_DOWNTIME",
            "partner_number": "CB-T-075",
        },
        since=(
            Did(Ago(18, "09:00"), "gareth.pryce", "accept-report"),
            Did(Ago(17, "09:00"), "neil.ashby", "finish", "", {"note": "Two hours."}, "timeline-impact"),
            Did(Ago(16, "09:00"), "neil.ashby", "finish", "", {"note": "Second bowl is on site."}, "contingency"),
            Did(Ago(1, "14:30"), "jonas.iten", "submit-root-cause", "", SPIN),
        ),
    ),
)
