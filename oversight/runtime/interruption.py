"""Turns the signals that ask for the end into an exception, so that what was started is ended in order."""

import signal

ASKING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupted(Exception):
    """Somebody asked for the end: Ctrl-C, SIGTERM or a closed terminal."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.exit_code = 128 + number


def heed() -> None:
    """From now on raise `Interrupted` in the main thread when somebody asks for the end."""
    for number in ASKING:
        signal.signal(number, _interrupt)


def ignore() -> None:
    """From now on finish in peace: a second Ctrl-C must not cut an orderly end short."""
    for number in ASKING:
        signal.signal(number, signal.SIG_IGN)


def _interrupt(number: int, _frame: object) -> None:
    ignore()
    raise Interrupted(number)
