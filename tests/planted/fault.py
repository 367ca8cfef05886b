"""A fault: one guard of the product taken away while a `with` lasts, in every place that uses it."""

import ast
import inspect
import os
import textwrap
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from importlib import import_module
from types import CodeType, FunctionType
from typing import Any, Literal

import psycopg2
from django.db import connection

Planting = Callable[[], AbstractContextManager[None]]
Sort = Literal["guard", "scope", "permission", "allow-list"]
ELSEWHERE = "<planted>"


class Misplanted(Exception):
    """The product has changed: the fault finds no place any more, or changes nothing there."""


class Traces:
    """How often planted code ran: what never ran proves nothing. Of values and SQL, that they were put there."""

    ran = 0

    def __call__(self) -> None:
        Traces.ran += 1


@dataclass(frozen=True, slots=True)
class Fault:
    """`near`: the tests that are asked first, by a part of pytest's name, and after `@` the addresses of the matrix."""

    name: str
    sort: Sort
    plant: Planting
    near: tuple[str, ...]


def code(where: str, old: str, new: str) -> Planting:
    """In the one function `module:qualified.name`, `new` instead of `old`, which stands there once.

    The code of the function itself is exchanged, so that it holds wherever the function was imported to.
    """
    return lambda: _exchanged(where, old, new)


@contextmanager
def _exchanged(where: str, old: str, new: str) -> Iterator[None]:
    function = _function(where)
    source = textwrap.dedent(inspect.getsource(function))
    if source.count(old) != 1:
        raise Misplanted(f"{where}: “{old}” stands there {source.count(old)} times")
    kept = function.__code__
    planted = _compiled(function, source.replace(old, new))
    function.__globals__["__planted__"] = Traces()
    function.__code__ = planted
    try:
        yield
    finally:
        function.__code__ = kept


def _function(where: str) -> FunctionType:
    module, _, path = where.partition(":")
    found: Any = import_module(module)
    for name in path.split("."):
        found = inspect.getattr_static(found, name) if inspect.isclass(found) else getattr(found, name)
    while not isinstance(found, FunctionType) or hasattr(found, "__wrapped__"):
        inner = next(
            (getattr(found, name) for name in ("fget", "func", "__func__", "__wrapped__") if hasattr(found, name)), None
        )
        if inner is None:
            raise Misplanted(f"{where} is no function")
        found = inner
    return found


def _compiled(function: FunctionType, source: str) -> CodeType:
    """The code of the changed function, which says that it ran; within a class where it calls `super()`."""
    (node,) = ast.parse(source).body
    if not isinstance(node, ast.FunctionDef):
        raise Misplanted(f"{function.__qualname__} is no plain function")
    node.decorator_list = []
    node.body[:0] = ast.parse("__planted__()").body
    body: list[ast.stmt] = [node]
    if function.__code__.co_freevars == ("__class__",):
        body = [ast.ClassDef(name="_", bases=[], keywords=[], body=body, decorator_list=[])]
    tree = ast.fix_missing_locations(ast.Module(body=body, type_ignores=[]))
    return _found(compile(tree, ELSEWHERE, "exec", dont_inherit=True), function.__name__)


def _found(outer: CodeType, name: str) -> CodeType:
    inner = [each for each in outer.co_consts if isinstance(each, CodeType)]
    return next((each for each in inner if each.co_name == name), None) or _found(inner[0], name)


def value(owner: Callable[[], object], name: str, changed: Callable[[Any], object]) -> Planting:
    """Another value of an attribute, or of the key of a dictionary, also of what is frozen."""

    @contextmanager
    def planted() -> Iterator[None]:
        place: Any = owner()
        kept = place[name] if isinstance(place, dict) else getattr(place, name)
        if (other := changed(kept)) == kept:
            raise Misplanted(f"{name} is {kept!r} already")
        _put(place, name, other)
        Traces.ran += 1
        try:
            yield
        finally:
            _put(place, name, kept)

    return planted


def also(plant: Planting, told: Callable[[], None]) -> Planting:
    """`plant`, and whoever remembers what it changes is told of it, before and after."""

    @contextmanager
    def planted() -> Iterator[None]:
        with plant():
            told()
            yield
        told()

    return planted


def _put(place: Any, name: str, wanted: object) -> None:
    if isinstance(place, dict):
        place[name] = wanted
    elif isinstance(place, type):
        setattr(place, name, wanted)
    else:
        object.__setattr__(place, name, wanted)


def sql(function: str, old: str, new: str) -> Planting:
    """In one function of the database, `new` instead of `old`."""
    return lambda: _replaced(function, old, new)


@contextmanager
def _replaced(function: str, old: str, new: str) -> Iterator[None]:
    def run(statement: str) -> Any:
        with server.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchone()[0] if cursor.description else None

    server = psycopg2.connect(os.environ["SUPERUSER_URL"], dbname=connection.settings_dict["NAME"])
    server.autocommit = True
    kept = run(f"SELECT pg_get_functiondef('{function}'::regproc)")
    if kept.count(old) != 1:
        server.close()
        raise Misplanted(f"{function}: “{old}” stands there {kept.count(old)} times")
    run(kept.replace(old, new))
    Traces.ran += 1
    try:
        yield
    finally:
        run(kept)
        server.close()
