"""What beat asks of what people keep beside the records, each night."""

from oversight.celery import app

from . import drafts


@app.task(time_limit=300)
def throw_away_old_drafts() -> None:
    """What was typed and never sent is kept for thirty days."""
    drafts.throw_away_old_drafts()
