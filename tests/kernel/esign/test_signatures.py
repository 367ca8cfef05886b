"""A signature is bound to one version of one record, by one person, and says so for ever."""

from contextlib import nullcontext
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from django import forms
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext

from oversight.kernel.access.models import User
from oversight.kernel.access.scope import Actor, scope
from oversight.kernel.database.roles import acting_as, connection_as
from oversight.kernel.esign import Method, NotProven, State, sign, signatures_of
from oversight.kernel.esign.models import Agreement, Signature
from oversight.kernel.esign.signing import AGREEMENT, sign_block
from oversight.kernel.esign.verification import broken_signatures
from oversight.kernel.trail.change import UnattributedChange, change
from oversight.kernel.trail.checks import guards_stand
from oversight.kernel.trail.verify import verify
from tests.cast import World, raw, seal_now, system

from .signed import MEANING, close, rename, seen, states, tamper, ticket


def named(world: World) -> list[str]:
    with connection_as("auditor") as auditor, auditor.cursor() as cursor:
        return [str(finding) for finding in broken_signatures(cursor)]


@pytest.mark.requirement("P11-50a1", "A11-14c", "A11D-sign")
def test_a_signature_says_who_what_when_why_and_holds(world: World) -> None:
    record = ticket(world.paul, world.lyra)
    signature = close(record, world.nina)
    (found,) = seen(record, world.nina)
    assert (found.state, found.changes, found.words, found.version) == (State.VALID, 0, "Valid", 2)
    assert (found.who, found.role, found.org) == ("Nina Berg", "QA director", "Acme Therapeutics")
    assert (found.meaning, found.reason, found.method) == (MEANING, "Probe replaced", "Password")
    assert found.zone == "Europe/Zurich" and found.local and len(found.digest) == 64
    with scope(world.nina):
        newest = record.history.first()
        assert (signature.signed_history, signature.signed_version) == (newest.history_id, 2)
        assert (signature.kind, signature.record_id, signature.cdmo_id) == ("support_ticket", record.pk, world.lyra.pk)
        made = signature.history.get()
        assert (made.history_user_id, made.history_change_reason) == (world.nina.user, "Probe replaced")
        assert abs((made.history_date - signature.signed_at).total_seconds()) < 1


@pytest.mark.requirement("P11-50a1", "PI041-attributable")
def test_renaming_the_signer_leaves_the_printed_name(world: World) -> None:
    record = ticket(world.paul, world.lyra)
    close(record, world.nina)
    with change(by=world.adam, reason="Married"):
        User.objects.filter(pk=world.nina.user).update(name="Nina Solvang")
    (found,) = seen(record, world.omar)
    assert (found.who, found.words) == ("Nina Berg", "Valid")


@pytest.mark.requirement("A11D-sign")
def test_a_later_change_shows_that_an_earlier_version_was_signed(world: World) -> None:
    record = ticket(world.paul, world.lyra)
    close(record, world.nina)
    rename(record, world.omar, "One")
    assert states(record, world.nina) == ["Signed an earlier version, 1 change since"]
    rename(record, world.omar, "Two")
    close(record, world.connie, title="Three")
    assert states(record, world.nina) == ["Signed an earlier version, 3 changes since", "Valid"]


def test_what_another_transaction_wrote_is_not_signed(world: World) -> None:
    record = ticket(world.paul, world.lyra)
    with change(by=world.nina, reason="Only looking"):
        raw("UPDATE support_ticket SET title = 'x' WHERE id = -1")
    unseen = ticket(world.riva, world.foreign)
    with pytest.raises(UnattributedChange, match="newest version"), change(by=world.nina, reason="Blind"):
        sign(unseen, by=world.nina, meaning=MEANING, reason="Blind", method=Method.PASSWORD)
    with scope(world.nina), pytest.raises(UnattributedChange, match="inside the change"):
        sign(record, by=world.nina, meaning=MEANING, reason="No change", method=Method.PASSWORD)
    with pytest.raises(UnattributedChange, match="as the person"), change(by=world.nina, reason="For Omar"):
        rename(record, world.nina, "Signed for another")
        sign(record, by=world.omar, meaning=MEANING, reason="For Omar", method=Method.PASSWORD)
    with scope(world.nina):
        assert Signature.objects.count() == 0 and Agreement.objects.count() == 0


