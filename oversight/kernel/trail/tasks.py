"""What beat asks of the trail."""

import logging

from oversight.celery import app

from .seals import SealRefused, seal

logger = logging.getLogger(__name__)


@app.task(time_limit=600)
def seal_trail() -> str:
    """Seal what finished since the last minute; a refusal stands on the health page and in the log."""
    try:
        block = seal()
    except SealRefused as refusal:
        logger.error("The trail is not sealed: %s", refusal)
        return f"refused: {refusal}"
    return f"block {block}" if block else "nothing new"
