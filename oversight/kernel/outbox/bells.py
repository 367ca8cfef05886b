"""What the relay rings for: tables of what is owed (models.Owed), each with the task that sees to a row of it."""

BELLS = {"outbox_event": "outbox.deliver", "outbox_delivery": "outbox.post"}


def ring_for(table: str, task: str) -> None:
    """Have the relay ring `task` for the due rows of `table`, in the `ready()` of its app.

    The table's model is an `Owed` whose RIGHTS let the relay read it and write its progress.
    """
    if BELLS.setdefault(table, task) != task:
        raise ValueError(f"{table} has a task already: {BELLS[table]}.")
