"""What the API says of a simulation, and what it takes to ask for one."""

from rest_framework import serializers

from oversight.kernel.api.shapes import page_of
from techtransfer.models import Simulation
from techtransfer.models.simulation import FEWEST, MOST, USUAL
from techtransfer.simulation.asking import MOST_SEED, NO_SEED, OUT_OF_RANGE

NOT_WHOLE = "Send a whole number."


class SimulationNew(serializers.Serializer):
    """How many runs, and the seed of the draws; without one it is the programme's own."""

    runs = serializers.IntegerField(
        min_value=FEWEST, max_value=MOST, default=USUAL,
        error_messages={"min_value": OUT_OF_RANGE, "max_value": OUT_OF_RANGE, "invalid": NOT_WHOLE},
    )  # fmt: skip
    seed = serializers.IntegerField(
        min_value=0, max_value=MOST_SEED, required=False,
        error_messages={"min_value": NO_SEED, "max_value": NO_SEED, "invalid": NOT_WHOLE},
    )  # fmt: skip


class SimulatedChance(serializers.Serializer):
    """In how many of the runs the study begins on that day or before."""

    name = serializers.ChoiceField(choices=["forecast", "baseline", "need_by"])
    day = serializers.DateField()
    runs = serializers.IntegerField()


class SimulatedWeek(serializers.Serializer):
    """How many runs end in the week that begins on this Monday."""

    monday = serializers.DateField()
    runs = serializers.IntegerField()


class SimulatedDriver(serializers.Serializer):
    """An open step, and in how many of the dated runs it is on the chain that drives the study."""

    step = serializers.IntegerField(allow_null=True, help_text="null: out of sight.")
    number = serializers.CharField(allow_blank=True)
    title = serializers.CharField()
    runs = serializers.IntegerField()


class SimulatedStudy(serializers.Serializer):
    """What the runs say of one study."""

    id = serializers.IntegerField()
    code = serializers.CharField()
    p50 = serializers.DateField(allow_null=True, help_text="null: so many runs have no date.")
    p80 = serializers.DateField(allow_null=True)
    p90 = serializers.DateField(allow_null=True)
    undated = serializers.IntegerField(help_text="Runs without a date: no slot left, or beyond fifteen years.")
    chances = SimulatedChance(many=True)
    weeks = SimulatedWeek(many=True)
    drivers = SimulatedDriver(many=True)


class Drawn(serializers.Serializer):
    """On what the draws rest, in numbers of steps."""

    steps = serializers.IntegerField(help_text="Whose length is drawn.")
    by_default = serializers.IntegerField(help_text="Of them, those with a likely duration alone.")
    by_posterior = serializers.IntegerField(help_text="Of them, those judged by early warning.")
    holds = serializers.IntegerField(help_text="Open holds whose end is drawn.")
    low_percent = serializers.IntegerField(help_text="Of the likely duration, where no optimistic one was given.")
    high_percent = serializers.IntegerField(help_text="The same where no pessimistic one was given.")


class SimulationResult(serializers.Serializer):
    """What the runs say. Advisory: a person decides."""

    inputs_sha256 = serializers.CharField()
    result_sha256 = serializers.CharField()
    model = serializers.CharField()
    numpy_version = serializers.CharField()
    python_version = serializers.CharField()
    computed_at = serializers.DateTimeField()
    status_date = serializers.DateField()
    drawn = Drawn()
    studies = SimulatedStudy(many=True)


class SimulationShape(serializers.Serializer):
    """One simulation: who asked for how many runs, how far they are, and what they say."""

    id = serializers.IntegerField()
    programme = serializers.IntegerField()
    status = serializers.ChoiceField(choices=Simulation.Status.choices)
    problem = serializers.CharField(allow_blank=True, help_text="Why it is not possible; else empty.")
    why = serializers.ChoiceField(choices=Simulation.Why.choices)
    runs = serializers.IntegerField()
    runs_done = serializers.IntegerField()
    seed = serializers.IntegerField()
    asked_name = serializers.CharField(allow_blank=True)
    asked_at = serializers.DateTimeField()
    done_at = serializers.DateTimeField(allow_null=True)
    is_reused = serializers.BooleanField(help_text="The same inputs were run before: the result is that one.")
    result = SimulationResult(allow_null=True, help_text="null in a list, and until it is done.")


PAGE = page_of("SimulationShape", SimulationShape)
