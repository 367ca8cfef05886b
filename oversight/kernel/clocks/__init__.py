"""Everything that is due: by when, by which rule, and whose clock it is."""
