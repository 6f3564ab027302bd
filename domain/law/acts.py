"""The acts that the values of the law come from."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Act:
    """An act of the Union: the day it was published, and the first day on which it applies."""

    name: str
    celex: str
    published: date
    applies_from: date


REG_1182_71 = Act(
    "Regulation (EEC, Euratom) No 1182/71", "31971R1182", date(1971, 6, 8), date(1971, 7, 1)
)
UCC = Act("Regulation (EU) No 952/2013", "32013R0952", date(2013, 10, 10), date(2016, 5, 1))
DA = Act("Delegated Regulation (EU) 2015/2446", "32015R2446", date(2015, 12, 29), date(2016, 5, 1))
REG_2016_2339 = Act(
    "Regulation (EU) 2016/2339", "32016R2339", date(2016, 12, 23), date(2016, 12, 24)
)
REG_2019_474 = Act("Regulation (EU) 2019/474", "32019R0474", date(2019, 3, 25), date(2019, 4, 14))
