"""A pytest plugin (`-p tests.planted.rounds`): instead of running the tests once, plant fault by fault and ask them.

Of the tests that were collected, those are asked first that the fault names; then, with `--battery`, all the others. A
fault is killed by an assertion of a test that holds without it, while the planted code ran.
"""

import json
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from _pytest.runner import runtestprotocol
from django.conf import settings

from .fault import ELSEWHERE, Fault, Misplanted, Traces


class Broken(Exception):
    """What was planted fell over its own feet: no test has judged it."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one fault."""

    name: str
    sort: str
    killed_by: str  # the test; empty: it survived
    seconds: float
    said: str  # the first line of the complaint, or why it survived


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--plant", default="", help="names or sorts of faults, by semicolons; empty: all")
    parser.addoption("--battery", action="store_true", help="ask every collected test about what its near ones miss")
    parser.addoption("--verdicts", required=True, help="the file that gets one line of JSON a fault")
    parser.addoption("--database", default="", help="the test database to use, which stands already")


def pytest_configure(config: pytest.Config) -> None:
    if name := config.getoption("--database"):
        settings.DATABASES["default"]["TEST"]["NAME"] = name


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool:
    from .faults import FAULTS  # pytest reads its plugins before Django has its apps

    wanted = set(filter(None, session.config.getoption("--plant").split(";")))
    rounds = Rounds(session)
    with Path(session.config.getoption("--verdicts")).open("w") as file:
        for fault in FAULTS:
            if not wanted or {fault.name, fault.sort} & wanted:
                verdict = rounds.judge(fault)
                file.write(json.dumps(asdict(verdict)) + "\n")
                file.flush()
    return True


class Rounds:
    """The tests of one session, asked again and again."""

    def __init__(self, session: pytest.Session) -> None:
        self.session, self.sound = session, dict[str, bool]()
        self.battery = session.config.getoption("--battery")

    def judge(self, fault: Fault) -> Verdict:
        began, said, asked = time.monotonic(), "no test complained", 0
        for item, routes in self.of(fault):
            asked += 1
            try:
                found = self.asked(fault, item, routes)
            except Misplanted as trouble:
                said = f"not planted: {trouble}"
                break
            except Broken as trouble:
                said = f"it breaks: {trouble}"
                continue
            if not found:
                continue
            said = found
            if self.holds(item, routes):
                took = time.monotonic() - began
                return Verdict(fault.name, fault.sort, f"{item.nodeid}{routes and f' @ {routes}'}", took, found)
        said = said if asked else "no near test was collected"
        return Verdict(fault.name, fault.sort, "", time.monotonic() - began, said)

    def of(self, fault: Fault) -> Iterator[tuple[pytest.Item, str]]:
        near = list[pytest.Item]()
        for name in fault.near:
            end, _, routes = name.partition(" @ ")
            for item in self.session.items:
                if end in item.nodeid:
                    near.append(item)
                    yield item, routes
        if self.battery:
            yield from ((item, "") for item in self.session.items if item not in near)

    def asked(self, fault: Fault, item: pytest.Item, routes: str) -> str:
        """What the test says of the fault; nothing: it passes, or breaks by something that is no judgement."""
        Traces.ran = 0
        with fault.plant():
            found = self.run(item, routes)
        return found if Traces.ran else ""

    def holds(self, item: pytest.Item, routes: str) -> bool:
        """Whether the test passes without any fault."""
        key = f"{item.nodeid} @ {routes}"
        if key not in self.sound:
            with suppress(Broken):
                self.sound[key] = not self.run(item, routes)
        return self.sound.setdefault(key, False)

    def run(self, item: Any, routes: str) -> str:
        from tests.matrix import test_matrix as matrix

        matrix.AT_ONCE, matrix.ONLY, matrix.BUDGET = True, tuple(routes.split()), float("inf")
        item._initrequest()
        # What lasts for the session stays: the next test is any other.
        after: Any = SimpleNamespace(listchain=lambda: [self.session], nodeid="")
        reports = runtestprotocol(item, log=False, nextitem=after)
        return next((_complaint(each) for each in reports if each.failed), "")


def _complaint(report: pytest.TestReport) -> str:
    """The first line of an assertion; a crash in what was planted is none."""
    crash = getattr(report.longrepr, "reprcrash", None)
    said = (crash.message if crash else str(report.longrepr)).strip()
    first = " ".join(said.splitlines()[:2])[:200]
    if crash is None or ELSEWHERE in str(crash.path) or "→ 500" in first:
        raise Broken(first)
    return first or "failed"
