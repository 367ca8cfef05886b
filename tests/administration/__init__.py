"""Settings of a sponsor: people, keys, webhooks, policy, access review."""
