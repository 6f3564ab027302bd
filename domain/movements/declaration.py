"""What a declarant may still ask once a declaration is accepted (Articles 173 and 174)."""

from domain.facts.declaration import (
    AmendmentRequested,
    DeclarationInvalidated,
    ExaminationAnnounced,
    ExaminationCompleted,
    GoodsReleased,
    InvalidationRequested,
)
from domain.movements.account import Event
from domain.movements.walk import Walk
from domain.situation import Situation

REQUESTS = frozenset({InvalidationRequested, AmendmentRequested})


def ask(walk: Walk, event: Event) -> None:
    """A request that comes too late, or too early, is recorded and has no effect."""
    if type(event.what) not in REQUESTS:
        return
    match event.what:
        case InvalidationRequested() if _examination(walk, event) == "pending":
            walk.find(
                event,
                "INVALIDATION_EXAM_PENDING",
                "an examination is announced: no invalidation before it has taken place",
                "174(1)",
            )
        case AmendmentRequested() if _examination(walk, event):
            walk.find(
                event,
                "DECL_AMEND_AFTER_EXAM_NOTICE",
                "customs have said that they will examine the goods: no amendment any more",
                "173(2)(a)",
            )
        case AmendmentRequested() if walk.own.released and walk.own.released.at <= event.at:
            walk.find(
                event,
                "DECL_AMEND_AFTER_RELEASE",
                "the goods are released: no amendment, unless it is asked within Article 173(3)",
                "173(2)(c)",
            )
        case _:
            pass


def invalidated_after_release(
    walk: Walk, event: Event, *placed: Situation, back_to: Situation = Situation.UNASSIGNED
) -> None:
    """Invalidation after release takes a configured ground; the goods lose the status that the
    release gave them, and those that were to leave are where they were (Articles 174(2), 154(d)).
    """
    ground = isinstance(event.what, DeclarationInvalidated) and event.what.ground
    if ground:
        articles = ("174(2)", "154(d)") if back_to is Situation.UNASSIGNED else ("174(2)",)
        walk.move_all(event, placed, back_to, *articles)
    else:
        walk.find(
            event,
            "INVALIDATION_AFTER_RELEASE",
            "the goods are released: invalidation needs a ground that the law provides",
            "174(2)",
        )


def _examination(walk: Walk, event: Event) -> str | None:
    """Nothing announced, pending or done, at an instant."""
    before = {type(fact.fact) for fact in walk.case.settled.facts if fact.at <= event.at}
    if GoodsReleased in before or ExaminationCompleted in before:
        return "done" if ExaminationAnnounced in before else None
    return "pending" if ExaminationAnnounced in before else None
