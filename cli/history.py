"""The path of goods across movements, both ways, drawn as a tree."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from rich.text import Text
from rich.tree import Tree

from cli import asking, lines, paper, words
from cli.asking import Question
from cli.options import STORE, AsOf, Json, KnownAt, Store
from cli.show import Reference
from domain.settle import zone_at
from projections import history as paths
from projections import queries
from projections.answers import MovementView, PositionView
from projections.history import Draw, Path


class Drawing(NamedTuple):
    """What a tree is drawn from: movements by name, draws by source, where the goods are."""

    asked: str
    nodes: Mapping[str, MovementView]
    draws: Mapping[str, Sequence[Draw]]
    positions: Mapping[str, Sequence[PositionView]]


def history(
    reference: Reference,
    *,
    store: Store = STORE,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    json: Json = False,
) -> None:
    """The path of the goods: from which movements they came, and into which they went.

    Each movement is drawn below those that its goods were drawn from, and once: where another path
    meets it, only its name is repeated.
    """
    question = Question(store, as_of, known_at)
    with asking.put(question, [reference]) as asked:
        name = asking.only(asked, reference)
        path = paths.history(asked.view.reader, name, asked.as_of)
    with asking.put(question, [node.movement for node in path.movements]) as asked:
        positions = list(queries.positions(asked.view, asked.as_of, asked.movements))
    if json:
        _ndjson(path)
    else:
        _draw(name, path, positions)
    if not path.complete:
        paper.say(f"The path goes on: it shows the first {len(path.movements)} movements.")


def _ndjson(path: Path) -> None:
    for node in path.movements:
        lines.write("node", node)
    for draw in path.draws:
        lines.write("draw", draw)


def _draw(name: str, path: Path, positions: Sequence[PositionView]) -> None:
    draws, held = defaultdict(list), defaultdict(list)
    for draw in path.draws:
        draws[draw.source].append(draw)
    for position in positions:
        held[position.movement].append(position)
    drawing = Drawing(name, {node.movement: node for node in path.movements}, draws, held)
    drawn: set[str] = set()
    for root in _roots(path):
        tree = Tree(_label(drawing, root, ()), guide_style="dim")
        _grow(tree, drawing, root, drawn)
        paper.data().print(tree)


def _roots(path: Path) -> Iterator[str]:
    """The movements without a known source, and the references that no report makes a movement."""
    drawing = {draw.movement for draw in path.draws}
    yield from (node.movement for node in path.movements if node.movement not in drawing)
    known = {node.movement for node in path.movements}
    yield from dict.fromkeys(draw.source for draw in path.draws if draw.source not in known)


def _grow(tree: Tree, drawing: Drawing, source: str, drawn: set[str]) -> None:
    drawn.add(source)
    successors: dict[str, list[Draw]] = defaultdict(list)
    for draw in drawing.draws.get(source, ()):
        successors[draw.movement].append(draw)
    for movement, draws in successors.items():
        if movement in drawn:
            tree.add(_drawn(draws) + Text(f"{movement} (drawn above)"))
        else:
            _grow(tree.add(_label(drawing, movement, draws)), drawing, movement, drawn)


def _label(drawing: Drawing, movement: str, draws: Sequence[Draw]) -> Text:
    label = _drawn(draws) + Text(movement, style="bold")
    if movement == drawing.asked:
        label += Text(" ◀ asked about", style="dim")
    node = drawing.nodes.get(movement)
    if node is None:
        return label + Text("\nnothing is known of it")
    opened = words.instant(node.opened, zone_at(node.office))
    label += Text(f"\n{words.spoken(node.kind)} at {node.office or words.UNKNOWN} since {opened}")
    for each in drawing.positions.get(movement, ()):
        label += Text(f"\n{words.quantity(each.quantity, each.unit)} {each.situation.value}")
    return label


def _drawn(draws: Sequence[Draw]) -> Text:
    said = [f"{words.quantity(draw.quantity, draw.unit)} {draw.stage}" for draw in draws]
    return Text(f"{', '.join(said)} → " if said else "", style="dim")
