"""A simulation: what many runs of a programme's plan say of its studies. Advisory: a person decides."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from oversight.kernel.access.tenancy import Shape, TenantRow

from .programme import Programme

FEWEST, MOST, USUAL = 500, 20_000, 2_000  # runs


class SimulationResult(TenantRow):
    """What the runs gave, as text that the same input gives again to the byte; nobody changes or deletes it.

    No record: nobody writes it, so that there is no version to keep and no reason to give; but it is kept like one.
    """

    SHAPE = Shape.SPONSOR
    APPEND_ONLY = True
    RIGHTS: ClassVar[dict[str, str]] = {"app": "SELECT, INSERT", "auditor": "SELECT"}

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="+", editable=False)
    inputs_sha256 = models.CharField(max_length=64, editable=False)  # of the plan and the draws, as canonical JSON
    runs = models.IntegerField(editable=False)
    seed = models.BigIntegerField(editable=False)
    model = models.CharField(max_length=20, editable=False)  # of the engine
    numpy_version = models.CharField(max_length=40, editable=False)
    python_version = models.CharField(max_length=40, editable=False)
    result = models.TextField(editable=False)  # canonical JSON
    result_sha256 = models.CharField(max_length=64, editable=False)
    computed_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "tenant", "programme", "inputs_sha256", "runs", "seed", "model", "numpy_version", "python_version",
                ],
                name="simulation_result_once",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.runs} runs, seed {self.seed}"


class Simulation(TenantRow):
    """That somebody, or the cascade, asked for runs, and how far they are. The sponsor's own: it names all partners."""

    SHAPE = Shape.SPONSOR
    # The keeper throws old refreshes away (sql/simulations.sql): of a row it reads which it is, and its age.
    RIGHTS: ClassVar[dict[str, str]] = {
        "app": "SELECT, INSERT, UPDATE",
        "keeper": "SELECT (id, tenant_id, programme_id, why, status, done_at), DELETE",
        "auditor": "SELECT",
    }

    class Status(models.TextChoices):
        QUEUED = "QUEUED", "Waiting"
        RUNNING = "RUNNING", "Running"
        DONE = "DONE", "Done"
        FAILED = "FAILED", "Not possible"

    class Why(models.TextChoices):
        PERSON = "PERSON", "Asked for"
        CASCADE = "CASCADE", "Dates moved"

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="simulations", editable=False)
    status = models.CharField(max_length=7, choices=Status, default=Status.QUEUED, editable=False)
    problem = models.CharField(max_length=300, default="", editable=False)  # why it is not possible
    why = models.CharField(max_length=7, choices=Why, editable=False)
    runs = models.IntegerField(default=USUAL, editable=False)
    runs_done = models.IntegerField(default=0, editable=False)
    seed = models.BigIntegerField(editable=False)
    asked_by = models.BigIntegerField(default=0, editable=False)  # the person; 0: nobody
    asked_name = models.CharField(max_length=200, default="", editable=False)
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    due_at = models.DateTimeField(default=timezone.now, editable=False)
    done_at = models.DateTimeField(null=True, editable=False)
    result = models.ForeignKey(SimulationResult, models.PROTECT, null=True, related_name="+", editable=False)
    is_reused = models.BooleanField(default=False, editable=False)  # the result was there before

    class Meta:
        indexes = [
            models.Index(F("tenant"), F("programme"), F("id").desc(), name="simulation_of_programme"),
            models.Index(
                fields=["tenant", "programme"],
                name="simulation_waited_for",
                condition=Q(status__in=("QUEUED", "RUNNING")),
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(runs__gte=FEWEST, runs__lte=MOST), name="simulation_runs_in_range"),
            models.CheckConstraint(condition=~Q(status="DONE") | Q(result__isnull=False), name="simulation_has_result"),
            models.UniqueConstraint(
                fields=["tenant", "programme"],
                condition=Q(status="QUEUED", why="CASCADE"),
                name="simulation_refreshed_once",
            ),
        ]

    def __str__(self) -> str:
        return f"Simulation {self.pk}"

    @property
    def is_waited_for(self) -> bool:
        """Whether its result is still to come."""
        return self.status in (self.Status.QUEUED, self.Status.RUNNING)
