"""The figures as a file beside the data of the bench: what the curves of docs/performance.md are drawn from."""

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from .report import Row


def noting(place: Path, head: str) -> Callable[[Row], None]:
    """What writes each row as soon as it is measured; the file of a run that was cut short says what there was."""
    rows: list[dict[str, object]] = []

    def note(row: Row) -> None:
        rows.append(asdict(row) | {"met": row.met})
        draft = place.with_suffix(".arriving")
        draft.write_text(json.dumps({"head": head, "rows": rows}, indent=1) + "\n")
        draft.replace(place)

    return note
