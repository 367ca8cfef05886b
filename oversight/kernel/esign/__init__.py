"""Electronic signatures (21 CFR Part 11): who signs proves it with the password, and the record's version is bound."""

from .proving import Locked, Method, NotProven, Proof, objection, prove
from .signing import sign
from .verification import SeenSignature, State, signatures_of

__all__ = [
    "Locked",
    "Method",
    "NotProven",
    "Proof",
    "SeenSignature",
    "State",
    "objection",
    "prove",
    "sign",
    "signatures_of",
]
