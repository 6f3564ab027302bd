"""Where goods are, legally, and the customs status and supervision that go with it."""

from enum import StrEnum


class Situation(StrEnum):
    """Where a quantity is, legally. The ledger of a line is a quantity for each of these."""

    AWAITED = "AWAITED"
    OUTSIDE = "OUTSIDE"
    ENTERED = "ENTERED"
    IRREGULAR = "IRREGULAR"
    TEMP_STORAGE = "TEMP_STORAGE"
    STORAGE_MOVING = "TEMP_STORAGE/MOVING"
    STORAGE_DECLARED = "TEMP_STORAGE/DECLARED"
    EXTERNAL_TRANSIT = "EXTERNAL_TRANSIT"
    INTERNAL_TRANSIT = "INTERNAL_TRANSIT"
    TRANSIT_ENDED = "TRANSIT_ENDED"
    CUSTOMS_WAREHOUSE = "CUSTOMS_WAREHOUSE"
    INWARD_PROCESSING = "INWARD_PROCESSING"
    OUTWARD_RELEASED = "OUTWARD_PROCESSING/RELEASED"
    OUTWARD_PROCESSING = "OUTWARD_PROCESSING"
    RELIEF_LAPSED = "RELIEF_LAPSED"
    FREE_CIRCULATION = "FREE_CIRCULATION"
    EXPORT_RELEASED = "EXPORT_RELEASED"
    EXITED = "EXITED"
    BREACHED = "BREACHED"
    UNDER_INVESTIGATION = "UNDER_INVESTIGATION"
    LOST = "LOST"
    DESTROYED = "DESTROYED"
    DEEMED_WAREHOUSE = "DEEMED_WAREHOUSE"
    UNASSIGNED = "UNASSIGNED"
    PASSED_ON = "PASSED_ON"
    DISCHARGED = "DISCHARGED"
    NEVER_THERE = "NEVER_THERE"
    UNION_PRESUMED = "UNION_PRESUMED"


class Status(StrEnum):
    """Customs status (Article 5(22) to (24))."""

    UNION = "UNION"
    NON_UNION = "NON_UNION"


class Supervision(StrEnum):
    """Whether goods are under customs supervision, and whether it is intact (Article 134)."""

    YES = "YES"
    BROKEN = "BROKEN"
    NO = "NO"


_OUT = (Status.NON_UNION, Supervision.NO)
_HERE = (Status.NON_UNION, Supervision.YES)
_BROKEN = (Status.NON_UNION, Supervision.BROKEN)
_UNION = (Status.UNION, Supervision.NO)
STANDING: dict[Situation, tuple[Status, Supervision] | None] = {
    Situation.AWAITED: None,
    Situation.OUTSIDE: _OUT,
    Situation.ENTERED: _HERE,
    Situation.IRREGULAR: _BROKEN,
    Situation.TEMP_STORAGE: _HERE,
    Situation.STORAGE_MOVING: _HERE,
    Situation.STORAGE_DECLARED: _HERE,
    Situation.EXTERNAL_TRANSIT: _HERE,
    Situation.INTERNAL_TRANSIT: (Status.UNION, Supervision.NO),
    Situation.TRANSIT_ENDED: None,
    Situation.CUSTOMS_WAREHOUSE: _HERE,
    Situation.INWARD_PROCESSING: _HERE,
    Situation.OUTWARD_RELEASED: (Status.UNION, Supervision.YES),
    Situation.OUTWARD_PROCESSING: _OUT,
    Situation.RELIEF_LAPSED: _OUT,
    Situation.FREE_CIRCULATION: _UNION,
    Situation.EXPORT_RELEASED: (Status.UNION, Supervision.YES),
    Situation.EXITED: _OUT,
    Situation.BREACHED: _BROKEN,
    Situation.UNDER_INVESTIGATION: _BROKEN,
    Situation.LOST: None,
    Situation.DESTROYED: None,
    Situation.DEEMED_WAREHOUSE: _HERE,
    Situation.UNASSIGNED: _HERE,
    Situation.PASSED_ON: None,
    Situation.DISCHARGED: None,
    Situation.NEVER_THERE: None,
    Situation.UNION_PRESUMED: _UNION,
}
"""Status and supervision read off the situation; `None` where the goods are told of elsewhere."""
