"""Gap-free numbers, per sponsor and series."""
