"""Shorter stories at the CDMOs of Marrowfen, so that each has events in several states; all invented."""

from .events import Ago, Attached, Did, Event

STANDARD = {
    "why_1": "Why did the control sample read 6% low?",
    "because_1": "The reference standard had taken up water.",
    "why_2": "Why had it taken up water?",
    "because_2": "The vial was opened four times; it is meant to be opened once.",
    "root_cause": "The method does not say that a vial of the standard is for one use.",
    "root_cause_category": "METHOD",
}

AT_MARROWFEN = (
    Event(
        cdmo="Peltraq Analytical",
        site="Leiden",
        by="joost.veenstra",
        aware=Ago(minutes=95),
        told=10,
        contained=(4,),
        values={
            "title": "Incubator of the potency assay stopped overnight",
            "description": "Found 2 °C too cold with the plates of two runs; both are repeated from retained cells.",
            "severity": "MAJOR",
            "event_type": "EQUIPMENT_DOWNTIME",
            "partner_number": "PQ-0431",
        },
    ),
    Event(
        cdmo="Peltraq Analytical",
        site="Leiden",
        by="joost.veenstra",
        aware=Ago(64, "10:15"),
        told=300,
        contained=(20, 30, 38, 45, 58),
        values={
            "title": "Control sample of the titre assay 6% low",
            "description": "The run was invalid and repeated; the result of the batch was not used.",
            "severity": "MINOR",
            "event_type": "IN_PROCESS_OOS",
            "partner_number": "PQ-0398",
        },
        since=(
            Did(Ago(63, "09:40"), "pascal.renard", "accept-report"),
            Did(Ago(51, "14:00"), "joost.veenstra", "submit-root-cause", "", STANDARD),
            Did(
                Ago(50, "11:00"),
                "pascal.renard",
                "finish",
                "",
                {"note": "The raw data of both runs agree with it."},
                "review-investigation",
            ),
            Did(Ago(50, "11:20"), "anders.lindqvist", "finish", "", {"note": "No batch is touched."}, "confirm-impact"),
            Did(Ago(49, "15:30"), "pascal.renard", "accept-root-cause", "The vial explains the drift."),
            Did(Ago(47, "10:10"), "ingrid.solvang", "close", "Reviewed; the method is amended to one use a vial."),
        ),
    ),
    Event(
        cdmo="Packmoor Logistics",
        site="Allentown",
        by="dana.holloway",
        aware=Ago(2, "14:10"),
        told=25,
        contained=(6, 14, 30, 38, 49),
        values={
            "title": "Kit list of shipment 44 names a superseded label",
            "description": "Found before packing. No kit was packed with it.",
            "severity": "MINOR",
            "event_type": "RECORD_DISCREPANCY",
            "partner_number": "PM-2231",
        },
        since=(Did(Ago(1, "12:20"), "yusuf.demir", "accept-report"),),
    ),
    Event(
        cdmo="Noxbury Vectors",
        site="Stevenage",
        by="grace.whitlock",
        batch="NV-031",
        aware=Ago(1, "16:40"),
        told=95,
        contained=(8, 19, 33),
        values={
            "title": "Bioburden sample of harvest taken after the filter",
            "description": "The plan asks for one before it. Retained harvest is tested in its place.",
            "severity": "MAJOR",
            "event_type": "CRITICAL_PROCESS_DEVIATION",
            "partner_number": "NX-DEV-149",
        },
        since=(
            Attached(Ago(1, "18:20"), "grace.whitlock", "sampling-plan.pdf"),
            Did(Ago(minutes=290), "yusuf.demir", "accept-report"),
        ),
    ),
    Event(
        cdmo="Quillmere Pharma",
        site="Galway",
        by="declan.moran",
        batch="QT-0111",
        aware=Ago(4, "10:20"),
        told=70,
        contained=(6, 15, 27, 40, 52),
        values={
            "title": "Hardness of the first hour at the lower limit",
            "description": "Five of 30 tablets at 78 N, the limit is 80 N. The hour is kept apart.",
            "severity": "MINOR",
            "event_type": "IN_PROCESS_OOS",
            "partner_number": "QM-081",
        },
        since=(Did(Ago(3, "09:30"), "yusuf.demir", "accept-report"),),
    ),
)
