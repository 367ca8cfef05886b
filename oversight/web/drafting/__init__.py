"""Drafts of forms, kept apart from records."""
