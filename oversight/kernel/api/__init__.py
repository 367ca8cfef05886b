"""The REST entrance: keys, idempotency, and every record kind as JSON."""
