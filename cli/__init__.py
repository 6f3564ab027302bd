"""The `customs` command."""
