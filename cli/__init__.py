"""The `customs` command: what it takes in, what it answers, and how it says so."""
