"""Which tests prove a requirement, and how they ended in one run of the suite."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from defusedxml.ElementTree import parse
from django.db.models import TextChoices

from .requirement import Requirement, Way, requirements

# Made from the markers of the suite by `python -m docs.generate`: where the product runs, its tests are not.
PROVEN = Path(__file__).parent / "proven.json"


class Verdict(TextChoices):
    """What a run says of one test or one requirement."""

    PASSED = "PASSED", "Passed"
    FAILED = "FAILED", "Failed"
    NOT_RUN = "NOT_RUN", "Not run"


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the suite, as its JUnit file tells it: the tests by their id, with the worst of their cases."""

    verdicts: dict[str, Verdict]
    seconds: float
    at: str

    def of(self, requirement: Requirement) -> Verdict | None:
        """Passed only where every test that proves it ran and passed; nothing for what no test proves."""
        if requirement.way is not Way.AUTOMATED:
            return None
        return worst(self.verdicts.get(test, Verdict.NOT_RUN) for test in proofs_of(requirement.id)) or Verdict.NOT_RUN

    def counts(self) -> Counter[Verdict]:
        """How many of the automated requirements ended how."""
        return Counter(verdict for each in requirements().values() if (verdict := self.of(each)))


@cache
def proven() -> dict[str, tuple[str, ...]]:
    """By requirement, the tests that bear its id."""
    return {key: tuple(tests) for key, tests in json.loads(PROVEN.read_text()).items()}


def proofs_of(requirement: str) -> tuple[str, ...]:
    """The tests that prove one requirement, by file and name."""
    return proven().get(requirement, ())


def worst(verdicts: Iterable[Verdict]) -> Verdict | None:
    """A failure before what did not run before what passed."""
    said = set(verdicts)
    return next((each for each in (Verdict.FAILED, Verdict.NOT_RUN, Verdict.PASSED) if each in said), None)


def read_run(path: Path) -> Run:
    """From the file that `pytest --junit-xml` writes."""
    tree = parse(path).getroot()
    suites = [tree] if tree.tag == "testsuite" else list(tree.iter("testsuite"))
    found: dict[str, Verdict] = {}
    for case in tree.iter("testcase"):
        module = case.get("classname", "").replace(".", "/")
        test = f"{module}.py::{case.get('name', '').partition('[')[0]}"
        found[test] = worst({found.get(test, Verdict.PASSED), _verdict({child.tag for child in case})})  # type: ignore[assignment]
    seconds = sum(float(suite.get("time") or 0) for suite in suites)
    return Run(found, seconds, min((suite.get("timestamp") or "" for suite in suites), default=""))


def _verdict(tags: set[str]) -> Verdict:
    if tags & {"failure", "error"}:
        return Verdict.FAILED
    return Verdict.NOT_RUN if "skipped" in tags else Verdict.PASSED


def figures() -> dict[str, int]:
    """How many requirements are met in which way, the shares in whole per cent, and how many tests prove them."""
    ways = Counter(each.way for each in requirements().values())
    total = ways.total()
    tests = {test for each in proven().values() for test in each}
    return {way.value: ways[way] for way in Way} | {
        "total": total,
        "tests": len(tests),
        "percent": ways[Way.AUTOMATED] * 100 // total,
    }
