"""The options that commands share, each with its default stated once."""

from datetime import date
from typing import Annotated, Final

import typer

from cli.citing import article, articles
from cli.clock import PIN
from cli.moments import Moment, moment
from cli.terms import law_text

STORE: Final = "customs.sqlite"
LONGEST: Final = 99_999
"""Days that one can ask for."""
LARGEST: Final = 2**63 - 1
"""The largest number that a store can hold."""
ASKED: Final = "What is asked"
FILTERS: Final = "Which rows"

Store = Annotated[
    str,
    typer.Option(
        "--store", envvar="CUSTOMS_STORE", metavar="STORE", rich_help_panel=ASKED,
        help="The store: an SQLite file, or postgresql://user@host/database.",
    ),
]  # fmt: skip
AsOf = Annotated[
    Moment | None,
    typer.Option(
        "--as-of", parser=moment, metavar="WHEN", rich_help_panel=ASKED, show_default="today",
        help="Legal time: an instant, or a day, which stands for its end at the customs office."
        f" {PIN} pins today.",
    ),
]  # fmt: skip
KnownAt = Annotated[
    Moment | None,
    typer.Option(
        "--known-at", parser=moment, metavar="WHEN", rich_help_panel=ASKED,
        show_default="all that is known",
        help="What the log had recorded by then: an instant, or a day, to its end in UTC.",
    ),
]  # fmt: skip
LawText = Annotated[
    date | None,
    typer.Option(
        "--law", parser=law_text, metavar="DAY", rich_help_panel=ASKED,
        show_default="that of the store, 2016-12-24 if new",
        help="The text of the law: acts published up to this day.",
    ),
]  # fmt: skip
Policy = Annotated[
    list[str] | None,
    typer.Option(
        "--policy", metavar="NAME=VALUE", rich_help_panel=ASKED, show_default="those of the store",
        help="Where the text is open, the reading to take. May be given more than once.",
    ),
]  # fmt: skip
Json = Annotated[
    bool,
    typer.Option(
        "--json", help="One JSON object a line, numbers as strings.", show_default="a table",
    ),
]  # fmt: skip
Csv = Annotated[
    bool,
    typer.Option(
        "--csv", help="Rows for a spreadsheet, the fields of JSON.", show_default="a table"
    ),
]
Movement = Annotated[
    list[str] | None,
    typer.Option(
        "--movement", metavar="REF", rich_help_panel=FILTERS, show_default="every movement",
        help="Of this movement, by any of its references. May be given more than once.",
    ),
]  # fmt: skip
Article = Annotated[
    str | None,
    typer.Option(
        "--article", parser=article, autocompletion=articles, metavar="ARTICLE",
        rich_help_panel=FILTERS, show_default="every article",
        help="Under this provision, such as 79 or 79(1)(a).",
    ),
]  # fmt: skip
Person = Annotated[
    str | None,
    typer.Option(
        "--person", metavar="EORI", rich_help_panel=FILTERS, show_default="everybody",
        help="Of this person.",
    ),
]  # fmt: skip
