"""Requirement and test know each other: nothing is an orphan on either side, and what is named exists."""

import json
import re

import pytest
from django.core.management import get_commands

from docs.generate import evidence, traceability
from oversight.runtime.processes import ROOT
from oversight.web.validation.places import COMMAND, DOCUMENT, place
from oversight.web.validation.proof import PROVEN, figures
from oversight.web.validation.requirement import Requirement, Way, requirements, sources
from oversight.web.validation.table import figures_in_words
from tests.matrix.inventory import routes

from .markers import proofs

ALL = [each for source in sources() for each in source.requirements]
PART_11 = (
    *(f"11.10({letter})" for letter in "abcdefghij"), "11.10(k)(1)", "11.10(k)(2)", "11.30",
    "11.50(a)(1)", "11.50(a)(2)", "11.50(a)(3)", "11.50(b)", "11.70",
    "11.100(a)", "11.100(b)", "11.100(c)(1)", "11.100(c)(2)",
    "11.200(a)(1)", "11.200(a)(1)(i)", "11.200(a)(1)(ii)", "11.200(a)(2)", "11.200(a)(3)", "11.200(b)",
    *(f"11.300({letter})" for letter in "abcde"),
)  # fmt: skip


@pytest.mark.requirement("A11-4-4", "A11D-req")
def test_nothing_is_an_orphan_on_either_side() -> None:
    marked = proofs()
    promised = {each.id for each in ALL if each.way is Way.AUTOMATED}
    assert sorted(promised - set(marked)) == [], "said to be automated, and no test bears it"
    assert sorted(set(marked) - promised) == [], "a test bears what is no automated requirement"


def test_each_requirement_stands_once() -> None:
    assert len(ALL) == len(requirements()) == len({each.id for each in ALL})


def test_every_clause_of_part_11_is_answered() -> None:
    clauses = {each.clause for each in next(source for source in sources() if source.slug == "part-11").requirements}
    assert clauses == set(PART_11)


@pytest.mark.parametrize("each", ALL, ids=lambda each: each.id)
def test_what_is_said_of_it_is_whole(each: Requirement) -> None:
    assert each.asks.endswith(".") and each.asks[0].isupper() and len(each.asks) < 160
    assert not each.why or each.why.endswith(".")
    if each.way is Way.AUTOMATED:
        assert each.where, "where it is met"
    else:
        assert each.why, "why no test proves it"


def test_every_page_command_and_document_that_is_named_exists() -> None:
    pages = {f"{route.door}:{route.name}" if route.door else route.name for route in routes()}
    commands, missing = get_commands(), []
    for each in ALL:
        for named in each.where:
            if named.startswith(COMMAND):
                there = named.removeprefix(COMMAND) in commands
            elif named.startswith(DOCUMENT):
                there = (ROOT / named.removeprefix(DOCUMENT)).is_file()
            else:
                there = named in pages
            missing += [] if there else [(each.id, named)]
    assert missing == []


def test_a_page_of_a_sponsor_leads_there_for_who_may_pass_the_door() -> None:
    assert place("workspace:audit-trail", sponsor="acme", door="workspace").address == "/acme/audit-trail/"
    assert place("workspace:audit-trail", sponsor="acme", door="portal").address == ""
    assert place("workspace:deviations-history", sponsor="acme", door="workspace").address == ""
    assert place("help-signatures").address == "/help/signatures/"
    assert place("command:verify_trail").words == "manage verify_trail"


@pytest.mark.requirement("A11-4-4", "A11D-req")
def test_the_table_is_fresh() -> None:
    stale = [path.name for path, text in (evidence() | traceability()).items() if path.read_text() != text]
    assert stale == [], "python -m docs.generate, twice where a marker moved"


def test_the_markers_are_those_that_the_suite_itself_reads(request: pytest.FixtureRequest) -> None:
    """What is read from the files is what pytest has, of the tests that are collected here."""
    shipped = json.loads(PROVEN.read_text())
    for item in request.session.items:
        test = item.nodeid.partition("[")[0]
        for mark in item.iter_markers("requirement"):
            assert [each for each in mark.args if test not in shipped[each]] == [], test


def test_six_of_ten_at_least_are_automated() -> None:
    told = figures()
    print(figures_in_words())
    assert told["AUTOMATED"] + told["PROCEDURAL"] + told["NOT_APPLICABLE"] + told["GAP"] == told["total"] == len(ALL)
    assert told["AUTOMATED"] * 100 >= 60 * told["total"]
    assert re.fullmatch(r"\d+ requirements: .* \(\d+ %\).* tests\.", figures_in_words())