def test_a_version_of_an_earlier_transaction_is_not_signed_later(lasting_world: World) -> None:
    record = ticket(lasting_world.paul, lasting_world.lyra)
    with pytest.raises(UnattributedChange, match="newest version"), change(by=lasting_world.nina, reason="Late"):
        sign(record, by=lasting_world.nina, meaning=MEANING, reason="Late", method=Method.PASSWORD)


@pytest.mark.requirement("P11-50a3")
def test_a_signature_says_what_it_means(world: World) -> None:
    record = ticket(world.paul, world.lyra)
    with pytest.raises(ValueError, match="says what it means"), change(by=world.nina, reason="Nothing"):
        sign(record, by=world.nina, meaning=" ", reason="Nothing", method=Method.PASSWORD)


@pytest.mark.requirement("P11-200a3")
@pytest.mark.parametrize("who", ["admin", "system"])
def test_who_signs_for_nobody_leaves_no_signature(world: World, who: str) -> None:
    actor: Actor = {"admin": world.adam, "system": system(world.acme)}[who]
    record = ticket(world.paul, world.lyra)
    with pytest.raises(NotProven, match="for nobody"), transaction.atomic():
        close(record, actor)
    with scope(world.nina):
        assert Signature.objects.count() == 0
        assert record.history.count() == 1


@pytest.mark.requirement("P11-50b", "A11-14b")
def test_nobody_changes_or_removes_a_signature(lasting_world: World) -> None:
    close(ticket(lasting_world.paul, lasting_world.lyra), lasting_world.nina)
    for sql in ("UPDATE esign_signature SET meaning = 'No'", "DELETE FROM esign_signature"):
        with pytest.raises(DatabaseError, match="permission denied"), change(by=lasting_world.nina, reason="Undo"):
            raw(sql)
        with connection_as("owner") as owner, owner.cursor() as cursor:
            cursor.execute("SET app.migrating = 'on'")
            with pytest.raises(DatabaseError, match="append-only"):
                cursor.execute(sql)
    assert [error.msg for error in guards_stand(databases=["default"]) if "esign" in error.msg] == []


def test_the_rival_and_the_other_partner_see_no_signature(world: World) -> None:
    record = ticket(world.paul, world.lyra)
    close(record, world.nina)
    for actor, sees in ((world.omar, 1), (world.connie, 1), (world.paul, 1), (world.olga, 0), (world.riva, 0)):
        assert len(seen(record, actor)) == sees, actor.name
        with scope(actor):
            assert raw("SELECT count(*) FROM esign_signature") == [(sees,)], actor.name
            assert raw("SELECT count(*) FROM esign_historicalsignature") == [(sees,)], actor.name


def test_a_partner_knows_the_sponsors_signers_as_their_organisation(world: World) -> None:
    record = ticket(world.paul, world.lyra)
    close(record, world.paul, title="Reported")
    close(record, world.nina)
    own, theirs = seen(record, world.paul)
    assert (own.who, own.role, own.org) == ("Paul Keller", "CDMO quality", "Lyra Biologics AG")
    assert (own.words, own.reason) == ("Signed an earlier version", "Probe replaced")
    assert (theirs.who, theirs.role, theirs.org) == ("", "", "Acme Therapeutics")
    assert (theirs.meaning, theirs.words) == (MEANING, "Valid")
    assert (theirs.reason, theirs.zone, theirs.local, theirs.method) == ("", "", "", "")
    assert {(each.changes, each.version, each.digest) for each in (own, theirs)} == {(None, None, "")}


def test_the_queries_do_not_grow_with_the_signatures(world: World) -> None:
    record = ticket(world.paul, world.lyra)
    close(record, world.nina)
    counts = []
    for _ in range(2):
        with scope(world.nina), CaptureQueriesContext(connection) as queries:
            signatures_of(record, world.nina)
        counts.append(len(queries))
        for title in "abc":
            close(record, world.omar, title=title)
    assert counts == [2, 2]


