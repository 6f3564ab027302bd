"""The sorts of answers: what each is asked by, titled, and shown as."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, NamedTuple

from cli import cells
from cli.cells import Printing
from cli.naming import Query
from cli.tables import Row
from projections import queries
from projections.answers import (
    DeadlineView,
    DebtView,
    FindingView,
    GuaranteeView,
    PositionView,
    ProcedureView,
)


class Part(NamedTuple):
    """One sort of answer: its schema and record, its title, its columns, those with figures."""

    schema: str
    record: type[Any]
    title: str
    columns: tuple[str, ...]
    right: str
    query: Query
    rows: Callable[[Iterable[Any], Printing], Iterator[Row]]


POSITIONS: Final = Part(
    "position",
    PositionView,
    "Goods",
    ("line", "quantity", "situation", "status", "supervised", "since"),
    "line,quantity",
    queries.positions,
    cells.positions,
)
DEADLINES: Final = Part(
    "deadline",
    DeadlineView,
    "Deadlines",
    ("last day", "state", "article", "who", "what"),
    "",
    queries.deadlines,
    cells.deadlines,
)
DEBTS: Final = Part(
    "debt",
    DebtView,
    "Customs debts",
    ("incurred", "article", "amount", "open", "debtor", "stands"),
    "amount,open",
    queries.debts,
    cells.debts,
)
DEBTS_IN_FULL: Final = DEBTS._replace(rows=cells.debts_in_full)
PROCEDURES: Final = Part(
    "procedure",
    ProcedureView,
    "Procedures",
    ("state", "holder", "placed", "open", "discharged", "overdue"),
    "placed,open,discharged,overdue",
    queries.procedures,
    cells.procedures,
)
MODES: Final = Part(
    "procedure",
    ProcedureView,
    "Where the goods of the procedure went",
    ("line", "on", "quantity", "situation", "movement"),
    "line,quantity",
    queries.procedures,
    cells.modes,
)
GUARANTEES: Final = Part(
    "guarantee",
    GuaranteeView,
    "Guarantees bound",
    ("reference", "amount", "since", "until"),
    "amount",
    queries.guarantees,
    cells.guarantees,
)
FINDINGS: Final = Part(
    "finding",
    FindingView,
    "Findings",
    ("since", "code", "article", "finding"),
    "",
    queries.findings,
    cells.findings,
)
