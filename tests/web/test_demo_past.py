"""The past of the demo world: told by one pen as it would have been lived, always the same, and believable."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from oversight.kernel.clocks.models import Clock
from oversight.kernel.comments.models import Comment
from oversight.kernel.database.roles import acting_as
from oversight.kernel.esign.models import Signature
from oversight.kernel.trail.change import change
from oversight.kernel.trail.models import Record
from oversight.web.demo import world
from oversight.web.demo.chronicle import Chronicle
from oversight.web.demo.events import Ago, Did, Event, Said
from oversight.web.demo.past import past_of
from oversight.web.demo.people import MARROWFEN, TARN
from oversight.web.demo.telling import tell
from quality.models import Deviation

CAUSE = {
    "why_1": "Why was the wrong lot charged?",
    "because_1": "Two lots stood in one staging area.",
    "root_cause": "The staging check does not compare lot numbers.",
    "root_cause_category": "METHOD",
}
LIVED = Event(
    cdmo="Corvane Biologics",
    site="Basel",
    by="lena.brunner",
    hands="jonas.iten",
    aware=Ago(90, "09:00"),
    told=50,
    contained=(5, 12, 31, 40, 58),
    values={
        "title": "Wrong buffer lot charged to hold tank",
        "description": "Lot B-2207 instead of B-2211.",
        "severity": "MINOR",
        "event_type": "RECORD_DISCREPANCY",
        "partner_number": "CB-1",
    },
    since=(
        Did(Ago(90, "12:00"), "pascal.renard", "accept-report"),
        Did(Ago(89, "09:00"), "ingrid.solvang", "take", task="verify-correction"),
        Said(Ago(88, "09:00"), "pascal.renard", "Is any other batch touched?", shared=True),
        Said(Ago(88, "10:00"), "lena.brunner", "None."),
        Said(Ago(88, "11:00"), "marta.oliveira", "No effect on the slot."),
        Did(Ago(85, "09:00"), "lena.brunner", "submit-root-cause", "", CAUSE),
        Did(Ago(84, "09:00"), "pascal.renard", "return-root-cause", "Who compares them today?"),
        Did(Ago(83, "09:30"), "lena.brunner", "finish", "", {"note": "Page 41 corrected."}, "correct-record"),
        Did(Ago(80, "09:00"), "lena.brunner", "submit-root-cause", "", CAUSE | {"root_cause_category": "MACHINE"}),
        Did(Ago(79, "09:00"), "yusuf.demir", "return-root-cause", "And which machine is that?"),
        Did(Ago(79, "13:00"), "pascal.renard", "not-needed", "Seen with the answer.", {}, "verify-correction"),
        Did(Ago(75, "09:00"), "jonas.iten", "submit-root-cause", "", CAUSE),
        Did(Ago(74, "10:15"), "pascal.renard", "accept-root-cause", "The check explains it."),
        Did(Ago(73, "08:40"), "ingrid.solvang", "close", "Reviewed with the corrected record."),
    ),
)
VOIDED = replace(
    LIVED,
    by="pascal.renard",
    contained=(5, 12),
    values=LIVED.values | {"title": "Entered twice", "partner_number": ""},
    since=(
        Did(Ago(90, "09:52"), "pascal.renard", "accept-report"),
        Did(Ago(90, "09:55"), "ingrid.solvang", "void", "The other report stands."),
    ),
)
# What two tellings of one story differ in: keys and numbers, and what follows from them.
OWN = {"id", "history_id", "history_txid", "history_request", "number", "partner_number", "record_id", "deviation_id"}
OWN |= {"deviation", "digest", "signed_history", "due_at", "due_label", "due_side"}


@pytest.fixture
def told_twice(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[world._Sponsorship]:
    """Each story through the doors and by the pen, at one sponsor; the doors are first."""
    standing: list[world._Sponsorship] = []

    def events(self: world._Sponsorship, cdmos: dict[str, Any], story: Any) -> None:
        standing.append(self)
        if self.sponsor.slug == MARROWFEN:
            for event in (LIVED, VOIDED):
                tell(event, self, cdmos)
            again = replace(LIVED, values=LIVED.values | {"partner_number": "CB-2"})
            Chronicle(self, self.system, cdmos).tell([again, VOIDED])

    monkeypatch.setattr(world._Sponsorship, "_events", events)
    with acting_as("loader"):
        world.load()
    yield standing[0]


def test_a_story_told_by_the_pen_leaves_what_it_leaves_when_it_is_lived(told_twice: world._Sponsorship) -> None:
    with change(by=told_twice.system, reason="Read."):
        lived, voided, lived_again, voided_again = Deviation.objects.order_by("number")
        assert [lived.status, voided.status] == ["CLOSED", "VOID"]
        assert [lived.returned_count, lived_again.returned_count] == [2, 2]
        for one, other in ((lived, lived_again), (voided, voided_again)):
            for mine, its in zip(_versions(one), _versions(other), strict=True):
                assert mine == its
        assert len(_versions(lived)) == 46
        assert [one.due_at for one in Deviation.objects.all()] == [None] * 4
        assert [one.open_tasks for one in Deviation.objects.all()] == [0] * 4


def _versions(record: Deviation) -> list[tuple[str, dict[str, Any]]]:
    """Every version of everything that belongs to the deviation, row by row."""
    tasks = list(record.tasks.order_by("rule"))
    about: list[Record] = [record, *tasks]
    for owner in (record, *tasks):
        key = {"kind": owner._meta.db_table, "record_id": owner.pk}
        about += list(Clock.objects.filter(**key).order_by("name", "started_at"))
        about += list(Comment.objects.filter(**key).order_by("said_at"))
        about += list(Signature.objects.filter(**key))
    return [
        (
            type(row).__name__,
            {name: value for name, value in version.items() if name not in OWN},
        )
        for row in about
        for version in row.history.order_by("history_id").values()
    ]


def test_the_past_has_the_same_shape_on_any_day() -> None:
    days = [datetime(2026, 11, 23, 4, 30, tzinfo=UTC) + timedelta(days=n, hours=5 * n) for n in range(8)]
    shapes = [{slug: [_shape(event) for event in _by_cdmo(slug, day)] for slug in (MARROWFEN, TARN)} for day in days]
    assert all(shape == shapes[0] for shape in shapes)
    assert Counter(cdmo for cdmo, *_ in shapes[0][MARROWFEN]) == {
        "Corvane Biologics": 66, "Sterivale": 44, "Noxbury Vectors": 40, "Peltraq Analytical": 20,
        "Packmoor Logistics": 20, "Quillmere Pharma": 3,
    }  # fmt: skip
    assert len(shapes[0][TARN]) == 30
    assert Counter(title for _, title, _ in shapes[0][MARROWFEN]).most_common(1)[0][1] <= 3


def _shape(event: Event) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    """Where it was, what it was, and what became of it: who did what."""
    acts = ((act.by, act.move if isinstance(act, Did) else act.text) for act in event.since)
    return event.cdmo, event.values["title"], tuple(sorted(acts))


def _by_cdmo(slug: str, day: datetime) -> list[Event]:
    return sorted(past_of(slug, day), key=lambda event: (event.cdmo, event.values["partner_number"]))


@pytest.mark.parametrize("hour", range(0, 24, 3))
def test_every_story_of_the_past_ends_before_the_present_and_goes_forward(hour: int) -> None:
    for day in range(7):
        present = datetime(2026, 11, 23, hour, 7, tzinfo=UTC) + timedelta(days=day)
        for event in past_of(MARROWFEN, present) + past_of(TARN, present):
            told = event.told_at(present)
            moments = [act.ago.before(present) for act in event.since]
            assert event.aware.before(present) < told < moments[0]
            assert moments == sorted(moments)
            assert moments[-1] < present - timedelta(days=1)
            acts = [act for act in event.since if isinstance(act, Did)]
            closing = [act for act in acts if act.move in ("close", "void")]
            assert len(closing) == 1
            assert closing[0].ago.before(present) == moments[-1]
            if closing[0].move == "close":
                accepted = [act.by for act in acts if act.move == "accept-root-cause"]
                answered = [act.by for act in acts if act.move == "submit-root-cause"]
                assert len({closing[0].by, *accepted, answered[-1]}) == 3
