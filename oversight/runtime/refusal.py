"""The one error that a person at the keyboard reads."""


class Refusal(Exception):
    """What cannot be done, and what to do about it, in a sentence; printed without a traceback."""
