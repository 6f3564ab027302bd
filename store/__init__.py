"""The log: facts, links, outcomes and offsets in one order, written in one transaction."""
