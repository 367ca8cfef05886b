"""Small tables of textbooks, typed in, so that something published holds the engine everywhere."""

import pytest

from techtransfer.schedule import Link, Node, backward, compile_network, forward, trace

# Activity: duration, what it follows, early start, early finish, late start, late finish.
Row = tuple[int, str, int, int, int, int]

# B. W. Taylor, Introduction to Management Science, instructor's solutions to chapter 8, table of page 114.
TAYLOR_114: dict[str, Row] = {
    "A": (7, "", 0, 7, 2, 9),
    "B": (10, "", 0, 10, 0, 10),
    "C": (6, "A", 7, 13, 9, 15),
    "D": (5, "B", 10, 15, 10, 15),
    "E": (4, "B", 10, 14, 14, 18),
    "F": (3, "CD", 15, 18, 15, 18),
    "G": (2, "EF", 18, 20, 18, 20),
}
# The same, table of page 115.
TAYLOR_115: dict[str, Row] = {
    "A": (8, "", 0, 8, 1, 9),
    "B": (10, "", 0, 10, 0, 10),
    "C": (9, "", 0, 9, 6, 15),
    "D": (6, "A", 8, 14, 9, 15),
    "E": (4, "A", 8, 12, 16, 20),
    "F": (5, "B", 10, 15, 10, 15),
    "G": (0, "C", 9, 9, 15, 15),
    "H": (7, "C", 9, 16, 20, 27),
    "I": (12, "DFG", 15, 27, 15, 27),
    "J": (15, "DFG", 15, 30, 16, 31),
    "K": (18, "E", 12, 30, 20, 38),
    "L": (4, "HI", 27, 31, 27, 31),
    "M": (7, "JL", 31, 38, 31, 38),
}
# M. Vanhoucke (2014), page 9, Patient Transport System; as in the tests of the R package `criticalpath`.
VANHOUCKE_9: dict[str, Row] = {
    "A": (1, "", 0, 1, 0, 1),
    "B": (1, "A", 1, 2, 1, 2),
    "C": (3, "B", 2, 5, 2, 5),
    "D": (2, "C", 5, 7, 5, 7),
    "E": (2, "D", 7, 9, 7, 9),
    "F": (2, "C", 5, 7, 5, 7),
    "G": (2, "F", 7, 9, 7, 9),
    "H": (1, "EG", 9, 10, 9, 10),
    "I": (4, "H", 10, 14, 11, 15),
    "J": (5, "H", 10, 15, 10, 15),
    "K": (3, "H", 10, 13, 12, 15),
    "L": (3, "H", 10, 13, 12, 15),
    "M": (4, "H", 10, 14, 11, 15),
    "N": (5, "IJKLM", 15, 20, 15, 20),
    "O": (1, "M", 14, 15, 19, 20),
    "P": (5, "NO", 20, 25, 20, 25),
    "Q": (2, "NO", 20, 22, 23, 25),
}


@pytest.mark.parametrize(
    ("table", "chain"),
    [(TAYLOR_114, "BDFG"), (TAYLOR_115, "BFILM"), (VANHOUCKE_9, "ABCDEHJNP")],
    ids=["Taylor, page 114", "Taylor, page 115", "Vanhoucke, page 9"],
)
def test_the_table_comes_out_as_printed(table: dict[str, Row], chain: str) -> None:
    network = compile_network(
        [Node(key, row[0]) for key, row in table.items()],
        [Link(pred, key) for key, row in table.items() for pred in row[1]],
    )
    dates = forward(network, 0)
    end = max(dates.finish.values())
    late = backward(network, dates, dict.fromkeys(table, end)).values()
    told = {
        key: (
            row[0], row[1], dates.start[key], dates.finish[key],
            min(each.late_start[key] for each in late if key in each.late_start),
            min(each.late_finish[key] for each in late if key in each.late_finish),
        )
        for key, row in table.items()
    }  # fmt: skip
    assert told == table
    assert "".join(trace(network, dates, chain[-1])) == chain
