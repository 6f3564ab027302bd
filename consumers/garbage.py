"""When the garbage collector looks for cycles: seldom, in a process that works through batches."""

import gc
from functools import cache
from typing import Final

THRESHOLDS: Final = (500_000, 20, 100)


@cache
def collect_seldom() -> None:
    """Let the collector pass over what is loaded by now, and come less often; once a process.

    A batch makes many thousands of objects that live as long as it does and form no cycles;
    looking through them took a third of the time of intake.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
