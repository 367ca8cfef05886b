"""The cascade at work: what is said at one place moves the study, and nobody reads beyond its own."""
