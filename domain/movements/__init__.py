"""How acts move the ledger of a movement: one module a kind, each read as a state table."""
