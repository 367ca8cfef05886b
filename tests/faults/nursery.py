"""`python -m tests.faults.nursery`: a warm process that bears workers and relays, so that killing them costs no start.

Each line that it reads is one child to bear (`worker`, `plain`, `telling`, `posting`, `skewed_worker`, `web` or
`skewed_web` and its port, `relay` and the point at which it dies); it answers with the process id. At the end of its
input it takes all of them along.
"""

import contextlib
import os
import signal
import sys
from collections.abc import Callable

import django

from oversight.runtime.processes import ending_with_parent


def main() -> None:
    """Bear what is asked for."""
    django.setup()
    from . import skew
    from .mortal import plain, posting, relay, telling, web, worker

    lives: dict[str, Callable[..., None]] = {
        "worker": worker,
        "plain": plain,
        "telling": telling,
        "posting": posting,
        "relay": relay,
        "web": web,
        "skewed_web": skew.web,
        "skewed_worker": skew.worker,
    }
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the dead
    born = []
    for line in sys.stdin:
        kind, *arguments = line.split()
        arrange = ending_with_parent(signal.SIGKILL)
        if not (pid := os.fork()):
            os.setpgid(0, 0)
            arrange()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            os.dup2(2, 1)
            lives[kind](*arguments)
            os._exit(0)
        born.append(pid)
        print(pid, flush=True)
    for pid in born:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)


if __name__ == "__main__":
    main()
