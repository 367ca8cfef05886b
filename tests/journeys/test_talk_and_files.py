"""The discussion and the files of a record: without script too, on a desk and on a phone, usable by all."""

import pytest

from oversight.kernel.access.scope import scope
from oversight.kernel.files.attaching import withdraw
from tests.cast import World
from tests.kernel.comments.test_comments import speak
from tests.kernel.files.conftest import store  # noqa: F401  where these files go
from tests.kernel.files.samples import PDF
from tests.kernel.files.test_files import put

from .looking import look_closely


@pytest.fixture
def story(lasting_world: World) -> World:
    world = lasting_world
    speak(world.nina, world.lyra, "If this runs past 30 November we lose the cut-off. " + "long" * 60)
    speak(world.nina, world.lyra, "Titre was in range, volume was 9 % high.\nWhat changed in the feed?", shared=True)
    speak(world.paul, world.lyra, "@Nina Berg the feed log is attached.")
    put(world.nina, world.lyra, "Pressure trend of skid C-204 with a rather long name " * 2 + ".pdf")
    put(world.paul, world.lyra, "Feed log.pdf", PDF + b"\n")
    gone = put(world.paul, world.lyra, "Feed log of another batch.pdf", PDF + b"\n\n")
    with scope(world.nina):
        withdraw(gone, by=world.nina, reason="It is of another batch")
    return world


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_both_sides_can_use_the_pages(visit, story, width, scheme):
    for actor, door in ((story.nina, "/acme/"), (story.paul, "/portal/acme/")):
        page = visit(actor, width=width, scheme=scheme)
        for nested in ("comments/", "files/"):
            page.goto(f"{door}cdmos/{story.lyra.pk}/{nested}")
            look_closely(page, f"{door}{nested}")
        page.locator("summary").first.click()
        look_closely(page, "the question why a file is withdrawn")
        page.locator(".withdraw[open] button").click()
        page.wait_for_selector(".withdraw[open] .field__error")
        look_closely(page, "a withdrawal without a reason")


def test_nina_talks_attaches_and_saves_without_script(visit, story, tmp_path):
    sent = tmp_path / "Frit photo.pdf"
    sent.write_bytes(PDF)
    page = visit(story.nina, script=False)
    page.goto(f"/acme/cdmos/{story.lyra.pk}/comments/")
    page.fill("#talk-text", "@Paul Keller please look")
    page.click("button:has-text('Comment')")
    assert "does not see internal comments: share this one" in page.inner_text("#talk-text_error")
    assert page.input_value("#talk-text") == "@Paul Keller please look"
    page.check("#talk-shared")
    page.click("button:has-text('Comment')")
    page.wait_for_url(f"**/acme/cdmos/{story.lyra.pk}/#comment-*")
    page.goto(f"/acme/cdmos/{story.lyra.pk}/files/")
    page.set_input_files("#files-file", sent)
    page.click("button:has-text('Attach')")
    page.wait_for_url(f"**/acme/cdmos/{story.lyra.pk}/#files")
    page.goto(f"/acme/cdmos/{story.lyra.pk}/files/")
    with page.expect_download() as waiting:
        page.click("a:has-text('Frit photo.pdf')")
    assert waiting.value.suggested_filename == "Frit photo.pdf"
    assert waiting.value.path().read_bytes() == PDF
