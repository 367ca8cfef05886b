"""The functions of the kernel in the database, compared with what the code calls for."""

import json
from pathlib import Path

from django.db.backends.utils import CursorWrapper

EXPECTED = Path(__file__).parent / "functions.json"

# Log functions are the guards' (their fingerprint), and trail.lift() says another number in each cluster.
_STANDING = """
SELECT format('%I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)),
       encode(sha256(convert_to(format('%s|%s|%s|%s|%s|%s', p.prosrc, p.prosecdef, p.proconfig, p.provolatile,
         pg_get_userbyid(p.proowner),
         (SELECT string_agg(a.grantee::regrole::text, ',' ORDER BY a.grantee::regrole::text)
            FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a)), 'UTF8')), 'hex')
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
 WHERE n.nspname IN ('trail', 'access') AND p.proname NOT LIKE 'log\\_%' AND p.proname <> 'lift'
"""


def standing(cursor: CursorWrapper) -> dict[str, str]:
    """Each function with a digest of its body, rights, owner and settings, as the database has it."""
    cursor.execute(_STANDING)
    return dict(sorted(cursor.fetchall()))


def expected() -> dict[str, str]:
    """The same as the code calls for; `manage.py write_functions` after changing the SQL, a test keeps it true."""
    return dict(json.loads(EXPECTED.read_text()))


def problems(cursor: CursorWrapper) -> list[str]:
    """The functions that are missing, unknown or changed, in words."""
    due, found = expected(), standing(cursor)
    said = [f"the function {name} is missing" for name in sorted(due.keys() - found.keys())]
    said += [f"the function {name} is unknown" for name in sorted(found.keys() - due.keys())]
    both = sorted(due.keys() & found.keys())
    return said + [f"the function {name} is not as in the code" for name in both if due[name] != found[name]]
