"""Stories: dated goods histories with the legal outcome expected, played and compared."""
