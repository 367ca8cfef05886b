"""Idempotency-Key: who asks the same twice is answered twice, and it is done once."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from django.db import IntegrityError, connection
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from oversight.kernel.access.scope import Actor

from .answers import Refusal, not_now
from .models import Reply

HEADER = "Idempotency-Key"
LONGEST = 255
KEPT_FOR = timedelta(hours=24)
CLEARED_AT_ONCE = 200
KEPT_HEADERS = ("ETag", "Location")

IN_FLIGHT = "The same request is being worked on. Ask again in a moment."
OTHER_REQUEST = "This key stands for another request already. Make a new key for a new request."
MALFORMED = f"Send between 1 and {LONGEST} visible ASCII characters."

_LOCK = "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))"
# What somebody else is just clearing away is not waited for.
_CLEAR = """DELETE FROM api_reply WHERE id IN (SELECT id FROM api_reply WHERE tenant_id = %s AND at < %s
             ORDER BY at LIMIT %s FOR UPDATE SKIP LOCKED)"""


def once(
    request: HttpRequest, actor: Actor, act: Callable[[], HttpResponse], *, body: bytes | None = None
) -> HttpResponse:
    """Answer as before where the membership sent this key before; else `act`, and keep a successful answer.

    The answer is kept in the transaction of what it tells of. Raises Refusal: 400 for a malformed key, 409 while the
    same request is in flight, 422 for a key that stands for another request. `body` stands in for that of a request
    that was read as a form with a file.
    """
    key = request.headers.get(HEADER)
    if key is None or actor.cdmos == ():  # who sees no CDMO at all can write nothing that an answer would tell of
        return act()
    if not 1 <= len(key) <= LONGEST or not all("!" <= character <= "~" for character in key):
        raise Refusal(400, f"{HEADER}: {MALFORMED}", errors={HEADER: [MALFORMED]})
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [f"{actor.tenant}/{actor.membership}/{key}"])
        (first,) = cursor.fetchone()
    if not first:
        raise not_now(IN_FLIGHT)
    now, mark = datetime.now(UTC), _fingerprint(request, body)
    kept = Reply.objects.visible_to(actor).filter(membership_id=actor.membership, key=key)
    if (reply := kept.first()) is not None and reply.at > now - KEPT_FOR:
        if reply.fingerprint != mark:
            raise Refusal(422, OTHER_REQUEST, errors={HEADER: [OTHER_REQUEST]})
        return _again(reply)
    kept.delete()
    response = act()
    if response.status_code < 400:
        _keep(response, actor, key, mark, now)
    return response


def _fingerprint(request: HttpRequest, body: bytes | None) -> str:
    """Keyed, since the body of a signed move holds a password, which nobody is to guess from what is kept."""
    parts = (request.method or "", request.get_full_path(), request.headers.get("If-Match", ""))
    said = "\n".join(parts).encode("utf-8", "surrogateescape") + b"\n" + (request.body if body is None else body)
    return salted_hmac("oversight.api.idempotency", said, algorithm="sha256").hexdigest()


def _again(reply: Reply) -> HttpResponse:
    headers = reply.headers | {"Idempotency-Replayed": "true"}
    return HttpResponse(reply.body, status=reply.status, content_type="application/json", headers=headers)


def _keep(response: HttpResponse, actor: Actor, key: str, mark: str, now: datetime) -> None:
    try:
        _note(response, actor, key, mark, now)
    except IntegrityError as clash:
        # The key stands for an answer that is out of sight since the membership was narrowed.
        raise Refusal(422, OTHER_REQUEST, errors={HEADER: [OTHER_REQUEST]}) from clash
    with connection.cursor() as cursor:
        cursor.execute(_CLEAR, [actor.tenant, now - KEPT_FOR, CLEARED_AT_ONCE])


def _note(response: HttpResponse, actor: Actor, key: str, mark: str, now: datetime) -> None:
    Reply.objects.create(
        tenant_id=actor.tenant,
        cdmo_id=actor.cdmos[0] if actor.cdmos else None,
        to_partner=actor.is_partner,
        membership_id=actor.membership,
        key=key,
        fingerprint=mark,
        status=response.status_code,
        headers={name: response.headers[name] for name in KEPT_HEADERS if name in response.headers},
        body=response.content.decode(),
        at=now,
    )
