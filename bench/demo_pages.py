"""How long the pages of a running demo world take: `python -m bench.demo_pages http://localhost:8000`.

Prints p50 and p95 of 20 visits in milliseconds, as a signed-in person's browser waits for the page itself, and its
weight in kB as it is sent. Nothing is judged: the milliseconds belong to the machine.
"""

import re
import statistics
import sys
import time

import requests

from oversight.web.demo.people import PASSWORD

VISITS = 20
QA, PARTNER, ADMIN = "ingrid.solvang@marrowfen.example", "lena.brunner@corvane.example", "tobias.frey@marrowfen.example"
PAGES = {
    QA: (
        "/marrowfen/", "/marrowfen/?whose=everyone", "/marrowfen/partners/", "/marrowfen/deviations/",
        "/marrowfen/deviations/?q=filter", "/marrowfen/search/?q=filter", "/marrowfen/audit-trail/",
        "/marrowfen/notices/", "/marrowfen/cdmos/",
    ),
    PARTNER: ("/portal/", "/portal/marrowfen/", "/portal/marrowfen/deviations/", "/portal/marrowfen/deviations/new/"),
    ADMIN: ("/marrowfen/settings/", "/marrowfen/settings/policy/"),
}  # fmt: skip


def visits(base: str) -> None:
    """Visit each page of each person in turn, and print a line for it."""
    print(f"{'page':44} {'p50 ms':>8} {'p95 ms':>8} {'kB':>7}")
    for email, paths in PAGES.items():
        session = _signed_in(base, email)
        listed = session.get(f"{base}{paths[0]}", timeout=30).text
        record = re.search(r'href="(/[a-z/-]+/deviations/\d+/)[#"]', listed)
        for path in (*paths, *([record[1]] if record else [])):
            taken = []
            for _ in range(VISITS):
                began = time.perf_counter()
                answer = session.get(f"{base}{path}", timeout=30)
                taken.append((time.perf_counter() - began) * 1000)
                answer.raise_for_status()
            slow = statistics.quantiles(taken, n=20)[-1]
            print(f"{path:44} {statistics.median(taken):8.0f} {slow:8.0f} {len(answer.content) / 1000:7.1f}")


def _signed_in(base: str, email: str) -> requests.Session:
    session = requests.Session()
    page = session.get(f"{base}/accounts/login/", timeout=30).text
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    if token is None:
        raise SystemExit(f"There is no sign-in page at {base}.")
    typed = {"login": email, "password": PASSWORD, "csrfmiddlewaretoken": token[1]}
    answer = session.post(f"{base}/accounts/login/", typed, headers={"Referer": base}, timeout=30)
    answer.raise_for_status()
    return session


if __name__ == "__main__":
    visits(sys.argv[1])
