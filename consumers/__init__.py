"""Intake: what arrives, in our form or in another, becomes facts in the log."""
