"""What the first visit of Today costs on the way, as the proxy in front of it sends it: compressed, font included."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles.finders import find

from tests.cast import sign_in
from tests.factories.deviation import report

GOAL = 120  # kB
LINKED = re.compile(r'(?:href|src)="/static/([^"]+)"')


@pytest.mark.django_db
def test_the_first_visit_of_today_weighs_little(world, client):
    for number in range(25):
        report(world.paul, world.lyra_site, title=f"Event {number} on the capture column, with a title of some length")
    sign_in(client, world.nina)
    page = client.get("/acme/").content
    parts = {"the page": len(gzip.compress(page))}
    for name in sorted(set(LINKED.findall(page.decode()))):
        content = Path(str(find(name))).read_bytes()
        parts[name] = len(content) if name.endswith("woff2") else len(gzip.compress(content))
    weight = sum(parts.values()) / 1000
    print(f"\nfirst visit of Today: {weight:.1f} kB in {len(parts)} parts")
    assert parts["fonts/inter-latin-var.woff2"] == 48256
    assert weight <= GOAL, parts
