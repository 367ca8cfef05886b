"""The two locks as they stand, and what is wrong with one: findings, so that a test can also hand it a bad lock."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

OLD = timedelta(days=180)
US = "oversight"
_PIN = re.compile(r"(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)==(?P<version>[^\s;\\]+)(?: ; (?P<marker>[^\\]+?))?(?: \\)?")
_HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}(?: \\)?")
_VIA = re.compile(r"    #(?: via)?(?:   | )?(?P<by>\S.*)?")


@dataclass(frozen=True, slots=True)
class Pin:
    """One line of a lock, with how many hashes hold it and who asked for it."""

    name: str
    version: str
    hashes: int
    asked_by: frozenset[str]


def read(lock: str) -> tuple[list[Pin], list[str]]:
    """The pins of a lock, and each line that is neither a pin, a hash nor a remark."""
    pins: list[Pin] = []
    strange = []
    for line in lock.splitlines():
        if found := _PIN.fullmatch(line):
            pins.append(Pin(canonicalize_name(found["name"]), found["version"], 0, frozenset()))
        elif pins and _HASH.fullmatch(line):
            pins[-1] = Pin(pins[-1].name, pins[-1].version, pins[-1].hashes + 1, pins[-1].asked_by)
        elif pins and (found := _VIA.fullmatch(line)):
            by = {canonicalize_name(found["by"].split(" (")[0])} if found["by"] and found["by"] != "via" else set()
            pins[-1] = Pin(pins[-1].name, pins[-1].version, pins[-1].hashes, pins[-1].asked_by | by)
        elif line.strip():
            strange.append(line)
    return pins, strange


def findings(lock: str, wanted: Iterable[str]) -> list[str]:
    """What keeps a lock from being exactly what `wanted` (lines of pyproject.toml) needs, pinned by hash."""
    pins, strange = read(lock)
    requirements = {canonicalize_name(each.name): each for each in map(Requirement, wanted)}
    names = {pin.name for pin in pins}
    found = [f"not pinned by version and hash: {line}" for line in strange]
    found += [f"no hash: {pin.name}" for pin in pins if not pin.hashes]
    found += [f"not locked: {name}" for name in requirements if name not in names]
    for pin in pins:
        requirement = requirements.get(pin.name)
        if requirement and pin.version not in requirement.specifier:
            found.append(f"out of range: {pin.name} {pin.version}, {requirement.specifier} is asked for")
        if (US in pin.asked_by) is not (requirement is not None):
            found.append(f"the lock and pyproject.toml disagree on who asks for {pin.name}")
    reached = {US}
    while more := {pin.name for pin in pins if pin.asked_by & reached} - reached:
        reached |= more
    return found + [f"nobody asks for it: {name}" for name in sorted(names - reached)]


def affected(pins: Iterable[Pin], advisories: Iterable[Mapping[str, Any]]) -> list[str]:
    """Locked versions that an advisory warns of."""
    return [
        f"{pin.name} {pin.version}: {each['id']}"
        for pin in pins
        for each in advisories
        if canonicalize_name(each["package"]) == pin.name
        and SpecifierSet(each["versions"]).contains(pin.version, prereleases=True)
    ]


def overdue(reviewed: date, today: date) -> str:
    """What to say when nobody has read the advisories for half a year; empty before."""
    if today - reviewed <= OLD:
        return ""
    return f"docs/advisories.toml was read {(today - reviewed).days} days ago: read it anew and set `reviewed`."
