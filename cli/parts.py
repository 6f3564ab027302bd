"""The sorts of answers: what each is asked by, titled, and shown as."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, NamedTuple

from cli import cells
from cli.cells import Printing
from cli.naming import Query
from cli.tables import Row
from projections import queries


class Part(NamedTuple):
    """One sort of answer: its schema, its title, its columns, and those that hold figures."""

    schema: str
    title: str
    columns: tuple[str, ...]
    right: str
    query: Query
    rows: Callable[[Iterable[Any], Printing], Iterator[Row]]


POSITIONS: Final = Part(
    "position",
    "Goods",
    ("line", "quantity", "situation", "status", "supervised", "since"),
    "line,quantity",
    queries.positions,
    cells.positions,
)
DEADLINES: Final = Part(
    "deadline",
    "Deadlines",
    ("last day", "state", "article", "who", "what"),
    "",
    queries.deadlines,
    cells.deadlines,
)
DEBTS: Final = Part(
    "debt",
    "Customs debts",
    ("incurred", "article", "amount", "open", "debtor", "stands"),
    "amount,open",
    queries.debts,
    cells.debts,
)
DEBTS_IN_FULL: Final = DEBTS._replace(rows=cells.debts_in_full)
PROCEDURES: Final = Part(
    "procedure",
    "Procedures",
    ("state", "holder", "placed", "open", "discharged", "overdue"),
    "placed,open,discharged,overdue",
    queries.procedures,
    cells.procedures,
)
MODES: Final = Part(
    "procedure",
    "Where the goods of the procedure went",
    ("line", "on", "quantity", "situation", "movement"),
    "line,quantity",
    queries.procedures,
    cells.modes,
)
GUARANTEES: Final = Part(
    "guarantee",
    "Guarantees bound",
    ("reference", "amount", "since", "until"),
    "amount",
    queries.guarantees,
    cells.guarantees,
)
FINDINGS: Final = Part(
    "finding",
    "Findings",
    ("since", "code", "article", "finding"),
    "",
    queries.findings,
    cells.findings,
)
