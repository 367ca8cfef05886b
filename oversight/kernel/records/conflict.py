"""Two people at one record: what the second one typed, laid over what the first one wrote."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.http import QueryDict

from oversight.kernel.workflow.models import Case

from .forms import RecordForm
from .kind import RecordKind
from .moments import to_the_minute


@dataclass(frozen=True, slots=True)
class Merge:
    """The form to show again, and the labels of fields that both people changed."""

    data: QueryDict
    clashes: tuple[str, ...]


def merge(kind: RecordKind, typed: RecordForm, data: QueryDict, present: Case) -> Merge:
    """Keep what was typed; where nothing was typed, take what the other person wrote.

    A field counts as typed when it differs from the version that the person saw.
    """
    seen = present.history.filter(version=typed.cleaned_data["version"]).first()
    merged, clashes = data.copy(), []
    for name, value in typed.values.items():
        column = kind.field(name).attname
        now = _stored(kind, name, getattr(present, column))
        before = now if seen is None else _stored(kind, name, getattr(seen, column))
        mine = _stored(kind, name, value)
        if now == before:
            continue
        if mine == before:
            _put(merged, name, typed.fields[name].prepare_value(getattr(present, column)))
        elif mine != now:
            clashes.append(kind.label_of(name))
    merged["version"] = str(present.version)
    return Merge(merged, tuple(clashes))


def _stored(kind: RecordKind, name: str, value: Any) -> Any:
    return to_the_minute(kind.field(name).get_prep_value(value.pk if isinstance(value, Model) else value))


def _put(data: QueryDict, name: str, value: Any) -> None:
    """Write a value as a browser would send it: an unticked box sends nothing."""
    if value is True:
        data[name] = "on"
    elif value is False:
        data.pop(name, None)
    else:
        data[name] = "" if value is None else str(value)
