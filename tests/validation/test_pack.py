"""The pack as a file: what it says of a run, and that it is made to be kept."""

import re
from datetime import UTC, datetime
from io import BytesIO, StringIO
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest
from django.core.management import CommandError, call_command
from pypdf import PdfReader
from pypdf.generic import DictionaryObject, IndirectObject

from oversight.web.validation.pack import Release, write_pack
from oversight.web.validation.proof import Run, Verdict, proofs_of, proven, read_run
from oversight.web.validation.requirement import Way, requirements, sources

TESTS = sorted({test for tests in proven().values() for test in tests})
TRAIL = "tests/kernel/trail/test_writes.py::test_within_a_change_each_write_leaves_its_one_version"
COPIED = "tests/kernel/esign/test_signatures.py::test_a_signature_copied_to_another_record_does_not_verify"
GROUP = {"/Type": "/Group", "/S": "/Transparency", "/CS": "/DeviceRGB"}
RELEASE = Release("0123456789abcdef", True, "17.6", datetime(2026, 11, 23, 18, tzinfo=UTC))


def junit(place: Path, *, leave_out: str = "", fail: str = "", skip: str = "") -> Path:
    """A file as pytest writes it: each test in two cases, of which the second goes wrong."""
    lines = ['<testsuites><testsuite name="pytest" time="812.4" timestamp="2026-11-23T16:00:00.000000+00:00">']
    for test in (each for each in TESTS if each != leave_out):
        module, name = test.split("::")
        ended = '<failure message="x">x</failure>' if test == fail else '<skipped message="x"/>' if test == skip else ""
        of = f"<testcase classname={quoteattr(module.removesuffix('.py').replace('/', '.'))}"
        lines += [
            f"{of} name={quoteattr(f'{name}[a/b]')} />",
            f"{of} name={quoteattr(f'{name}[b]')}>{ended}</testcase>",
        ]
    place.write_text("\n".join([*lines, "</testsuite></testsuites>"]))
    return place


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return read_run(junit(tmp_path_factory.mktemp("run") / "results.xml", leave_out=TRAIL, fail=COPIED))


@pytest.fixture(scope="module")
def pack(run: Run) -> PdfReader:
    return PdfReader(BytesIO(write_pack(run, RELEASE)))


@pytest.fixture(scope="module")
def text(pack: PdfReader) -> str:
    return "\n".join(page.extract_text() for page in pack.pages)


def test_a_requirement_passes_when_all_of_its_tests_ran_and_passed(run: Run, tmp_path: Path) -> None:
    told = {key: run.of(each) for key, each in requirements().items()}
    assert (told["P11-70"], told["P11-10e"], told["P11-50a1"]) == (Verdict.FAILED, Verdict.NOT_RUN, Verdict.PASSED)
    assert told["P11-10i"] is None
    failed = {key for key in told if COPIED in proofs_of(key)}
    missing = {key for key in told if TRAIL in proofs_of(key)} - failed
    assert run.counts() == {
        Verdict.FAILED: len(failed),
        Verdict.NOT_RUN: len(missing),
        Verdict.PASSED: sum(each.way is Way.AUTOMATED for each in requirements().values()) - len(failed | missing),
    }
    skipped = read_run(junit(tmp_path / "skipped.xml", skip=COPIED))
    assert skipped.of(requirements()["P11-70"]) is Verdict.NOT_RUN, "who is skipped has not run"


def test_it_says_what_was_tested_and_how_it_ended(pack: PdfReader, text: str, run: Run) -> None:
    counts = run.counts()
    assert f"{counts[Verdict.PASSED]} passed, {counts[Verdict.FAILED]} failed" in text
    for said in ("Commit 0123456789abcdef", "23 November 2026, 18:00 UTC", "2026-11-23T16:00:00", "17.6", "812 s"):
        assert said in text, said
    for source in sources():
        assert source.title in text
    flat = re.sub(r"\s+", "", text)  # a long id goes on in the next line of its cell
    assert [key for key in requirements() if key.removeprefix("ASVS-") not in flat] == []
    assert [test for test in TESTS if test.partition("::")[2] not in flat] == []
    gaps = [each for each in requirements().values() if each.way is Way.GAP]
    assert gaps and [each.id for each in gaps if re.sub(r"\s+", "", each.why) not in flat] == []


