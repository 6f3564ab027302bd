"""From a case to a judgement: walk legal time, then say who owes what (D4, D8)."""
