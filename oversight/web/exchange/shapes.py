"""What the API takes and answers about plan files."""

from rest_framework import serializers

from oversight.kernel.api.fields import Text
from techtransfer.exchange.staging import LONGEST_REASON
from techtransfer.models import PlanImport


class BroughtFile(serializers.Serializer):
    """A plan file."""

    file = serializers.FileField(help_text="Microsoft Project XML, Excel or CSV; 20 MB at most.")


class Commitment(serializers.Serializer):
    """Why, and what was read."""

    reason = Text(max_length=LONGEST_REASON, help_text="Kept in the history of every step that it changes.")
    digest = Text(max_length=64, help_text="Of the report that you read.")


class StagedPlan(serializers.Serializer):
    """A plan file that was brought."""

    id = serializers.IntegerField()
    programme = serializers.IntegerField()
    state = serializers.ChoiceField(choices=PlanImport.State.choices)
    file_name = serializers.CharField()
    format = serializers.ChoiceField(choices=PlanImport.Format.choices)
    size = serializers.IntegerField()
    sha256 = serializers.CharField()
    digest = serializers.CharField(help_text="Of what it would change; send it when you take the file in.")
    staged_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    committed_at = serializers.DateTimeField(allow_null=True)
    report = serializers.JSONField(
        help_text="`steps`, `links` and `closures`, each new, changed (field by field), unchanged and missing from the "
        "file; `findings` with level, sheet, row, column and sentence; `errors`, `warnings`, `changes`. Empty once it "
        "has expired."
    )
