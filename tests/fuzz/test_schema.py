"""The API against its own schema: thousands of requests made from it, good and bad, with four keys.

`dev.py test --full` makes five times as many.
"""

from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode, openapi
from schemathesis.config import SchemathesisConfig
from schemathesis.schemas import APIOperation, BaseSchema

from oversight.kernel.api.reference import schema_of
from oversight.web.catalogue import KINDS
from tests.api.calling import key_of
from tests.cast import World
from tests.full import FULL

from .ground import furnish
from .program import Program, one_connection

FIVEFOLD = 5 if FULL else 1
LEAST = 4_000 * FIVEFOLD
KEYS = {"nina": True, "omar": True, "paul": True, "vera": False}  # who: whether the key writes
EXAMPLES = {"nina": 2, "omar": 3, "paul": 2, "vera": 1}  # random requests of each mode for each operation
FURTHER = 8  # good requests to an operation at which nobody has succeeded so far
OF_EACH_EDGE = 1 * FIVEFOLD  # requests for each kind of edge of each operation: too long, too small, no such method …
# What is well formed may still be refused: by the record's state, its rules, or a reference that is not there.
ACCEPTANCE = ["2xx", "403", "404", "409", "412", "422"]
REJECTION = ["400", "403", "404", "405", "409", "412", "415", "422", "428"]


def conforming(app: object) -> BaseSchema:
    """The schema as the API publishes it, with every check that it can be held to."""
    document = {
        "generation": {"with-security-parameters": False},  # each program shows its own key
        "checks": {
            "positive_data_acceptance": {"expected-statuses": ACCEPTANCE},
            "negative_data_rejection": {"expected-statuses": REJECTION},
            "missing_required_header": {"expected-statuses": ["403", "404", "409", "415", "422", "428"]},
        },
    }
    schema = openapi.from_dict(schema_of("oversight.web.api"), config=SchemathesisConfig.from_dict(document))
    schema.app = app
    return schema


def operations(schema: BaseSchema) -> Iterator[APIOperation]:
    for result in schema.get_all_operations():
        yield result.ok()


def is_for_somebody(operation: APIOperation) -> bool:
    """Whether anybody may do it: what the house alone puts on file, nobody adds or amends."""
    kind = next((each for each in KINDS if operation.path.startswith(f"/api/v1/{{sponsor}}/{each.slug}/")), None)
    if kind is None:
        return True
    adds = operation.method == "post" and operation.path == f"/api/v1/{{sponsor}}/{kind.slug}/"
    amends = operation.method == "patch"
    return not (adds and not kind.workflow.opens) and not (amends and not kind.workflow.editable)


def fuzz(program: Program, operation: APIOperation, mode: GenerationMode, examples: int) -> None:
    @settings(
        max_examples=examples,
        phases=[Phase.generate],
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def each(case: Case) -> None:
        program.send(case)

    each()


def edges(program: Program, schema: BaseSchema, operation: APIOperation) -> None:
    """What a schema's own words suggest to try, one by one."""
    tried: Counter[object] = Counter()
    cases = schema.iter_coverage_cases(
        operation,
        generation_modes=list(GenerationMode),
        generation_config=schema.config.generation_for(operation=operation),
    )
    for case in cases:
        tried[case.meta.phase.data.scenario] += 1
        if tried[case.meta.phase.data.scenario] <= OF_EACH_EDGE:
            program.send(case)


def succeeded(programs: list[Program]) -> set[str]:
    """The operations at which somebody has succeeded."""
    return {label for program in programs for label, found in program.by_operation.items() if found[200] + found[201]}


@pytest.mark.requirement("A11-4-7", "ASVS-5.1.4", "ASVS-13.2.2")
def test_thousands_of_requests_made_from_the_schema_find_nothing(
    lasting_world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("CRITICAL", "django.request")
    grounds = furnish(lasting_world)
    programs = []
    with one_connection() as app:
        schema = conforming(app)
        for name, writes in KEYS.items():
            actor = getattr(lasting_world, name)
            program = Program(name, actor, key_of(actor, writes=writes), app, grounds)
            programs.append(program)
            for operation in operations(schema):
                for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
                    fuzz(program, operation, mode, EXAMPLES[name] * FIVEFOLD)
        for operation in operations(schema):
            edges(programs[0], schema, operation)
        for program in programs[:2]:
            for operation in operations(schema):
                if operation.label not in succeeded(programs):
                    fuzz(program, operation, GenerationMode.POSITIVE, FURTHER * FIVEFOLD)
    failures = {key: said for program in programs for key, said in program.failures.items()}
    statuses = sum((program.statuses for program in programs), Counter())
    done = succeeded(programs)
    for program in programs:
        print(
            f"\n{program.name}: {program.statuses.total()} requests, {program.replays} replays", dict(program.statuses)
        )
    print(f"{statuses.total()} requests; {len(done)} of {len(list(operations(schema)))} operations succeeded")
    print({operation.label for operation in operations(schema)} - done)
    assert not failures, f"{len(failures)}:\n" + "\n\n".join(failures.values())
    assert not [status for status in statuses if status >= 500]
    assert statuses.total() >= LEAST
    # Not all of it ended at the door.
    assert statuses[200] + statuses[201] >= LEAST // 6
    assert statuses[409] + statuses[412] + statuses[422] >= LEAST // 5
    assert min(statuses[each] for each in (400, 403, 404, 405, 428)) >= 10
    assert sum(program.replays for program in programs) >= 10
    assert len(done) >= 0.9 * sum(map(is_for_somebody, operations(schema)))
