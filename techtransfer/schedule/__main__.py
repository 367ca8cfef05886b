"""`python -m techtransfer.schedule`: plans from standard input, their dates to standard output."""

import json
import sys
from typing import BinaryIO, TextIO

from .plan import answer

REFUSED = 2


def run(plans: BinaryIO, answers: TextIO) -> int:
    """Answer every plan; the exit code is 0 when all of them have dates."""
    try:
        given = json.load(plans)
    except (ValueError, RecursionError) as trouble:
        told: object = {"error": "malformed", "detail": f"This is not JSON: {trouble}."}
        good = False
    else:
        each = [answer(plan) for plan in given] if isinstance(given, list) else [answer(given)]
        told = each if isinstance(given, list) else each[0]
        good = all("error" not in one for one in each)
    json.dump(told, answers)
    answers.write("\n")
    return 0 if good else REFUSED


if __name__ == "__main__":
    sys.exit(run(sys.stdin.buffer, sys.stdout))
