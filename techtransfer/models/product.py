"""A product in development: what the partners make."""

from django.core.validators import RegexValidator
from django.db import models

from oversight.kernel.access.tenancy import Shape
from oversight.kernel.numbering import Pattern
from oversight.kernel.workflow.models import Case, number_once, status_among

CODE = RegexValidator(r"^[A-Z0-9][A-Z0-9-]{1,19}\Z", "Capitals, digits and hyphens, 2 to 20 of them: MRF-101.")


class Product(Case):
    """A product by its code, the one word of it that partners read."""

    SHAPE = Shape.SPONSOR
    NUMBERS = Pattern("PRD-{number:03}")
    BESIDE = {"product_code_once": "code"}

    class Status(models.TextChoices):
        ACTIVE = "ACTIVE", "Active"
        VOID = "VOID", "Void"

    class Modality(models.TextChoices):
        ANTIBODY = "ANTIBODY", "Monoclonal antibody"
        VIRAL_VECTOR = "VIRAL_VECTOR", "Viral vector"
        CELL_THERAPY = "CELL_THERAPY", "Cell therapy"
        VACCINE = "VACCINE", "Vaccine"
        PROTEIN = "PROTEIN", "Other protein"
        OLIGONUCLEOTIDE = "OLIGONUCLEOTIDE", "Oligonucleotide"
        PEPTIDE = "PEPTIDE", "Peptide"
        SMALL_MOLECULE = "SMALL_MOLECULE", "Small molecule"

    class DosageForm(models.TextChoices):
        SOLUTION = "SOLUTION", "Solution for injection"
        LYOPHILISATE = "LYOPHILISATE", "Powder for injection"
        SUSPENSION = "SUSPENSION", "Suspension"
        TABLET = "TABLET", "Tablet"
        CAPSULE = "CAPSULE", "Capsule"
        OTHER = "OTHER", "Other"

    status = models.CharField(max_length=30, choices=Status, default=Status.ACTIVE, editable=False)
    code = models.CharField(max_length=20, validators=[CODE])
    name = models.CharField(max_length=120)
    modality = models.CharField(max_length=20, choices=Modality)
    dosage_form = models.CharField(max_length=14, choices=DosageForm)
    description = models.TextField(max_length=4000, blank=True)

    class Meta:
        constraints = [
            number_once("product"),
            status_among("product", ("ACTIVE", "VOID")),
            models.UniqueConstraint(
                fields=["tenant", "code"],
                name="product_code_once",
                violation_error_message="Another product has this code already.",
            ),
        ]

    def __str__(self) -> str:
        return self.code
