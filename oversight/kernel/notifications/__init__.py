"""Notices to people: in the product and by e-mail."""
