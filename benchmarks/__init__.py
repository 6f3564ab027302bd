"""How fast the tracker is, measured on the reports of a busy port that `generator` makes up."""
