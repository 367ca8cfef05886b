"""What looks like a secret, or like the inside of the machine on which somebody worked, line by line."""

import math
import re
from collections import Counter
from collections.abc import Iterator

PATTERNS = {
    "private key": re.compile(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY"),
    "key of a cloud": re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bAIza[\w-]{35}\b"),
    "token of a code host": re.compile(r"\b(?:gh[pousr]_|github_pat_|glpat-)\w{16,}"),
    "token of a service": re.compile(r"\bxox[abeoprs]-[\w-]{10,}|\b[rs]k_live_\w{16,}|\bpypi-AgE\w{20,}|\bnpm_\w{30,}"),
    "key of the product": re.compile(r"\b(?:ovs|whsec)_[\w-]{24,}"),
    "signed token": re.compile(r"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}"),
    "password in an address": re.compile(r"\b[a-z][a-z0-9+]*://[^\s/:@\"'{}$<]+:[^\s/@\"'{}$<]{3,}@"),
    "password in so many words": re.compile(
        r"""(?i)\b\w*(?:password|passwd|secret|token|api_?key)["']?\s*[:=]\s*["'][^"'\s{}$<]{8,}["']"""
    ),
    "setting of a registry": re.compile(r"(?i)(?:extra-)?index-url|trusted-host|find-links|_authToken"),
    "path of a machine": re.compile(r"(?<![\w.$}])/(?:home|root|Users|work|workspace|builds|mnt)/\w+|[A-Z]:\\Users\\"),
}
_WORDS = re.compile(r"[A-Za-z0-9+/=_-]{24,}")
_HEX = re.compile(r"[0-9a-fA-F]+")


def entropy(word: str) -> float:
    """Bits a character: near 4 for chance in hexadecimal, above 4.5 in base64, less for what people write."""
    return -sum(count / len(word) * math.log2(count / len(word)) for count in Counter(word).values())


def is_by_chance(word: str) -> bool:
    """Whether nobody would have thought of `word`: a long row of letters and digits with no pattern in it."""
    if _HEX.fullmatch(word):
        return len(word) >= 32 and entropy(word) > 3.2
    mixed = any(c.isdigit() for c in word) and any(c.isupper() for c in word) and any(c.islower() for c in word)
    return mixed and entropy(word) > 4.2


def suspicions(text: str) -> Iterator[tuple[int, str, str]]:
    """The number of each line that looks so, what it looks like, and the part of it that does."""
    for number, line in enumerate(text.splitlines(), 1):
        for what, pattern in PATTERNS.items():
            if found := pattern.search(line):
                yield number, what, found[0]
        for word in _WORDS.findall(line):
            if is_by_chance(word):
                yield number, "chance", word
