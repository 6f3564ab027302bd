"""Digests of the report that a record came from."""

import hashlib
import hmac

from evidence.digests import digest_of, keyed_digest


def test_a_native_report_has_a_plain_digest() -> None:
    assert digest_of(b"{}", None) == hashlib.sha256(b"{}").digest()


def test_a_translated_report_has_a_digest_keyed_by_its_salt() -> None:
    keyed = hmac.new(b"salt", b"<xml/>", hashlib.sha256).digest()
    assert keyed_digest(b"salt", b"<xml/>") == digest_of(b"<xml/>", b"salt") == keyed
    assert keyed_digest(b"other", b"<xml/>") != keyed
