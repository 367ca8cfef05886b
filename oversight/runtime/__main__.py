"""`python -m oversight.runtime up|test|bench|manage`, to which dev.py hands over."""

import os
import sys
from collections.abc import Sequence

from oversight.runtime import chromium, commands, processes, supervisor
from oversight.runtime.refusal import Refusal

# Two processes, each with servers of its own; whoever is done first helps the other.
WHOLE_SUITE = ("-n", "2", "--dist", "worksteal", "--durations", "25")


def run(command: str, arguments: Sequence[str]) -> int:
    """Do what `command` names and return the exit code."""
    match command:
        case "up":
            if arguments:
                raise Refusal("`up` takes no arguments; it reads PORT and DATA_DIR from the environment.")
            return supervisor.up(os.environ)
        case "manage":
            return commands.manage(arguments, os.environ)
        case "bench":
            return commands.bench(arguments, os.environ)
        case "test":
            environment = os.environ | {"CHROMIUM": chromium.ensure_chromium()}
            processes.become([sys.executable, "-m", "pytest", *(arguments or WHOLE_SUITE)], environment)
    raise Refusal(f"There is no command {command!r}; there are up, test, bench and manage.")


def main() -> None:
    """Run the command of the command line; a refusal is a sentence and exit code 1."""
    try:
        sys.exit(run(sys.argv[1] if sys.argv[1:] else "", sys.argv[2:]))
    except Refusal as refusal:
        sys.exit(str(refusal))
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
