"""The processes of the deployed form: each does one thing, in steps, and may be multiplied."""
