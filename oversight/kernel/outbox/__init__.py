"""What happened, written down in the transaction that did it, and delivered from there."""
