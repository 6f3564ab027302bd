"""Read models: judgements written as rows that answer questions."""
