"""The partners: CDMOs and their sites, as one sponsor keeps them."""

from .cdmo import CDMO
from .site import Site

__all__ = ["CDMO", "Site"]
