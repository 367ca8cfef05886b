"""The elements of a Microsoft Project XML file, one task or calendar at a time, with every trap of XML shut."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, iterparse

from .package import MOST_ATTRIBUTES, TAKEN
from .values import FileRefused

NAMESPACE = "http://schemas.microsoft.com/project"
DEEPEST = 20
MOST_ELEMENTS = 100_000  # of one task or calendar
MOST_IN_ALL = 700_000  # a file of 20 MB as Microsoft Project writes it has no more
MOST_NAMES = 2_000  # of elements; Microsoft Project has some hundreds
MANY_ATTRIBUTES = 50_000  # of the whole file, below which nobody counts those of one element
Element = Any


def elements(content: bytes) -> Iterator[tuple[str, Element]]:
    """Each child of the root by its name, and each entry of its lists: `Tasks/Task`, `Calendars/Calendar`, `StartDate`.

    An element is thrown away after the caller has seen it. Raises FileRefused for what is no such file.
    """
    if content.count(b"<") - content.count(b"</") > MOST_IN_ALL:
        raise FileRefused("The XML has more elements than a plan of 20 MB has. Save it anew, or split it.")
    if content.count(b"=") > MANY_ATTRIBUTES and any(
        piece.count(b"=") > MOST_ATTRIBUTES for piece in content.split(b"<")
    ):
        raise FileRefused(
            "An element of the XML has more attributes than any plan. Save it anew from Microsoft Project."
        )
    try:
        yield from _elements(content)
    except DefusedXmlException as error:
        raise FileRefused(
            "The file declares a DTD or entities, which can be a trap. Save the plan anew from Microsoft Project."
        ) from error
    except (ParseError, ValueError, LookupError, OverflowError) as error:
        raise FileRefused("The XML is damaged or cut off. Save the plan anew from Microsoft Project.") from error


def _elements(content: bytes) -> Iterator[tuple[str, Element]]:
    stack: list[Element] = []
    inside, names = 0, set[str]()
    for event, element in iterparse(BytesIO(content), events=("start", "end"), forbid_dtd=True):
        if event == "start":
            stack.append(element)
            names.add(element.tag)
            if len(names) > MOST_NAMES:
                raise FileRefused("The XML has elements that no plan has. Save it anew from Microsoft Project.")
            inside = 0 if len(stack) <= 3 else inside + 1
            if len(stack) > DEEPEST or inside > MOST_ELEMENTS:
                raise FileRefused("The XML is nested deeper than a plan is. Save it anew from Microsoft Project.")
            if len(stack) == 1 and name_of(element) != "Project":
                raise FileRefused(f"This XML is no Microsoft Project plan: it begins with “{_word(element)}”. {TAKEN}")
            continue
        stack.pop()
        if len(stack) == 2:  # Tasks/Task
            yield f"{name_of(stack[1])}/{name_of(element)}", element
            stack[1].clear()
        elif len(stack) == 1:
            yield name_of(element), element
            stack[0].clear()


def name_of(element: Element) -> str:
    """The name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def text_of(element: Element, name: str) -> str:
    """The text of the first child of that name; empty where there is none."""
    for child in element:
        if name_of(child) == name:
            return (child.text or "").strip()
    return ""


def texts_of(element: Element) -> dict[str, str]:
    """The texts of the children by name, read once; of two of the same name the first."""
    found: dict[str, str] = {}
    for child in element:
        found.setdefault(name_of(child), (child.text or "").strip())
    return found


def children(element: Element, *names: str) -> Iterator[Element]:
    """Those below it along this path of names."""
    first, *rest = names
    for child in element:
        if name_of(child) == first:
            if rest:
                yield from children(child, *rest)
            else:
                yield child


def _word(element: Element) -> str:
    return name_of(element)[:40]
