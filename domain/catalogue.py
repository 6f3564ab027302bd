"""What statements can cite: provisions and codes of findings, for those who ask by one of them.

A test compares the lists with the source.
"""

from functools import cache
from typing import Final

import domain.judgement.judge  # noqa: F401  (with it every rule is known)
from domain.facts.fact import FACTS
from domain.law.citation import RULES

CODES: Final = frozenset(
    {
        "ABANDON_NO_PERMISSION",
        "AMENDMENT_NOT_PERMITTED",
        "AMOUNT_NOT_COMPARED",
        "CIRCULAR",
        "DEBT_AMBIGUOUS",
        "DEBT_NOT_FOUND",
        "DECL_AMEND_AFTER_EXAM_NOTICE",
        "DECL_AMEND_AFTER_RELEASE",
        "DRAWN_BEYOND_STOCK",
        "DRAWN_BY_NOBODY",
        "DRAWN_BY_UNTOLD",
        "DUTY_TERMS_UNKNOWN",
        "ENS_AMEND_TOO_LATE",
        "ENS_CURED",
        "ENS_EXPOSURE",
        "ENS_GOODS_ALREADY_ENTERED",
        "ENS_INVALIDATED",
        "ENS_INVALIDATION_OVERDUE",
        "ENS_MISSING",
        "EXCEEDS_STOCK",
        "EXTENSION_AFTER_EXPIRY",
        "EXTENSION_OF_NO_PERIOD",
        "INVALIDATION_AFTER_RELEASE",
        "INVALIDATION_EXAM_PENDING",
        "LINE_NUMBER_TWICE",
        "LINE_UNTOLD",
        "LINK_NOT_CONFIRMED",
        "MATCHES_NOTHING",
        "NOT_ENTITLED",
        "NOT_JUDGED",
        "NO_SUCH_LINE",
        "OFFICE_UNKNOWN",
        "PERIOD_NOT_EXTENDABLE",
        "PERIOD_UNKNOWN",
        "PRESENTED_BEYOND_ENTRY",
        "PRESENTED_BEYOND_TRANSIT",
        "REFERENCE_AMBIGUOUS",
        "REFERENCE_CHECK_DIGIT",
        "REFERENCE_SHAPE",
        "REFUSED_NOT_INVALIDATED",
        "RELEASE_WITHOUT_EFFECT",
        "SHORTAGE_DATED_LATE",
        "SHORTAGE_EXCEEDS_STOCK",
        "SOURCES_DISAGREE",
        "TSD_EXPOSURE",
        "TSD_LATE",
        "UCC108_3C_CANDIDATE",
        "UCC116_REPAYABLE",
        "UCC124_1G_CANDIDATE",
        "UCC124_1H_CANDIDATE",
        "UCC124_1H_NOT_OPEN",
        "UCC124_1H_NOT_REGULARISED",
        "UCC147_4_MEASURES_DUE",
        "UCC195_1_NOT_SECURED",
        "UCC215_MODE_NOT_ALLOWED",
        "UCC215_OVER_DISCHARGE",
        "UCC218_TRANSFEREE_INELIGIBLE",
        "UCC259_3_NOT_CHECKED",
        "UCC83_2_NO_DEBT",
        "UNLOADED_WITHOUT_PERMISSION",
    }
)
"""The codes of all findings."""

_BESIDE: Final = frozenset(
    {
        "19(1)",
        "55(1)",
        "83(2)",
        "84",
        "98(2)",
        "116(1)",
        "139(5)",
        "139(7)",
        "144",
        "145(3)",
        "145(10)",
        "147(4)",
        "154(a)",
        "154(d)",
        "173(2)(a)",
        "173(2)(c)",
        "174(2)",
        "201(3)",
        "215(1)",
        "226(1)",
        "227",
        "237(1)",
        "243",
        "250",
        "254",
        "259(1)",
        "269(1)",
        "270(1)",
        "288(1)",
        "288(2)",
    }
)
"""Provisions that state tables and findings cite, beside those of the rules and of the facts."""


@cache
def provisions() -> frozenset[str]:
    """The provisions that are applied or cited anywhere, each as it is cited."""
    applied = {article for rule in RULES.values() for article in rule.articles}
    return _BESIDE | applied | {fact.ARTICLE for fact in FACTS.values()}


def is_under(provision: str, whole: str) -> bool:
    """Whether a provision is the other one, or a part of it: 79(1)(a) is under 79 and 79(1)."""
    return provision == whole or provision.startswith(f"{whole}(")


@cache
def wholes() -> frozenset[str]:
    """The provisions with all that they are part of: of 79(1)(a) also 79(1) and 79."""
    ends = ((each, place) for each in provisions() for place in [len(each), *_brackets(each)])
    return frozenset(each[:place] for each, place in ends)


def _brackets(provision: str) -> list[int]:
    return [place for place, letter in enumerate(provision) if letter == "("]
