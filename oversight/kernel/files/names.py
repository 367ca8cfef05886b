"""Names of files as they are kept: without a path, and without what nobody sees."""

import re
import unicodedata

MOST_BYTES = 180  # file systems end at 255, and a browser adds to a name that is taken
_FORBIDDEN = re.compile(r'[<>:"|?*]')
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})  # control, direction marks, surrogates, private


def tidy(name: str) -> str:
    """The name without folders, unseen and forbidden characters; shortened, its ending kept."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    seen = "".join(" " if mark in "\t\n\r" else mark for mark in last if _is_seen(mark) or mark in "\t\n\r")
    plain = " ".join(_FORBIDDEN.sub("_", seen).split()).strip(". ")
    stem, dot, ending = plain.rpartition(".")
    if not dot or len(ending) > 10:
        stem, dot, ending = plain, "", ""
    room = MOST_BYTES - len(f"{dot}{ending}".encode())
    stem = stem.encode()[:room].decode(errors="ignore").strip(". ")
    return f"{stem or 'file'}{dot}{ending}"


def _is_seen(mark: str) -> bool:
    return unicodedata.category(mark) not in _UNSEEN
