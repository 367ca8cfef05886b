"""What is open at Marrowfen at any hour of any day, so that a clock of each colour runs with everybody; all invented.

Hours are counted back from the present. What is due in days ends at the close of business of a site: an event that a
partner became aware of 28 days ago asks for its root cause the day after tomorrow.
"""

from .events import Ago, Attached, Did, Event, Paused, Said

DONE = "finish"
TORQUE = {
    "why_1": "Why was the crimp loose?",
    "because_1": "The head was set for the former cap.",
    "root_cause": "The set-up was not repeated after the change of caps.",
    "root_cause_category": "METHOD",
}
REFERENCE = {
    "why_1": "Why did both runs fail?",
    "because_1": "The reference was diluted from a stock of the week before.",
    "why_2": "Why was that stock in use?",
    "because_2": "The method gives it 14 days; the study behind it covers seven.",
    "root_cause": "The method allows a dilution longer than was studied.",
    "root_cause_category": "METHOD",
}

AT_MARROWFEN = (
    # Within the hour: the report has to be accepted.
    Event(
        cdmo="Corvane Biologics",
        site="Basel",
        by="jonas.iten",
        aware=Ago(minutes=1410),
        told=10,
        contained=(6, 15, 31, 42, 55),
        values={
            "title": "Weight of the resin entered in the wrong unit",
            "description": "Page 12 says 34.1 lb where 34.1 kg was weighed. The print of the balance is attached.",
            "severity": "MINOR",
            "event_type": "RECORD_DISCREPANCY",
            "partner_number": "CB-1229",
        },
        since=(Attached(Ago(minutes=1390), "jonas.iten", "balance-BAL-07.csv", label=""),),
    ),
    # Late: nobody has accepted it within a day.
    Event(
        cdmo="Noxbury Vectors",
        site="Stevenage",
        by="tom.ackerley",
        aware=Ago(minutes=1640),
        told=55,
        contained=(10, 20, 33, 48, 57),
        values={
            "title": "Glucose of the seed train below range at day 3",
            "description": "2.1 g/L against at least 2.5. Fed by hand; viability stays at 97%.",
            "severity": "MINOR",
            "event_type": "IN_PROCESS_OOS",
            "partner_number": "NX-DEV-148",
        },
    ),
    # Today: two hours to accept it, and the containment has run out.
    Event(
        cdmo="Packmoor Logistics",
        site="Allentown",
        by="luis.ortega",
        aware=Ago(minutes=1330),
        told=14,
        contained=(9, 20, 41),
        values={
            "title": "Returned kits scanned into released stock",
            "description": "Six kits of arm B. All six are found and stand in the cage; the stock list is corrected.",
            "severity": "MAJOR",
            "event_type": "RECORD_DISCREPANCY",
            "partner_number": "PM-2234",
        },
    ),
    # Two hours to halt, nearly a day to accept.
    Event(
        cdmo="Peltraq Analytical",
        site="Leiden",
        by="femke.houtman",
        aware=Ago(minutes=122),
        told=5,
        contained=(4, 9, 16, 25, 31),
        values={
            "title": "Samples of two lots changed places on the bench",
            "description": "Found by their colour before the run. Both racks are blocked until identity is tested.",
            "severity": "MAJOR",
            "event_type": "CRITICAL_PROCESS_DEVIATION",
            "partner_number": "PQ-0430",
        },
    ),
    Event(
        cdmo="Sterivale",
        site="Parma, line 3",
        by="giulia.marenco",
        aware=Ago(minutes=110),
        told=12,
        contained=(3, 8, 21, 40),
        values={
            "title": "Isolator door opened during transfer of stoppers",
            "description": "The interlock did not hold for eleven seconds. Filling stopped; the vials are held apart.",
            "severity": "CRITICAL",
            "event_type": "CRITICAL_PROCESS_DEVIATION",
            "partner_number": "ST-1846",
        },
        since=(
            Did(Ago(minutes=64), "ingrid.solvang", "accept-report"),
            Said(Ago(minutes=58), "giulia.marenco", "Settle plates of both positions are in the incubator."),
            Attached(Ago(minutes=52), "giulia.marenco", "isolator-pressure.png", label=""),
        ),
    ),
    Event(
        cdmo="Corvane Biologics",
        site="Basel",
        by="mirjam.zurbriggen",
        batch="CB-DS-0285",
        aware=Ago(minutes=201),
        told=6,
        contained=(5, 11, 24, 33, 47),
        values={
            "title": "Conductivity of the wash out of range on C-207",
            "description": "Measured 14% high during both cycles. Load is held at 5 °C; 22 hours of hold remain.",
            "severity": "MAJOR",
            "event_type": "CRITICAL_PROCESS_DEVIATION",
            "partner_number": "CB-1230",
        },
        since=(Did(Ago(minutes=150), "pascal.renard", "accept-report"),),
    ),
    # The plan of the campaign within the hour.
    Event(
        cdmo="Sterivale",
        site="Parma, line 3",
        by="paolo.ferrante",
        aware=Ago(minutes=2860),
        told=20,
        contained=(8, 20, 35, 44, 58),
        values={
            "title": "Tunnel belt torn, depyrogenation stands still",
            "description": "No glass is lost. The belt comes from Bologna; the slot of the week is at stake.",
            "severity": "MAJOR",
            "event_type": "EQUIPMENT_DOWNTIME",
            "partner_number": "ST-1843",
        },
        since=(Did(Ago(minutes=2500), "ingrid.solvang", "accept-report"),),
    ),
    # By the close of business in Allentown.
    Event(
        cdmo="Packmoor Logistics",
        site="Allentown",
        by="dana.holloway",
        aware=Ago(30, "15:30"),
        told=40,
        contained=(10, 18, 30, 41, 52),
        values={
            "title": "Supplier changes the film of the blister",
            "description": "Same polymer from another line. Stock lasts for two shipments.",
            "severity": "MINOR",
            "event_type": "SUPPLIER_CHANGE",
            "partner_number": "PM-2206",
        },
        since=(
            Did(Ago(29, "09:00"), "pascal.renard", "accept-report"),
            Did(Ago(27, "10:00"), "yusuf.demir", DONE, "", {"note": "Opened at Packmoor as CC-12."}, "change-control"),
            Did(Ago(20, "09:40"), "yusuf.demir", DONE, "", {"note": "No filed detail."}, "regulatory-impact"),
        ),
    ),
    # The day after tomorrow.
    Event(
        cdmo="Noxbury Vectors",
        site="Stevenage",
        by="grace.whitlock",
        batch="NV-029",
        aware=Ago(28, "10:15"),
        told=190,
        contained=(12, 25, 40, 52, 59),
        values={
            "title": "Potency of lot NV-029 at 71% of reference",
            "description": "Specified are 80 to 125%. The second analyst finds 73%. The lot is on hold.",
            "severity": "MAJOR",
            "event_type": "RELEASE_OOS",
            "partner_number": "NX-OOS-87",
        },
        since=(
            Did(Ago(27, "09:10"), "yusuf.demir", "accept-report"),
            Did(Ago(26, "15:00"), "pascal.renard", DONE, "", {"note": "Nothing shipped."}, "reporting-assessment"),
            Did(Ago(25, "08:30"), "marta.oliveira", "take", task="disposition-decision"),
            Attached(Ago(24, "11:00"), "grace.whitlock", "potency-NV-029.pdf", label=""),
            Said(
                Ago(4, "13:20"),
                "marta.oliveira",
                "@Grace Whitlock do the retained vials of NV-028 show the same? It decides what we do with the lot.",
                shared=True,
            ),
        ),
    ),
    Event(
        cdmo="Corvane Biologics",
        site="Visp",
        by="jonas.iten",
        aware=Ago(28, "13:10"),
        told=45,
        contained=(4, 10, 22, 37, 49),
        values={
            "title": "Chiller of BR-2 out of order for a shift",
            "description": "Cooled by the spare of BR-1. Temperature stayed within range.",
            "severity": "MINOR",
            "event_type": "EQUIPMENT_DOWNTIME",
            "partner_number": "CB-1184",
        },
        since=(
            Did(Ago(27, "08:20"), "yusuf.demir", "accept-report"),
            Did(Ago(27, "09:00"), "anders.lindqvist", DONE, "", {"note": "None."}, "timeline-impact"),
            Did(Ago(26, "09:00"), "anders.lindqvist", DONE, "", {"note": "Spare is qualified."}, "contingency"),
        ),
    ),
    Event(
        cdmo="Peltraq Analytical",
        site="Leiden",
        by="joost.veenstra",
        aware=Ago(28, "09:20"),
        told=30,
        contained=(5, 9, 14, 20, 27),
        values={
            "title": "Both runs of the potency assay invalid",
            "description": "The reference curve lies 20% low twice. Samples are repeated with a fresh dilution.",
            "severity": "MINOR",
            "event_type": "IN_PROCESS_OOS",
            "partner_number": "PQ-0414",
        },
        since=(
            Did(Ago(28, "13:00"), "pascal.renard", "accept-report"),
            Did(Ago(26, "09:00"), "yusuf.demir", DONE, "", {"note": "No batch is touched."}, "confirm-impact"),
            Attached(Ago(2, "09:40"), "joost.veenstra", "reference-curves.png", label="because_1"),
            Did(Ago(2, "10:00"), "joost.veenstra", "submit-root-cause", "", REFERENCE),
        ),
    ),
    # Two days over.
    Event(
        cdmo="Corvane Biologics",
        site="Basel",
        by="lena.brunner",
        aware=Ago(32, "09:30"),
        told=60,
        contained=(8, 19, 33, 47, 58),
        values={
            "title": "Endotoxin of buffer 7 at the alert limit",
            "description": "0.21 EU/mL, the alert limit is 0.20. Not used for manufacture.",
            "severity": "MINOR",
            "event_type": "IN_PROCESS_OOS",
            "partner_number": "CB-1179",
        },
        since=(
            Did(Ago(31, "10:00"), "pascal.renard", "accept-report"),
            Did(Ago(28, "09:00"), "pascal.renard", DONE, "", {"note": "Read."}, "review-investigation"),
            Did(Ago(27, "09:00"), "anders.lindqvist", DONE, "", {"note": "None."}, "confirm-impact"),
        ),
    ),
    # Sent back, due the day after tomorrow.
    Event(
        cdmo="Sterivale",
        site="Parma, line 3",
        by="giulia.marenco",
        aware=Ago(26, "08:40"),
        told=90,
        contained=(12, 20, 34, 49, 57),
        values={
            "title": "Crimp force low on 320 vials",
            "description": "Found at the leak test of lot SV-2266. The vials are rejected.",
            "severity": "MAJOR",
            "event_type": "IN_PROCESS_OOS",
            "partner_number": "ST-1825",
        },
        since=(
            Did(Ago(25, "09:00"), "ingrid.solvang", "accept-report"),
            Did(Ago(22, "09:00"), "pascal.renard", DONE, "", {"note": "Raw data seen."}, "review-investigation"),
            Did(Ago(12, "14:00"), "giulia.marenco", "submit-root-cause", "", TORQUE),
            Did(Ago(8, "10:30"), "pascal.renard", "return-root-cause", "Why was the change of caps not a change?"),
        ),
    ),
    # Stands still.
    Event(
        cdmo="Noxbury Vectors",
        site="Stevenage",
        by="grace.whitlock",
        batch="NV-028",
        aware=Ago(22, "11:00"),
        told=400,
        contained=(15, 22, 34, 45, 58),
        values={
            "title": "Unknown peak in the purity of lot NV-028",
            "description": "0.4% at 11.2 minutes, above the reporting limit. Identification by mass spectrometry.",
            "severity": "MAJOR",
            "event_type": "RELEASE_OOS",
            "partner_number": "NX-OOS-89",
        },
        since=(
            Did(Ago(21, "09:20"), "ingrid.solvang", "accept-report"),
            Did(Ago(20, "09:00"), "pascal.renard", DONE, "", {"note": "Not reportable."}, "reporting-assessment"),
            Paused(Ago(6, "09:00"), "ingrid.solvang", "investigation", "The external laboratory has the sample."),
        ),
    ),
)
