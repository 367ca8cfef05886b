"""What a whole list page costs over the least that any program would pay for the same rows and the same bytes (P3)."""

import re
from collections.abc import Callable, Iterator

from django.db import connection
from django.test.utils import CaptureQueriesContext

from .crowd import Crowd
from .race import milliseconds, race_to
from .report import Row
from .visits import beyond_transactions, visitor

GOAL = 3.5
TURNS = 250
PATH = "deviations/"
TITLE = re.compile(r"(Temperature of hold tank \d+ out of range)")


def figures(crowd: dict[str, Crowd]) -> Iterator[Row]:
    """One row: the page behind sign-in, scope and policies, over its floor."""
    visit = visitor(crowd["thousand"].staff)
    with CaptureQueriesContext(connection) as captured:
        page = visit(PATH).decode()
    sent = beyond_transactions([str(query["sql"]) for query in captured.captured_queries])
    floor = floor_of(sent, page)
    runners = {"page": lambda turn: visit(PATH), "floor": lambda turn: floor()}
    times = race_to(GOAL, TURNS, "page", "floor", **runners)
    figure = f"list page with sign-in, scope and RLS / raw cursor and string, same {len(sent)} statements, same bytes"
    yield Row("P3", figure, times["page"] / times["floor"], goal=GOAL, beside=milliseconds(times))


def floor_of(sent: list[str], page: str) -> Callable[[], str]:
    """What sends the statements of the page in one transaction and puts its bytes together again, around the titles."""
    around = TITLE.split(page)[::2]
    listed, place = next(
        (number, row.index(TITLE.findall(page)[0]))
        for number, rows in enumerate(ask(sent))
        for row in rows
        if TITLE.findall(page)[0] in row
    )

    def floor() -> str:
        titles = [str(row[place]) for row in ask(sent)[listed]]
        lines = zip(around[:-1], titles, strict=False)  # one more is read than shown: whether there is a next page
        return "".join([*(part + title for part, title in lines), around[-1]])

    assert floor() == page
    return floor


def ask(sent: list[str]) -> list[list[tuple[object, ...]]]:
    """The answers of the statements, sent by a raw cursor in a transaction of their own."""
    connection.ensure_connection()
    with connection.connection.cursor() as cursor:
        answers = []
        cursor.execute("BEGIN")
        for sql in sent:
            cursor.execute(sql)
            answers.append(cursor.fetchall() if cursor.description else [])
        cursor.execute("COMMIT")
    return answers
