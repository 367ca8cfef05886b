"""One's own account: signing in, second factors, sessions, password, profile."""
