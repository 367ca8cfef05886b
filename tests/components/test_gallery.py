"""The gallery is for whoever is signed in, and shows each component once at least."""

import pytest

from tests.cast import sign_in

PARTS = set(
    "btn--primary btn--danger btn--ghost btn-group has-dot status badge slip clock clock--lg due figure panel heat"  # noqa: SIM905
    " score spark meter notice stages field field__error form-error input-group check empty table bulkbar row-head"
    " tabs chip dialog menu palette search-trigger feed avatar quote diff challenge file kv rows whys fish track"
    " legend sign".split()
)


@pytest.mark.django_db
def test_the_gallery_shows_every_component(world, client):
    assert client.get("/help/components/")["Location"] == "/accounts/login/?next=/help/components/"
    sign_in(client, world.vera)
    page = client.get("/help/components/").content.decode()
    shown = {name for part in page.split('class="')[1:] for name in part.partition('"')[0].split()}
    assert PARTS - shown == set()
    assert "style=" not in page
