"""When partners are asked how far their steps are: every two weeks while a step is under way."""

EVERY = 14  # days from the begin, or from the last check-in, to the next one that is asked for
GRACE = 7  # days after which one that did not come counts as missed
AHEAD = 2  # days before, from which it can be answered in place


def asked_on(began: int, last: int | None) -> int:
    """The day on which the next check-in is asked for; days as the engine counts them."""
    return max(began, last if last is not None else began) + EVERY
