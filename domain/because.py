"""Why something is said: what every statement that is derived carries (D6)."""

from typing import NamedTuple


class Because(NamedTuple):
    """Why something is said: the rule, the provisions it applies, the reports it used."""

    rule: str
    articles: tuple[str, ...]
    reports: tuple[str, ...]
