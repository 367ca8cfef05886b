"""A workflow as a document: its states as a Mermaid diagram, its moves as a table."""

from collections.abc import Iterable

from oversight.roles import roles_with

from .definition import Guard, Transition, Workflow


def document(workflow: Workflow) -> str:
    """Diagram and table, in Markdown."""
    return "\n".join([*_diagram(workflow), "", *_table(workflow), "", *_amendments(workflow), ""])


def _diagram(workflow: Workflow) -> Iterable[str]:
    yield "```mermaid"
    yield "stateDiagram-v2"
    yield from (f"    {state}: {words}" for state, words in workflow.states.items())
    yield f"    [*] --> {workflow.initial}"
    for move in workflow.transitions:
        if move.target:
            yield from (
                f"    {source} --> {move.target}: {move.label}" for source in workflow.states if source in move.sources
            )
    yield from (f"    {state} --> [*]" for state in workflow.states if state in workflow.final)
    yield "```"


def _table(workflow: Workflow) -> Iterable[str]:
    yield "| move | from | to | who | asks for | refused unless | signed as |"
    yield "|---|---|---|---|---|---|---|"
    for move in workflow.transitions:
        cells = (
            f"`{move.name}`",
            _words(workflow, move.sources),
            workflow.states[move.target] if move.target else "stays",
            ", ".join(str(role.label) for role in roles_with(move.capability)),
            _fields(workflow, move),
            "; ".join(_rule(guard) for guard in move.guards),
            move.signed_as,
        )
        yield f"| {' | '.join(cells)} |"


def _amendments(workflow: Workflow) -> Iterable[str]:
    sides = (("The sponsor amends", workflow.editable), ("The partner amends", workflow.partner_editable))
    for side, editable in sides:
        for state, words in workflow.states.items():
            if fields := editable.get(state):
                names = ", ".join(sorted(_name(workflow, name) for name in fields))
                yield f"- {side}, while {words.lower()}: {names}."
    if workflow.amend_guards:
        yield f"- Amending is refused unless: {'; '.join(_rule(guard) for guard in workflow.amend_guards)}."


def _fields(workflow: Workflow, move: Transition) -> str:
    named = [_name(workflow, name) for name in move.requires]
    named += [f"{_name(workflow, name)} (optional)" for name in move.accepts]
    return ", ".join(named + ([] if move.reason else ["reason"]))


def _name(workflow: Workflow, name: str) -> str:
    return workflow.model.called(name)


def _words(workflow: Workflow, states: frozenset[str]) -> str:
    return ", ".join(words for state, words in workflow.states.items() if state in states)


def _rule(guard: Guard) -> str:
    """A guard is named as the rule that it upholds."""
    return guard.__name__.replace("_", " ")
