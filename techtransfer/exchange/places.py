"""Partners and sites that a file names: found by name or number; where there is none, the nearest is named."""

from collections.abc import Iterable
from difflib import get_close_matches

from cdmos.models import CDMO, Site

from .cells import shortened
from .standing import Standing

MOST_HINTS = 50


class Unknown(ValueError):
    """Nothing in sight is called that; the message is the sentence for it."""


class Places:
    """What is called what, in the sight of whoever imports."""

    def __init__(self, standing: Standing) -> None:
        partners = [each for each in standing.partners.values() if each.status != CDMO.Status.VOID]
        sites = [each for each in standing.sites.values() if each.status != Site.Status.VOID]
        self._hints: dict[str, str] = {}
        self._partners = {word: each for each in partners for word in _words(each)}
        self._sites: dict[int, dict[str, Site]] = {each.pk: {} for each in partners}
        for site in sites:
            for word in _words(site):
                self._sites.setdefault(site.cdmo_id, {})[word] = site

    def partner(self, name: str) -> CDMO:
        """The partner of that name or number; raises Unknown."""
        if (found := self._partners.get(name.casefold())) is not None:
            return found
        nearest = self._nearest(name, (each.name for each in self._partners.values()))
        raise Unknown(f"No CDMO in your sight is called “{shortened(name)}”.{nearest}")

    def site(self, name: str, partner: CDMO) -> Site:
        """The partner's site of that name or number; raises Unknown."""
        known = self._sites.get(partner.pk, {})
        if (found := known.get(name.casefold())) is not None:
            return found
        nearest = self._nearest(name, (each.name for each in known.values()))
        raise Unknown(f"{partner.name} has no site “{shortened(name)}”.{nearest}")

    def lone_site(self, name: str) -> Site:
        """The site of that name, whosever it is, where only one is called so; raises Unknown."""
        found = {site.pk: site for sites in self._sites.values() if (site := sites.get(name.casefold()))}
        if len(found) == 1:
            return next(iter(found.values()))
        if found:
            raise Unknown(f"More than one partner has a site “{shortened(name)}”. Name the partner, too.")
        nearest = self._nearest(name, (site.name for sites in self._sites.values() for site in sites.values()))
        raise Unknown(f"No site in your sight is called “{shortened(name)}”.{nearest}")

    def _nearest(self, name: str, names: Iterable[str]) -> str:
        """Looked for once a name, and for the first names alone: it takes a while where there are many."""
        if name not in self._hints and len(self._hints) < MOST_HINTS:
            by_word = {each.casefold(): each for each in names}
            near = get_close_matches(name.casefold(), by_word, 1, 0.6)
            self._hints[name] = f" Do you mean “{by_word[near[0]]}”?" if near else ""
        return self._hints.get(name, "")


def _words(each: CDMO | Site) -> tuple[str, str]:
    return each.name.casefold(), each.number.casefold()
