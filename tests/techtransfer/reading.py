"""Pages of programmes as their reader sees them: sections, tables and figures in words."""

import re
from html import unescape

from django.test import Client

from oversight.kernel.access.scope import Actor
from tests.cast import sign_in


def visitor(actor: Actor) -> Client:
    client = Client()
    sign_in(client, actor)
    return client


def page_of(actor: Actor, path: str) -> str:
    door = "/portal/acme/" if actor.is_partner else "/acme/"
    answer = visitor(actor).get(door + path)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def words(html: str) -> str:
    return " ".join(unescape(re.sub("<[^>]+>", " ", html)).split())


def panel(page: str, heading: str) -> str:
    """The section under a heading."""
    at = page.index(f'aria-labelledby="{heading}"')
    return page[at : page.index("</section>", at)]


def rows(section: str) -> list[list[str]]:
    """The lines of a table, in words; without those that only group."""
    found = re.findall(r"<tr><td.*?</tr>", section, re.DOTALL)
    return [[words(cell) for cell in re.findall(r"<td.*?</td>", row, re.DOTALL)] for row in found]


def figures(page: str) -> list[str]:
    return [words(each) for each in re.findall(r'<a class="figure".*?</a>', page, re.DOTALL)]
