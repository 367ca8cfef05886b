"""Founding a sponsor: the one row that cannot be written within a scope that exists already."""

from django.db import connection

from oversight.kernel.access.scope import Actor, scope

from .models import Sponsor


def found_sponsor(*, slug: str, name: str, is_demo: bool = False) -> Sponsor:
    """Create a tenant; its own row is the first that it owns.

    Raises ValidationError for a slug that cannot stand in a path.
    """
    sponsor = Sponsor(slug=slug, name=name, is_demo=is_demo)
    sponsor.clean_fields()
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('access_sponsor_id_seq')")
        (sponsor.pk,) = cursor.fetchone()
    founder = Actor(tenant=sponsor.pk, sponsor=slug, sponsor_name=name, name="Oversight")
    with scope(founder, changing=True, reason="Sponsor founded"):
        sponsor.save(force_insert=True)
    return sponsor