@pytest.mark.requirement("P11-100c2", "A11-14a")
def test_the_first_signature_at_a_sponsor_agrees_once(world: World) -> None:
    with scope(world.connie):
        assert sign_block(world.connie).agreement == AGREEMENT
    record = ticket(world.paul, world.lyra)
    for title in "abc":
        close(record, world.connie, title=title)
    close(record, world.paul, title="d")
    with scope(world.connie):
        assert sign_block(world.connie).agreement == ""
        (row,) = Agreement.objects.filter(signer_id=world.connie.user)
        assert (row.name, row.org, row.text) == ("Connie Marsh", "Marsh Consulting", AGREEMENT)
    with scope(world.omar):
        assert sign_block(world.omar).agreement == AGREEMENT
        assert Agreement.objects.count() == 2
    with scope(world.paul):
        assert [row.name for row in Agreement.objects.all()] == ["Paul Keller"]
    with scope(world.olga):
        assert Agreement.objects.count() == 0


@pytest.mark.requirement("P11-50a2")
def test_the_panel_names_signer_meaning_time_and_state(world: World) -> None:
    record = ticket(world.paul, world.lyra)
    close(record, world.nina)
    rename(record, world.omar, "Later")
    text = render_to_string("esign/_signatures.html", {"signatures": seen(record, world.nina)})
    for said in ("Nina Berg", "QA director, Acme Therapeutics", MEANING, " UTC", "in Europe/Zurich", "version 2"):
        assert said in text
    assert "Signed an earlier version, 1 change since" in text
    partner = render_to_string("esign/_signatures.html", {"signatures": seen(record, world.paul)})
    assert "Nina" not in partner and "QA director" not in partner and "Probe replaced" not in partner
    assert "Acme Therapeutics" in partner and "Signed an earlier version" in partner


class AskPassword(forms.Form):
    password = forms.CharField(label="Your password", widget=forms.PasswordInput)


@pytest.mark.requirement("P11-200a1")
def test_the_password_stands_beside_the_meaning_and_the_signer(world: World) -> None:
    record = ticket(world.paul, world.lyra)
    for first in (True, False):
        with scope(world.nina):
            context = {"actor": world.nina, "move": {"signed_as": MEANING}, "form": AskPassword(), "record": record}
            text = render_to_string("esign/_sign_fields.html", context)
        for said in ("Signing as Nina Berg", "QA director, Acme Therapeutics", MEANING, 'value="nina@example.com"'):
            assert said in text
        assert (AGREEMENT in text) is first
        assert 'type="password" name="password"' in text
        close(record, world.nina, title=f"{first}")


@pytest.mark.requirement("P11-50a2")
def test_only_the_loader_tells_when_it_was_signed(lasting_world: World) -> None:
    record = ticket(lasting_world.paul, lasting_world.lyra)
    told = datetime(2026, 2, 3, 10, 0, tzinfo=UTC)
    signed = []
    for role in ("loader", "app"):
        with acting_as("loader") if role == "loader" else nullcontext(), transaction.atomic():
            raw("SELECT set_config('app.at', %s, true)", told.isoformat())
            signed.append(close(record, lasting_world.nina, title=role).signed_at == told)
    assert signed == [True, False]
    assert states(record, lasting_world.nina) == ["Signed an earlier version, 1 change since", "Valid"]


@pytest.mark.requirement("P11-50b")
def test_the_row_of_a_signature_is_sealed(closed: World, settings, tmp_path: Path) -> None:
    settings.SEAL_LOG = str(tmp_path / "seals.log")
    seal_now()
    assert verify().findings == []
    tamper("UPDATE esign_historicalsignature SET meaning = 'I have seen it.'")
    with scope(closed.nina):
        key = Signature.history.get().history_id
    assert f"altered: table=esign_historicalsignature history_id={key} tenant={closed.acme.pk} block=1" in [
        str(finding) for finding in verify().findings
    ]


