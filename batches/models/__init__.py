"""Supply: campaigns, batches with their holds, clinical lots, and what went into what."""

from .batch import Batch
from .campaign import Campaign
from .genealogy import GenealogyEdge
from .hold import BatchHold
from .lot import Lot

__all__ = ["Batch", "BatchHold", "Campaign", "GenealogyEdge", "Lot"]
