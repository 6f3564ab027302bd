"""What is known and what the law makes of it, as pure functions."""
