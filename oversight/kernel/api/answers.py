"""What the API answers with: JSON, made once; a refusal says in words what to do about it."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.http import HttpResponse

MALFORMED = "This request makes no sense."
NOT_FOUND = "There is nothing here."
NOT_ALLOWED = "Your role does not include this."
READ_ONLY = "This API key only reads. Use one that was made with --write."
BROKEN = "Something broke on our side. Nothing was changed; try again in a moment."

Errors = Mapping[str, Sequence[str]]


def _plain(value: Any) -> Any:
    """What JSON has no word for: points in time in UTC, days, exact numbers."""
    match value:
        case datetime():
            text = value.isoformat() if value.tzinfo is UTC else value.astimezone(UTC).isoformat()
            return text.removesuffix("+00:00") + "Z"
        case date():
            return value.isoformat()
        case Decimal():
            return str(value)
    raise TypeError(f"JSON has no word for a {type(value).__name__}.")


json_text = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_plain).encode


def answer(body: Any, status: int = 200, **headers: str) -> HttpResponse:
    """`body` as JSON, or text that is JSON already; header names come with underscores."""
    text = body if isinstance(body, str) else json_text(body)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return HttpResponse(text, status=status, content_type="application/json", headers=named)


class Refusal(Exception):
    """Ends a request with a status of 400 or more; nothing that was done until then stays."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        errors: Errors | None = None,
        unmet: Sequence[str] | None = None,
        **headers: str,
    ) -> None:
        super().__init__(detail)
        self.status, self.headers = status, headers
        self.body: dict[str, Any] = {"detail": detail}
        if errors is not None:
            self.body["errors"] = {name: list(sentences) for name, sentences in errors.items()}
        if unmet is not None:
            self.body["unmet"] = list(unmet)

    @property
    def response(self) -> HttpResponse:
        return answer(self.body, self.status, **self.headers)


def invalid(errors: Errors) -> Refusal:
    """422: every field error in one answer."""
    count = sum(len(sentences) for sentences in errors.values())
    return Refusal(
        422, "One thing is to be put right." if count == 1 else f"{count} things are to be put right.", errors=errors
    )


def not_now(*sentences: str) -> Refusal:
    """409: allowed, but something has to come first."""
    return Refusal(409, " ".join(sentences), unmet=sentences)


def not_found() -> Refusal:
    """404: not there, or out of sight; the answer is the same to the byte."""
    return Refusal(404, NOT_FOUND)
