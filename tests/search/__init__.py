"""The search: what each finds, and what nobody does."""
