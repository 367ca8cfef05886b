"""What happened, written down in the transaction that did it, and delivered from there."""

from .publishing import publish
from .subscribers import Subscriber, subscribe

__all__ = ["Subscriber", "publish", "subscribe"]
