"""Reading a page as a person does: words, links, and the sentence beside a field."""

import html
import re

from django.http import HttpResponse


def words(response: HttpResponse) -> str:
    """All text of the page, tags taken out, blanks folded."""
    body = re.sub(r"<(script|style|title)\b.*?</\1>", " ", response.content.decode(), flags=re.S)
    return fold(body)


def fold(markup: str) -> str:
    """The text of a piece of markup."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", markup)).split())


def titles(response: HttpResponse) -> list[str]:
    """The titles of the rows of a list, from top to bottom."""
    found = re.findall(r'<td class="cell-lead"><a class="cell-main"[^>]*>(.*?)</a>', response.content.decode())
    return [html.unescape(title) for title in found]


def link(response: HttpResponse, words_on_it: str) -> str | None:
    """Where the link or button with these words leads; None when there is none."""
    for href, content in re.findall(r'<a [^>]*?href="([^"]*)"[^>]*>(.*?)</a>', response.content.decode(), flags=re.S):
        if fold(content) == words_on_it:
            return html.unescape(href)
    return None


def beside(response: HttpResponse, field: str) -> str:
    """The sentence under a field, empty when there is none."""
    found = re.search(
        rf'class="field__error" id="(?:id_)?{field}_error">(.*?)</span></span>', response.content.decode(), re.S
    )
    return fold(found[1]) if found else ""


def summary(response: HttpResponse) -> list[tuple[str, str]]:
    """The summary of errors on top: each line with the field it leads to."""
    box = re.search(r'<div class="form-error".*?</div>', response.content.decode(), re.S)
    lines = re.findall(r"<li>(.*?)</li>", box[0], re.S) if box else []
    return [((re.search(r'href="#([^"]*)"', line) or ["", ""])[1], fold(line)) for line in lines]


def differences(response: HttpResponse) -> list[list[tuple[str, str, str]]]:
    """The history from top to bottom: for each version (label, old, new); a reason stands as ("Reason", "", words)."""
    versions = []
    for row in re.findall(r'<dl class="diff">(.*?)</dl>', response.content.decode(), re.S):
        lines = []
        for label, value in re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", row, re.S):
            old, new = re.search(r"<del>(.*?)</del>", value, re.S), re.search(r"<ins>(.*?)</ins>", value, re.S)
            plain = "" if "<" in value else value
            lines.append((fold(label), fold(old[1]) if old else "", fold(new[1]) if new else fold(plain)))
        versions.append(lines)
    return versions
