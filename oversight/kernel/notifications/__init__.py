"""Notices to people: in the product, by e-mail, and in their calendars."""