def test_each_page_is_numbered_and_tables_say_their_head_again(pack: PdfReader) -> None:
    of = len(pack.pages)
    assert of > 10
    for number, page in enumerate(pack.pages, start=1):
        assert f"Page {number} of {of}" in page.extract_text()
    last = pack.pages[-1].extract_text()
    assert last.lstrip().startswith("Test") and "Proves" in last.splitlines()[0] + last.splitlines()[2]
    titles = [each.title for each in pack.outline if not isinstance(each, list)]
    assert titles[:3] == ["What this pack says", "Figures", "What was tested"] and titles[-2:] == ["Open gaps", "Tests"]


def test_it_is_made_to_be_kept(pack: PdfReader) -> None:
    """What PDF/A-2u asks, as far as it can be read back here."""
    root = pack.trailer["/Root"]
    metadata = root["/Metadata"].get_object().get_data().decode()
    assert 'pdfaid:part="2"' in metadata or "<pdfaid:part>2<" in metadata
    assert 'pdfaid:conformance="U"' in metadata or "<pdfaid:conformance>U<" in metadata
    assert "Validation pack of Oversight" in metadata
    assert "/Filter" not in root["/Metadata"].get_object()
    (intent,) = root["/OutputIntents"]
    assert intent.get_object()["/S"] == "/GTS_PDFA1"
    profile = intent.get_object()["/DestOutputProfile"].get_object()
    assert profile["/N"] == 3 and profile.get_data()[36:40] == b"acsp" and profile.get_data()[16:20] == b"RGB "
    assert not pack.is_encrypted and len(pack.trailer["/ID"]) == 2
    assert root["/Lang"] == "en-GB"
    assert pack.pdf_header == "%PDF-1.7"


def test_every_font_is_in_it_and_can_be_read_as_text(pack: PdfReader) -> None:
    fonts = {}
    for page in pack.pages:
        for name, font in page["/Resources"]["/Font"].items():
            fonts[name] = font.get_object()
    assert len(fonts) == 2
    for font in fonts.values():
        below = font["/DescendantFonts"][0].get_object()
        assert "/FontFile2" in below["/FontDescriptor"].get_object()
        assert "/ToUnicode" in font and "Inter" in font["/BaseFont"]


def test_nothing_in_it_runs_shines_through_or_comes_from_elsewhere(pack: PdfReader) -> None:
    found: set[str] = set()
    for number in range(1, len(pack.xref[0]) + 1):
        entry = pack.get_object(IndirectObject(number, 0, pack))
        if isinstance(entry, DictionaryObject):
            found |= set(entry) | {str(entry.get(key)) for key in ("/S", "/Subtype", "/BM")}
            assert (entry.get("/ca", 1), entry.get("/CA", 1)) == (1, 1)
            assert entry.get("/SMask", "/None") == "/None"
            assert entry.get("/Group", GROUP) == GROUP, "of a page as a whole, in the colours of the profile"
    assert len(found) > 20
    assert (
        found & {"/JavaScript", "/JS", "/AA", "/Launch", "/EmbeddedFiles", "/EF", "/SMask", "/URI", "/XObject"} == set()
    )


@pytest.mark.django_db
def test_the_command_writes_it_and_says_how_it_ended(tmp_path: Path) -> None:
    results, out, said = junit(tmp_path / "results.xml"), tmp_path / "pack.pdf", StringIO()
    call_command("validation_pack", results=results, out=out, commit="abc1234", stdout=said)
    assert said.getvalue() == f"{out}: {len(proven())} passed, 0 failed, 0 not run.\n"
    written = PdfReader(out).pages[0].extract_text()
    assert "Commit abc1234" in written and "Passed" not in written
    with pytest.raises(CommandError, match=r"^\d+ requirements failed; the pack names them\.$"):
        call_command("validation_pack", results=junit(results, fail=COPIED), out=out, commit="abc1234", stdout=said)
    assert "Failed" in PdfReader(out).pages[2].extract_text() + PdfReader(out).pages[3].extract_text()


def test_what_is_no_run_is_refused_in_a_sentence(tmp_path: Path) -> None:
    damaged, empty, out = tmp_path / "damaged.xml", tmp_path / "empty.xml", tmp_path / "pack.pdf"
    damaged.write_text("<testsuites")
    empty.write_text("<testsuites/>")
    for results, sentence in (
        (tmp_path / "none.xml", "cannot be read: No such file or directory"),
        (damaged, "is no JUnit file"),
        (empty, "tells of no test"),
    ):
        with pytest.raises(CommandError, match=sentence):
            call_command("validation_pack", results=results, out=out)
    assert not out.exists()
