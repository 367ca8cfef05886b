"""What installed packages say of their licence, in few words: families, by which they can be compared with ours."""

import re
from importlib.metadata import PackageNotFoundError, metadata

FAMILIES = {
    "AGPL": r"AGPL|Affero",
    "LGPL": r"LGPL|Lesser General Public",
    "GPL": r"(?<![AL])GPL|GNU General Public",
    "MPL": r"MPL|Mozilla",
    "Apache": r"Apache",
    "BSD": r"BSD",
    "PSF": r"PSF|Python Software Foundation",
    "MIT": r"\bMIT\b|MIT-",
}


def families(text: str) -> set[str]:
    """The families that `text` names."""
    return {name for name, pattern in FAMILIES.items() if re.search(pattern, text)}


def installed(name: str) -> set[str] | None:
    """The families under which the installed package stands; None where it is not installed here."""
    try:
        told = metadata(name)
    except PackageNotFoundError:
        return None
    words = [told.get("License-Expression") or "", (told.get("License") or "").partition("\n")[0]]
    words += [each for each in told.get_all("Classifier") or [] if each.startswith("License")]
    return families("\n".join(words))


def stated(page: str) -> dict[str, set[str]]:
    """By each name that stands in bold on the page, the families named between it and the next one in bold."""
    found: dict[str, set[str]] = {}
    named: list[str] = []
    for part in re.split(r"(\*\*[^*]+\*\*)", page):
        if part.startswith("**"):
            named.append(re.sub(r"\[.*\]", "", part.strip("*")).lower())
        elif licence := families(part):
            found |= dict.fromkeys(named, licence)
            named = []
    return found
