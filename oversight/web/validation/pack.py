"""The validation pack: requirements, results, environment and gaps of one release, on paper."""

import platform
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version

from .paper import MUTED, Paper
from .places import place
from .proof import Run, Verdict, figures, proofs_of, proven
from .requirement import Requirement, Source, Way, requirements, sources

TITLE = "Validation pack of Oversight"
PACKAGES = ("Django", "psycopg2-binary", "celery", "django-allauth", "django-simple-history", "cryptography", "fpdf2")
PROVES = """\
This pack says what regulations ask of a system like Oversight, where the product meets it, and how the tests that prove
it ended in one run of the suite. A requirement has passed when every test that bears it ran and passed."""
PROVES_NOT = """\
It does not say that the product is fit for the use of whoever buys it. The customer validates that use, with its own
processes, settings, people and infrastructure; what is called procedural here is the customer's to do. Demands are said
in our own words: the text of the regulation counts."""


@dataclass(frozen=True, slots=True)
class Release:
    """What was tested, and where."""

    commit: str
    clean: bool  # whether what was tested is that commit and nothing else
    database: str
    made_at: datetime

    @property
    def name(self) -> str:
        return self.commit if self.clean else f"{self.commit}, with changes that are not committed"

    def facts(self, run: Run) -> list[tuple[str, str]]:
        """Versions, environment and times, as they stand on the page."""
        told = [("Commit", self.name), ("Pack made", f"{self.made_at.astimezone(UTC):%d %B %Y, %H:%M} UTC")]
        told += [("Tests begun", run.at or "not said"), ("Tests took", f"{run.seconds:,.0f} s")]
        told += [("System", f"{platform.system()} {platform.release()}, {platform.machine()}")]
        told += [("Python", sys.version.split()[0]), ("PostgreSQL", self.database)]
        return told + [(name, version(name)) for name in PACKAGES]


def write_pack(run: Run, release: Release) -> bytes:
    """The whole pack as PDF/A."""
    paper = Paper(
        title=TITLE, release=f"commit {release.commit[:12]}{'' if release.clean else ', changed'}", at=release.made_at
    )
    _cover(paper, run, release)
    _summary(paper, run, release)
    for source in sources():
        _source(paper, source, run)
    _gaps(paper, run)
    _tests(paper, run)
    return bytes(paper.output())


def _cover(paper: Paper, run: Run, release: Release) -> None:
    paper.add_page()
    paper.set_y(70)
    paper.says("Oversight", size=13, colour=MUTED)
    paper.says("Validation pack", size=28, style="B")
    paper.says("Requirements, where they are met, and the tests that prove them", size=12, colour=MUTED)
    paper.ln(10)
    counts = run.counts()
    paper.says(f"Commit {release.name}", size=10.5)
    paper.says(f"Made on {release.made_at.astimezone(UTC):%d %B %Y, %H:%M} UTC", size=10.5)
    told = figures()
    paper.says(
        f"{told['total']} requirements, {told['AUTOMATED']} of them automated ({told['percent']} %): "
        f"{counts[Verdict.PASSED]} passed, {counts[Verdict.FAILED]} failed, "
        f"{counts[Verdict.NOT_RUN]} not run. {told['GAP']} gaps.",
        size=10.5,
    )
    paper.set_y(205)
    room = "\n \n "  # for a hand
    by = [(f"{done} by{room}", "", "") for done in ("Reviewed", "Approved")]
    paper.lists(("", "Name", "Date and signature"), by, (20, 40, 40))


def _summary(paper: Paper, run: Run, release: Release) -> None:
    paper.chapter("What this pack says")
    paper.says(PROVES.replace("\n", " "))
    paper.says(PROVES_NOT.replace("\n", " "))
    paper.ln(2)
    paper.chapter("Figures", on_a_new_page=False)
    ways, ends = tuple(Way), tuple(Verdict)
    rows = [(source.title, *_figures(source.requirements, run)) for source in sources()]
    rows.append(("All", *_figures(tuple(requirements().values()), run)))
    head = ("Source", *(each.label for each in ways), *(each.label for each in ends))
    paper.lists(head, rows, (31, 13, 13, 12, 8, 8, 8, 8))
    paper.chapter("What was tested", on_a_new_page=False)
    paper.lists(("Of", "Version or value"), release.facts(run), (30, 70))


def _figures(of: Sequence[Requirement], run: Run) -> list[str]:
    ways = Counter(each.way for each in of)
    ends = Counter(run.of(each) for each in of)
    return [str(ways[each]) for each in Way] + [str(ends[each]) for each in Verdict]


def _source(paper: Paper, source: Source, run: Run) -> None:
    paper.chapter(source.title)
    paper.says(f"{source.edition[:1].upper()}{source.edition[1:]}. {source.about}", colour=MUTED)
    rows = [_row(each, run) for each in source.requirements]
    paper.lists(
        ("Clause and id", "What it asks", "Result", "Where it is met", "Tests, or why not"), rows, (17, 27, 11, 22, 23)
    )


def _row(each: Requirement, run: Run) -> tuple[str, ...]:
    verdict = run.of(each)
    tests = len(proofs_of(each.id))
    shown = [f"{tests} test{'' if tests == 1 else 's'}"] if tests else []
    name = each.id if each.clause == each.id.removeprefix("ASVS-") else f"{each.clause}\n{each.id}"
    return (
        name,
        each.asks,
        verdict.label if verdict else each.way.label,
        "\n".join(place(named).words for named in each.where),
        "\n".join([*shown, each.why] if each.why else shown),
    )


def _gaps(paper: Paper, run: Run) -> None:
    paper.chapter("Open gaps")
    gaps = [each for each in requirements().values() if each.way is Way.GAP]
    paper.lists(
        ("Id", "What it asks", "What is missing"), [(each.id, each.asks, each.why) for each in gaps], (20, 38, 42)
    )
    for verdict in (Verdict.FAILED, Verdict.NOT_RUN):
        these = [each.id for each in requirements().values() if run.of(each) is verdict]
        paper.says(f"{verdict.label}: {', '.join(these) if these else 'none'}.")


def _tests(paper: Paper, run: Run) -> None:
    paper.chapter("Tests")
    paper.says(
        "Each test that bears a requirement, with its result in this run and the requirements that it proves.",
        colour=MUTED,
    )
    proves: dict[str, list[str]] = {}
    for requirement, tests in proven().items():
        for test in tests:
            proves.setdefault(test, []).append(requirement)
    rows = [
        (test.removeprefix("tests/").replace("::", "\n"), run.verdicts.get(test, Verdict.NOT_RUN).label, ", ".join(ids))
        for test, ids in sorted(proves.items())
    ]
    paper.lists(("Test", "Result", "Proves"), rows, (58, 10, 32))
