"""The markers of the suite, read from its files: which test says that it proves which requirement."""

import ast
from collections import defaultdict
from collections.abc import Iterator

from oversight.runtime.processes import ROOT

MARK = "pytest.mark.requirement"


def proofs() -> dict[str, list[str]]:
    """By requirement, the tests that name it: `tests/…/test_x.py::test_y`."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        tree = ast.parse(path.read_text())
        whole = [each for node in tree.body for each in _of_module(node)]
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                for name in (*whole, *(each for mark in node.decorator_list for each in _named(mark))):
                    found[name].add(f"{path.relative_to(ROOT)}::{node.name}")
    return {name: sorted(found[name]) for name in sorted(found)}


def _of_module(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "pytestmark":
        marks = node.value.elts if isinstance(node.value, ast.List | ast.Tuple) else [node.value]
        for mark in marks:
            yield from _named(mark)


def _named(mark: ast.expr) -> Iterator[str]:
    if isinstance(mark, ast.Call) and ast.unparse(mark.func) == MARK:
        for each in mark.args:
            assert isinstance(each, ast.Constant), f"A requirement is named by its id: {ast.unparse(mark)}"
            yield str(each.value)
