"""The partners: CDMOs, their sites and their people, as one sponsor keeps them."""

from .cdmo import CDMO
from .contact import Contact
from .site import Site

__all__ = ["CDMO", "Contact", "Site"]
