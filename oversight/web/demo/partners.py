"""The companies of the demo world and what has happened to their records so far; all invented."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Amendment:
    """One change of a record: when, by whom (an e-mail's first part), why, and what became of which field."""

    days_ago: int
    by: str
    reason: str
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """One record as it was created, and its story since."""

    days_ago: int
    by: str
    values: dict[str, Any]
    since: tuple[Amendment, ...] = ()


@dataclass(frozen=True, slots=True)
class Company:
    """A CDMO and its sites, as one sponsor keeps them."""

    record: Told
    sites: tuple[Told, ...] = field(default=())

    @property
    def name(self) -> str:
        return str(self.record.values["name"])


CORVANE = Company(
    Told(
        730,
        "anders.lindqvist",
        {
            "name": "Corvane Biologics",
            "legal_name": "Corvane Biologics GmbH",
            "country": "CH",
            "website": "https://corvane.example",
            "outsourcing_model": "TACTICAL",
            "drug_substance": True,
            "notes": "Second choice after the 2024 selection; chosen for the 2,000 L line.",
        },
        (
            Amendment(512, "marta.oliveira", "Framework agreement signed", {"outsourcing_model": "PREFERRED"}),
            Amendment(404, "ingrid.solvang", "Release testing moved in-house at Basel", {"analytical": True}),
            Amendment(
                171,
                "pascal.renard",
                "Company was renamed; extract of the commercial register of the same week",
                {"legal_name": "Corvane Biologics AG"},
            ),
            Amendment(
                38, "marta.oliveira", "Steering committee decision of October", {"outsourcing_model": "STRATEGIC"}
            ),
        ),
    ),
    (
        Told(
            728,
            "anders.lindqvist",
            {
                "name": "Basel",
                "address": "Rheinhafenstrasse 14",
                "city": "Basel",
                "country": "CH",
                "time_zone": "Europe/Zurich",
                "working_week": "MON_FRI",
            },
            (
                Amendment(
                    640, "pascal.renard", "FEI number from the pre-approval package", {"fei_number": "3009871204"}
                ),
                Amendment(
                    96, "anders.lindqvist", "Weekend shift since the third campaign", {"working_week": "MON_SAT"}
                ),
            ),
        ),
        Told(
            301,
            "anders.lindqvist",
            {
                "name": "Visp",
                "address": "Lonzastrasse 2",
                "city": "Visp",
                "country": "CH",
                "time_zone": "Europe/Zurich",
                "working_week": "EVERY_DAY",
                "fei_number": "3014420871",
            },
        ),
    ),
)
NOXBURY = Company(
    Told(
        598,
        "anders.lindqvist",
        {
            "name": "Noxbury Vectors",
            "legal_name": "Noxbury Vectors Ltd",
            "country": "GB",
            "website": "https://noxbury.example",
            "outsourcing_model": "PREFERRED",
            "drug_substance": True,
            "notes": "AAV; single suspension line, slots are scarce in spring.",
        },
        (Amendment(210, "ingrid.solvang", "Method transfer closed; testing stays with them", {"analytical": True}),),
    ),
    (
        Told(
            597,
            "anders.lindqvist",
            {
                "name": "Stevenage",
                "address": "7 Gunnels Wood Road",
                "city": "Stevenage",
                "country": "GB",
                "time_zone": "Europe/London",
                "working_week": "MON_FRI",
                "fei_number": "3012290455",
            },
        ),
    ),
)
STERIVALE = Company(
    Told(
        655,
        "anders.lindqvist",
        {
            "name": "Sterivale",
            "legal_name": "Sterivale S.p.A.",
            "country": "IT",
            "website": "https://sterivale.example",
            "outsourcing_model": "PREFERRED",
            "drug_product": True,
            "packaging": True,
            "notes": "Fill-finish of MRF-101; isolator line 3 is booked a year ahead.",
        },
        (
            Amendment(
                262,
                "pascal.renard",
                "Secondary packaging moved to Packmoor; they no longer pack for us",
                {"packaging": False},
            ),
        ),
    ),
    (
        Told(
            655,
            "anders.lindqvist",
            {
                "name": "Parma, line 3",
                "address": "Via Emilia Ovest 88",
                "city": "Parma",
                "country": "IT",
                "time_zone": "Europe/Rome",
                "working_week": "MON_FRI",
                "fei_number": "3006618230",
            },
            (
                Amendment(
                    140, "anders.lindqvist", "Third shift through the spring campaigns", {"working_week": "MON_SAT"}
                ),
            ),
        ),
        Told(
            480,
            "anders.lindqvist",
            {
                "name": "Parma, line 2",
                "address": "Via Emilia Ovest 88",
                "city": "Parma",
                "country": "IT",
                "time_zone": "Europe/Rome",
                "working_week": "MON_FRI",
                "fei_number": "3006618230",
            },
        ),
    ),
)
QUILLMERE = Company(
    Told(
        372,
        "anders.lindqvist",
        {
            "name": "Quillmere Pharma",
            "legal_name": "Quillmere Pharma DAC",
            "country": "IE",
            "website": "https://quillmere.example",
            "outsourcing_model": "TACTICAL",
            "drug_substance": True,
            "drug_product": True,
            "notes": "Tablets of MRF-310, substance and coating under one roof.",
        },
        (Amendment(66, "marta.oliveira", "Chosen for validation and launch", {"outsourcing_model": "PREFERRED"}),),
    ),
    (
        Told(
            371,
            "anders.lindqvist",
            {
                "name": "Galway",
                "address": "Parkmore East 12",
                "city": "Galway",
                "country": "IE",
                "time_zone": "Europe/Dublin",
                "working_week": "MON_FRI",
                "fei_number": "3013340182",
            },
        ),
    ),
)
PELTRAQ = Company(
    Told(
        430,
        "anders.lindqvist",
        {
            "name": "Peltraq Analytical",
            "legal_name": "Peltraq Analytical B.V.",
            "country": "NL",
            "website": "https://peltraq.example",
            "outsourcing_model": "TACTICAL",
            "analytical": True,
        },
    ),
    (
        Told(
            430,
            "anders.lindqvist",
            {
                "name": "Leiden",
                "address": "Bargelaan 200",
                "city": "Leiden",
                "country": "NL",
                "time_zone": "Europe/Amsterdam",
                "working_week": "MON_FRI",
            },
        ),
    ),
)
PACKMOOR = Company(
    Told(
        288,
        "anders.lindqvist",
        {
            "name": "Packmoor Logistics",
            "legal_name": "Packmoor Clinical Logistics LLC",
            "country": "US",
            "website": "https://packmoor.example",
            "outsourcing_model": "TACTICAL",
            "packaging": True,
            "storage": True,
        },
        (
            Amendment(
                19,
                "marta.oliveira",
                "Frozen storage qualified for the second study",
                {"outsourcing_model": "PREFERRED", "notes": "−70 °C store; courier cut-off is Thursday noon."},
            ),
        ),
    ),
    (
        Told(
            288,
            "anders.lindqvist",
            {
                "name": "Allentown",
                "address": "1200 Cetronia Road",
                "city": "Allentown, PA",
                "country": "US",
                "time_zone": "America/New_York",
                "working_week": "EVERY_DAY",
                "fei_number": "3011175093",
            },
        ),
    ),
)
CORVANE_AT_TARN = Company(
    Told(
        395,
        "neil.ashby",
        {
            "name": "Corvane Biologics",
            "legal_name": "Corvane Biologics GmbH",
            "country": "CH",
            "website": "https://corvane.example",
            "outsourcing_model": "TACTICAL",
            "drug_substance": True,
        },
        (
            Amendment(
                160, "ruth.calloway", "New name in the commercial register", {"legal_name": "Corvane Biologics AG"}
            ),
        ),
    ),
    (
        Told(
            395,
            "neil.ashby",
            {
                "name": "Basel, suite B",
                "address": "Rheinhafenstrasse 14",
                "city": "Basel",
                "country": "CH",
                "time_zone": "Europe/Zurich",
                "working_week": "MON_FRI",
                "fei_number": "3009871204",
            },
        ),
    ),
)

COMPANIES = {
    "marrowfen": (CORVANE, NOXBURY, STERIVALE, PELTRAQ, PACKMOOR, QUILLMERE),
    "tarn-bio": (CORVANE_AT_TARN,),
}
