"""Digests of a report as it was received.

The leaf of a record covers a digest of the report that it came from.
A native report is the body of its record, so its digest is a plain SHA-256.
The raw bytes of a translated report may have to be erased one day, and they often hold little but
guessable identifiers, so their digest is keyed: without the salt it says nothing about them.
"""

import hashlib
import hmac

SALT_BYTES = 32


def keyed_digest(salt: bytes, raw: bytes) -> bytes:
    """The 32 bytes of HMAC-SHA-256 of a translated report under its own salt."""
    return hmac.digest(salt, raw, "sha256")


def digest_of(raw: bytes, salt: bytes | None) -> bytes:
    """The digest that a record keeps of `raw`: keyed when there is a salt, plain when not."""
    return hashlib.sha256(raw).digest() if salt is None else keyed_digest(salt, raw)