@pytest.fixture
def closed(lasting_world: World) -> World:
    """Two tickets of Lyra, the first of which Nina closed and signed."""
    first = ticket(lasting_world.paul, lasting_world.lyra, "First")
    second = ticket(lasting_world.paul, lasting_world.lyra, "Second")
    close(first, lasting_world.nina, title="First, closed")
    rename(second, lasting_world.nina, "Second, closed")
    lasting_world.first, lasting_world.second = first, second  # type: ignore[attr-defined]
    assert named(lasting_world) == []
    return lasting_world


COPY = """INSERT INTO esign_signature (tenant_id, version, kind, record_id, cdmo_id, signer_id, name, role, org,
            meaning, reason, signed_at, zone, signed_history, signed_version, digest, method, request)
          SELECT tenant_id, 1, kind, {record}, cdmo_id, signer_id, name, role, org, meaning, reason, signed_at, zone,
            {signed}, signed_version, digest, method, request FROM esign_signature"""


@pytest.mark.requirement("P11-70", "A11-14b")
@pytest.mark.parametrize("version", ["its own", "the copy's"])
def test_a_signature_copied_to_another_record_does_not_verify(closed: World, version: str) -> None:
    with scope(closed.nina):
        other = closed.second.history.first().history_id  # type: ignore[attr-defined]
    signed = "signed_history" if version == "its own" else str(other)
    with change(by=closed.nina, reason="Copied"):
        raw(COPY.format(record=closed.second.pk, signed=signed))  # type: ignore[attr-defined]
        key = raw("SELECT max(id) FROM esign_signature")[0][0]
    assert states(closed.second, closed.nina) == ["Does not verify"]  # type: ignore[attr-defined]
    assert states(closed.first, closed.nina) == ["Valid"]  # type: ignore[attr-defined]
    assert named(closed) == [f"does not verify: table=esign_signature id={key} tenant={closed.acme.pk}"]


@pytest.mark.requirement("P11-70")
def test_a_signature_doubled_later_does_not_verify_although_its_digest_is_right(closed: World) -> None:
    with change(by=closed.nina, reason="Again"):
        raw(COPY.format(record="record_id", signed="signed_history"))
    assert states(closed.first, closed.nina) == ["Valid", "Does not verify"]  # type: ignore[attr-defined]


TAMPERED = {
    "the signed version": "UPDATE support_historicalticket SET title = 'Nothing' WHERE title = 'First, closed'",
    "when it was": "UPDATE support_historicalticket SET history_date = now() WHERE title = 'First, closed'",
    "the version's absence": "DELETE FROM support_historicalticket WHERE title = 'First, closed'",
    "the meaning": "UPDATE esign_signature SET meaning = 'I have seen it.'",
    "the printed name": "UPDATE esign_signature SET name = 'Omar Haddad'",
    "the time": "UPDATE esign_signature SET signed_at = signed_at - interval '1 day'",
    "its origin": "DELETE FROM esign_historicalsignature",
}


@pytest.mark.requirement("P11-10a-altered")
@pytest.mark.parametrize("what", TAMPERED)
def test_tampering_breaks_the_signature_and_the_command_names_it(closed: World, what: str) -> None:
    out = StringIO()
    call_command("verify_signatures", stdout=out)
    assert out.getvalue() == "Every signature verifies: 1.\n"
    tamper(TAMPERED[what])
    assert states(closed.first, closed.nina) == ["Does not verify"]  # type: ignore[attr-defined]
    with scope(closed.nina):
        key = Signature.objects.get().pk
    out = StringIO()
    with pytest.raises(CommandError, match="1 of 1 signatures do not verify"):
        call_command("verify_signatures", stdout=out)
    assert out.getvalue() == f"does not verify: table=esign_signature id={key} tenant={closed.acme.pk}\n"


@pytest.mark.requirement("A11-17")
def test_a_column_that_comes_later_breaks_nothing(closed: World) -> None:
    tamper("ALTER TABLE support_historicalticket ADD COLUMN added_later text")
    try:
        assert states(closed.first, closed.nina) == ["Valid"]  # type: ignore[attr-defined]
    finally:
        tamper("ALTER TABLE support_historicalticket DROP COLUMN added_later")
