"""The partner's portal: one inbox over all sponsors, and a home at each of them."""
