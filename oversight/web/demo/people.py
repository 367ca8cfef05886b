"""The people of the demo world: invented, one for each role, some at both sponsors."""

from dataclasses import dataclass

from oversight.roles import Role

PASSWORD = "a-demo-of-oversight"  # noqa: S105  printed beside the sign-ins; the demo world holds nothing real


@dataclass(frozen=True, slots=True)
class Seat:
    """One person at one sponsor; `cdmo` names the partner for whom the person works, `sees` what a narrowed one may.

    Who did not come with the sponsor or the partner `came` so many days ago, and may stay for so many more days.
    """

    name: str
    email: str
    sponsor: str
    role: Role
    org: str
    cdmo: str | None = None
    sees: tuple[str, ...] | None = None
    zone: str = "Europe/Zurich"
    came: int | None = None
    stays: int | None = None

    @property
    def is_program(self) -> bool:
        """A program has a key to the API and no password: nobody signs in as it."""
        return self.role == Role.API_CLIENT


MARROWFEN, TARN = "marrowfen", "tarn-bio"
SPONSORS = {MARROWFEN: "Marrowfen Therapeutics", TARN: "Tarn Bio"}


def _own(name: str, role: Role, sponsor: str = MARROWFEN, zone: str = "Europe/Zurich") -> Seat:
    first, _, last = name.lower().replace("é", "e").partition(" ")
    domain = {MARROWFEN: "marrowfen.example", TARN: "tarnbio.example"}[sponsor]
    return Seat(name, f"{first}.{last}@{domain}", sponsor, role, SPONSORS[sponsor], zone=zone)


def _partner(name: str, role: Role, cdmo: str, domain: str, zone: str, sponsor: str = MARROWFEN) -> Seat:
    first, _, last = name.lower().partition(" ")
    return Seat(name, f"{first}.{last}@{domain}", sponsor, role, cdmo, cdmo=cdmo, zone=zone)


SEATS = (
    _own("Ingrid Solvang", Role.QA_DIRECTOR),
    _own("Pascal Renard", Role.QA_REVIEWER),
    _own("Yusuf Demir", Role.QA_REVIEWER, zone="Europe/Berlin"),
    _own("Marta Oliveira", Role.CMC_DIRECTOR, zone="Europe/Lisbon"),
    _own("Anders Lindqvist", Role.CMC_LEAD, zone="Europe/Stockholm"),
    _own("Hanna Weiss", Role.SUPPLY),
    _own("Tobias Frey", Role.ADMIN),
    _own("Claire Dubois", Role.VIEWER, zone="Europe/Paris"),
    Seat(
        "Edith Marlowe",
        "edith.marlowe@agency.example",
        MARROWFEN,
        Role.INSPECTOR,
        "Medicines inspectorate",
        zone="Europe/London",
        came=12,
        stays=16,
    ),
    Seat(
        "Victor Amsel",
        "victor.amsel@amselconsulting.example",
        MARROWFEN,
        Role.QA_REVIEWER,
        "Amsel Consulting",
        sees=("Corvane Biologics",),
        came=210,
        stays=155,
    ),
    Seat("Sample system", "lims@marrowfen.example", MARROWFEN, Role.API_CLIENT, SPONSORS[MARROWFEN], came=150),
    _partner("Lena Brunner", Role.CDMO_QA, "Corvane Biologics", "corvane.example", "Europe/Zurich"),
    _partner("Jonas Iten", Role.CDMO_PROJECT, "Corvane Biologics", "corvane.example", "Europe/Zurich"),
    _partner("Sofia Kern", Role.CDMO_VIEWER, "Corvane Biologics", "corvane.example", "Europe/Zurich"),
    _partner("Mirjam Zurbriggen", Role.CDMO_QA, "Corvane Biologics", "corvane.example", "Europe/Zurich"),
    _partner("Grace Whitlock", Role.CDMO_QA, "Noxbury Vectors", "noxbury.example", "Europe/London"),
    _partner("Tom Ackerley", Role.CDMO_PROJECT, "Noxbury Vectors", "noxbury.example", "Europe/London"),
    _partner("Paolo Ferrante", Role.CDMO_QA, "Sterivale", "sterivale.example", "Europe/Rome"),
    _partner("Giulia Marenco", Role.CDMO_PROJECT, "Sterivale", "sterivale.example", "Europe/Rome"),
    _partner("Joost Veenstra", Role.CDMO_QA, "Peltraq Analytical", "peltraq.example", "Europe/Amsterdam"),
    _partner("Femke Houtman", Role.CDMO_PROJECT, "Peltraq Analytical", "peltraq.example", "Europe/Amsterdam"),
    _partner("Dana Holloway", Role.CDMO_QA, "Packmoor Logistics", "packmoor.example", "America/New_York"),
    _partner("Luis Ortega", Role.CDMO_PROJECT, "Packmoor Logistics", "packmoor.example", "America/New_York"),
    _partner("Declan Moran", Role.CDMO_QA, "Quillmere Pharma", "quillmere.example", "Europe/Dublin"),
    _partner("Aoife Brennan", Role.CDMO_PROJECT, "Quillmere Pharma", "quillmere.example", "Europe/Dublin"),
    _own("Ruth Calloway", Role.QA_DIRECTOR, TARN, "Europe/London"),
    _own("Gareth Pryce", Role.QA_REVIEWER, TARN, "Europe/London"),
    _own("Neil Ashby", Role.CMC_LEAD, TARN, "Europe/London"),
    _own("Oliver Stroud", Role.CMC_DIRECTOR, TARN, "Europe/London"),
    _own("Moira Finch", Role.ADMIN, TARN, "Europe/London"),
    _partner("Lena Brunner", Role.CDMO_QA, "Corvane Biologics", "corvane.example", "Europe/Zurich", sponsor=TARN),
    _partner("Jonas Iten", Role.CDMO_PROJECT, "Corvane Biologics", "corvane.example", "Europe/Zurich", sponsor=TARN),
)
