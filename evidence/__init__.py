"""What makes the log provable: canonical bytes, digests, leaves."""
