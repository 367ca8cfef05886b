"""The links of a file beside those that stand: no loop, no link twice, none to a step that is not there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from techtransfer.models import Dependency, Milestone
from techtransfer.models.dependency import LONGEST_LAG
from techtransfer.schedule import CycleError, Link, Node, compile_network

from .cells import shortened
from .standing import Standing
from .values import Findings, LinkRow, Place

Key = tuple[str, str, str]
MOST_NAMED = 8
MOST_HINTS = 20  # the nearest of many names takes a while to find


@dataclass(slots=True)
class ChangedLink:
    """One link of which the file says something else than stands."""

    link: Dependency  # as it would be
    row: LinkRow
    was: dict[str, Any]


@dataclass(slots=True)
class Links:
    """What a file does to the links of a programme."""

    new: list[LinkRow] = field(default_factory=list)
    changed: list[ChangedLink] = field(default_factory=list)
    unchanged: int = 0
    missing: list[tuple[Key, Dependency]] = field(default_factory=list)


def compare_links(
    rows: list[LinkRow], standing: Standing, steps: Mapping[str, Milestone], named: set[str], findings: Findings
) -> Links:
    """All rows; the links between steps of the file that no row names are kept, and said. `named`: the file's ids."""
    known = {
        (standing.ids[link.predecessor_id], standing.ids[link.successor_id], link.link): link
        for link in standing.links
        if link.predecessor_id in standing.ids and link.successor_id in standing.ids
    }
    found, seen = Links(), dict[Key, Place]()
    for row in rows:
        if not _leads(row, steps, findings):
            continue
        if (first := seen.get(row.key)) is not None:
            findings.error(
                row.place, f"{row.before} and {row.after} are linked by {row.link} in row {first.row} already."
            )
            continue
        seen[row.key] = row.place
        if (link := known.get(row.key)) is None:
            found.new.append(row)
        elif was := _differs(link, row):
            found.changed.append(ChangedLink(link, row, was))
        else:
            found.unchanged += 1
    found.missing = [(key, link) for key, link in known.items() if key not in seen and key[1] in named]
    _refuse_loop({*known, *seen}, seen, steps, findings)
    return found


def _leads(row: LinkRow, steps: Mapping[str, Milestone], findings: Findings) -> bool:
    for column, name in (("Predecessor", row.before), ("Successor", row.after)):
        if name not in steps:
            near = get_close_matches(name, steps, 1, 0.7) if findings.errors < MOST_HINTS else []
            hint = f" Do you mean {near[0]}?" if near else ""
            at = row.place if row.place.column else row.place.at(column)
            findings.error(at, f"No step has the ID “{shortened(name)}”.{hint}")
            return False
    if row.before == row.after:
        findings.error(row.place, "A step does not wait for itself.")
        return False
    if abs(row.lag_days) > LONGEST_LAG:
        findings.error(row.place if row.place.column else row.place.at("Lag"), "That is more than ten years.")
        return False
    return True


def _differs(link: Dependency, row: LinkRow) -> dict[str, Any]:
    """By field what stands; the link is then as the file says."""
    says: dict[str, Any] = {"lag_days": row.lag_days, "lag_unit": row.lag_unit}
    if row.note is not None:
        says["note"] = row.note
    if not row.lag_days and not link.lag_days:
        del says["lag_unit"]  # no days are no days, whichever are counted
    was = {name: getattr(link, name) for name, value in says.items() if getattr(link, name) != value}
    for name in was:
        setattr(link, name, says[name])
    return was


def _refuse_loop(keys: set[Key], seen: dict[Key, Place], steps: Mapping[str, Milestone], findings: Findings) -> None:
    ends = sorted({(before, after) for before, after, _ in keys})
    try:
        compile_network(
            [Node(name, 0) for name in sorted({name for pair in ends for name in pair})], [Link(*pair) for pair in ends]
        )
    except CycleError as error:
        loop = [str(name) for name in error.cycle]
        pairs = set(zip(loop, [*loop[1:], loop[0]], strict=True))
        places = [place for (before, after, _), place in seen.items() if (before, after) in pairs]
        words = [f"{name} {steps[name].title}" if name in steps else name for name in loop]
        if len(words) > MOST_NAMED:
            words = [*words[: MOST_NAMED - 2], f"{len(words) - MOST_NAMED + 1} more steps", words[-1]]
        told = " → ".join([*words, words[0]])
        findings.error(places[-1] if places else Place("Dependencies"), f"This closes a loop: {told}. Take a link out.")
