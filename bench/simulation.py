"""The simulation: 5,000 runs at once over one scalar pass times 5,000, drawing and driving chains included."""

from collections.abc import Iterator

from techtransfer.schedule import Network, Node, compile_network, forward
from techtransfer.schedule.simulate import Draw, simulate
from techtransfer.schedule.spread import Pert

from .plans import realistic
from .race import milliseconds, race_to
from .report import Row

SIZES = (200, 1_000)
RUNS, SEED, TODAY = 5_000, 1, 100
GOAL = 0.02
TURNS = {200: 80, 1_000: 40}


def figures() -> Iterator[Row]:
    """At each size every step that takes time is drawn, as in a plan of which nobody gave more than one duration."""
    for size in SIZES:
        nodes, links, calendars = realistic(size, SEED)
        network = compile_network(nodes, links, calendars)
        yield _row(network, {node.id: _draw(node) for node in nodes if node.duration}, size)


def _draw(node: Node) -> Draw:
    return Draw(Pert(0.8 * node.duration, node.duration, 1.5 * node.duration), node.calendar)


def _row(network: Network, draws: dict[int, Draw], size: int) -> Row:
    launch = size - 1  # to which everything leads
    times = race_to(
        GOAL * RUNS, TURNS[size], "simulation", "scalar", warm_up=2,
        simulation=lambda turn: simulate(network, TODAY, draws, RUNS, SEED, studies=[launch]),
        scalar=lambda turn: forward(network, TODAY),
    )  # fmt: skip
    what = f"{RUNS:,} runs at {size:,} steps, drawn, with the chains that drive them / a scalar pass × {RUNS:,}"
    percent = 100 * times["simulation"] / (times["scalar"] * RUNS)  # a ratio would be printed to one digit
    return Row(f"P10.simulation {size:,}", what, percent, " %", 100 * GOAL, milliseconds(times))
