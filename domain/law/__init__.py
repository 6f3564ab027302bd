"""The law as dated, cited values and small pure functions; it imports nothing else of ours."""
