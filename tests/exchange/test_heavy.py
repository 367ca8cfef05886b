"""Files that would keep the house busy: each is refused, or read, before it has."""

import time
from collections.abc import Callable

import pytest

from techtransfer.exchange.reading import read_plan_file
from techtransfer.exchange.values import MOST_BYTES, FileRefused

from .heavy import HEAVY, LIGHT

PATIENCE = 4  # seconds of computing; each of them took from 5 seconds to minutes before it was bounded


@pytest.mark.requirement("ASVS-12.1.2")
@pytest.mark.parametrize("name", HEAVY)
def test_it_is_refused_before_it_takes_long(name: str) -> None:
    build, sentence = HEAVY[name]
    content = build()
    assert len(content) < MOST_BYTES
    began = time.process_time()
    with pytest.raises(FileRefused) as caught:
        read_plan_file(content)
    took = time.process_time() - began
    assert str(caught.value).startswith(sentence)
    assert str(caught.value).endswith(".")
    assert took < PATIENCE


@pytest.mark.requirement("ASVS-12.1.2")
@pytest.mark.parametrize("name", LIGHT)
def test_it_is_read_before_it_takes_long(name: str) -> None:
    build: Callable[[], bytes] = LIGHT[name]
    content = build()
    began = time.process_time()
    plan = read_plan_file(content)
    took = time.process_time() - began
    assert len(plan.steps) >= 1
    assert took < PATIENCE
