"""Simulation of a programme: from the plan as it stands to the chance that its studies begin on their days."""

from techtransfer.warning.likelihood import Posterior

__all__ = ["Posterior"]
