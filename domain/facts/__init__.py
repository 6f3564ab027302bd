"""What can be reported: one frozen model a fact, its stored name, its rank, and who may tell it."""

from domain.facts import (  # noqa: F401  (each import registers its facts)
    authorisation,
    debt,
    declaration,
    disposal,
    entry,
    exit,
    inventory,
    record,
    reference_data,
    temporary_storage,
    transit,
)
