"""What stands on the topics: facts, verdicts, present positions, as records and read again."""
