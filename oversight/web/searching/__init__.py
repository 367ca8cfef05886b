"""The search page, and the palette that Ctrl-K opens."""
