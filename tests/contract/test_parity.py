"""Page and API of every kind: the same moves, the same sentences, for each role in each state."""

import re
from html import unescape

import pytest
from django.test import Client

from oversight.kernel.access.scope import Actor, scope
from oversight.kernel.api.keys import make_key
from oversight.kernel.records.kind import RecordKind
from tests.cast import World, sign_in, system

from .specimens import EACH_KIND, NAMES, Specimen, in_portal
from .test_workflow import put_in_state

PERSONAS = ("nina", "omar", "vera", "adam", "connie", "paul", "vito")
Moves = dict[str, tuple[bool, tuple[str, ...]]]  # name → allowed, sentences


def key_of(world: World, actor: Actor) -> str:
    """A writing key for the actor's own membership."""
    with scope(system(world.acme)):
        return make_key(
            actor.membership, by=system(world.acme), name="Parity", writes=True, days=1, reason="For the test"
        )


def on_the_page(client: Client, kind: RecordKind, actor: Actor, pk: int) -> Moves:
    """The buttons of the record's page; a disabled one with the sentences that stand beside it."""
    door = "/portal/acme/" if actor.is_partner else "/acme/"
    text = client.get(f"{door}{kind.slug}/{pk}/").content.decode()
    moves: Moves = {}
    for name in re.findall(rf'(?:href|action)="{door}{kind.slug}/{pk}/moves/([a-z0-9-]+)/"', text):
        moves[name] = (True, ())
    for name, notice in re.findall(r'id="unmet-([a-z0-9-]+)">(.*?)</div></div>', text, re.DOTALL):
        said = re.findall(r"<span data-unmet>(.*?)</span>", notice, re.DOTALL)
        moves[name] = (False, tuple(unescape(sentence) for sentence in said))
    return moves


def by_the_api(client: Client, kind: RecordKind, key: str, pk: int) -> Moves:
    answer = client.get(f"/api/v1/acme/{kind.slug}/{pk}/", headers={"Authorization": f"Bearer {key}"})
    assert answer.status_code == 200, answer.content
    return {move["name"]: (move["allowed"], tuple(move["unmet"])) for move in answer.json()["transitions"]}


@pytest.mark.requirement("ASVS-1.4.1")
@pytest.mark.parametrize(("kind", "specimen"), EACH_KIND, ids=NAMES)
def test_buttons_and_transitions_are_the_same(
    world: World, client: Client, kind: RecordKind, specimen: Specimen
) -> None:
    record, offered = specimen.own(world), 0
    for actor in (getattr(world, name) for name in PERSONAS):
        if actor.is_partner and not in_portal(kind):
            continue
        sign_in(client, actor)
        key = key_of(world, actor)
        for state in kind.workflow.states:
            put_in_state(record, state, world)
            page = on_the_page(client, kind, actor, record.pk)
            assert page == by_the_api(Client(), kind, key, record.pk), (actor.name, state)
            assert page.keys() <= {move.name for move in kind.workflow.transitions if actor.can(move.capability)}
            offered += len(page)
        client.post("/accounts/logout/")
    assert offered > 0
