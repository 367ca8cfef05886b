"""People join, change and leave, by an administrator who says why."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client

from oversight.kernel.access.memberships import ONE_SIDE, amend, ended_by
from oversight.kernel.access.models import Grant, Membership, User
from oversight.kernel.access.scope import Actor, scope
from oversight.kernel.outbox.delivery import deliver
from oversight.kernel.outbox.models import Event
from oversight.kernel.trail.change import change
from oversight.roles import Role
from tests.cast import World, join, person, sign_in, system

pytestmark = pytest.mark.django_db

PEOPLE = "/acme/settings/people/"
JOINING = {
    "email": "ada@example.com",
    "name": "Ada Holm",
    "role": "qa_reviewer",
    "valid_from": "2026-02-01",
    "sight": "EVERY",
    "reason": "Joins the quality unit",
}


@pytest.fixture
def adam(world: World, client: Client) -> Client:
    sign_in(client, world.adam)
    return client


def member_of(world: World, email: str, sponsor: str = "acme") -> Membership:
    tenant = getattr(world, sponsor)
    with scope(system(tenant)):
        return Membership.objects.select_related("user").get(tenant=tenant, user__email=email)


def trail_of(world: World, membership: Membership) -> list[tuple[str, str, str, str, str]]:
    with scope(system(world.acme)):
        rows = Membership.history.filter(id=membership.pk).order_by("history_id")
        return [
            (row.history_type, row.role, row.history_user_name, row.history_role, row.history_change_reason)
            for row in rows
        ]


def deliver_all(world: World) -> None:
    with scope(system(world.acme)):
        waiting = list(Event.objects.filter(state="WAITING").values_list("pk", flat=True))
    for pk in waiting:
        deliver(tenant=world.acme.pk, event=pk)


def change_url(membership: Membership | Actor, page: str = "change") -> str:
    pk = membership.membership if isinstance(membership, Actor) else membership.pk
    return f"{PEOPLE}{pk}/{page}/"


def as_it_is(membership: Membership, **changes: object) -> dict[str, object]:
    said = {
        "version": membership.version,
        "role": membership.role,
        "org": membership.org,
        "valid_from": membership.valid_from.isoformat(),
        "valid_until": membership.valid_until or "",
        "sight": "SOME" if membership.narrowed else "EVERY",
        "reason": "Reorganised",
    }
    return said | changes


@pytest.mark.requirement("A11-12-3")
def test_a_person_joins_and_is_invited(world, adam):
    response = adam.post(f"{PEOPLE}add/", JOINING)
    assert response.status_code == 302, response.content.decode()
    ada = member_of(world, "ada@example.com")
    assert (ada.role, ada.org, ada.cdmo_id, ada.narrowed) == ("qa_reviewer", "Acme Therapeutics", None, False)
    assert (ada.valid_from, ada.valid_until, ada.user.name) == (date(2026, 2, 1), None, "Ada Holm")
    assert not ada.user.has_usable_password()
    assert trail_of(world, ada) == [("+", "qa_reviewer", "Adam Novak", "admin", "Joins the quality unit")]
    deliver_all(world)
    (letter,) = mail.outbox
    assert (letter.to, letter.subject) == (["ada@example.com"], "Your access to Oversight")
    assert "Set your password here" in letter.body and "Acme Therapeutics" in letter.body
    link = re.search(r"http://localhost:8000(/accounts/\S+)", letter.body)[1]
    assert Client().get(link, follow=True).status_code == 200
    page = adam.get(response["Location"]).content.decode()
    assert "ada@example.com was added. An invitation is on its way." in page
    assert "Joins the quality unit" in page


def test_who_has_a_password_already_is_written_to_without_a_link_to_set_one(world, adam):
    adam.post(f"{PEOPLE}add/", JOINING | {"email": "riva@example.com"})
    deliver_all(world)
    (letter,) = mail.outbox
    assert letter.to == ["riva@example.com"] and "Sign in with your own e-mail and password" in letter.body
    assert "http://localhost:8000/\n" in letter.body and "password/new" not in letter.body
    riva = member_of(world, "riva@example.com")
    assert (riva.user.name, riva.user_id) == ("Riva Stone", world.riva.user)


def test_a_partners_person_joins_for_one_cdmo(world, adam):
    said = JOINING | {"role": "cdmo_project", "cdmo": str(world.lyra.pk)}
    assert adam.post(f"{PEOPLE}add/", said).status_code == 302
    ada = member_of(world, "ada@example.com")
    assert (ada.role, ada.cdmo_id, ada.org) == ("cdmo_project", world.lyra.pk, "Lyra Biologics")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"role": "cdmo_qa"}, "CDMO: A role of a partner needs its CDMO."),
        ({"email": "nobody"}, "E-mail: Enter an e-mail address, such as name@company.example."),
        ({"reason": " \u200b"}, "Why?: Say why. The reason is kept in the history."),
        ({"role": "api_client"}, "Role: Choose one from the list."),
        ({"role": ""}, "Role: Choose one."),
        ({"valid_until": "2026-01-31"}, "Last day: This day is over."),
        ({"valid_from": "2999-01-01", "valid_until": "2998-01-01"}, "Last day: The last day cannot come before"),
        ({"sight": "SOME"}, "CDMOs: Choose at least one CDMO, or let the person see all."),
        ({"email": "nina@example.com"}, "E-mail: This person is a member here already; amend that membership."),
        ({"email": "adam@example.com"}, "E-mail: Nobody changes their own membership."),
        ({"role": "inspector"}, "Last day: An inspector&#x27;s access has a last day. Enter one."),
        ({"email": "x@acme.program.invalid"}, "E-mail: Give the person&#x27;s own address."),
    ],
)
def test_what_makes_no_sense_is_refused_and_what_was_typed_stays(world, adam, changes, sentence):
    said = JOINING | changes
    response = adam.post(f"{PEOPLE}add/", said)
    page = response.content.decode()
    assert response.status_code == 422
    assert sentence in page
    assert 'value="Ada Holm"' in page
    with scope(system(world.acme)):
        assert not User.objects.filter(email="ada@example.com").exists()
        assert Membership.objects.filter(tenant=world.acme).count() == 8


def test_a_cdmo_of_another_sponsor_is_no_choice(world, adam):
    said = JOINING | {"role": "cdmo_qa", "cdmo": str(world.foreign.pk)}
    response = adam.post(f"{PEOPLE}add/", said)
    assert response.status_code == 422 and "CDMO: Choose one from the list." in response.content.decode()
    said = JOINING | {"sight": "SOME", "sees": [str(world.foreign.pk)]}
    response = adam.post(f"{PEOPLE}add/", said)
    assert response.status_code == 422 and "CDMOs: Choose CDMOs from the list." in response.content.decode()


@pytest.mark.requirement("A11-12-3")
def test_another_role_holds_at_the_next_click_and_the_trail_says_from_what_to_what(world, adam):
    vera, theirs = member_of(world, "vera@example.com"), Client()
    sign_in(theirs, world.vera)
    assert theirs.get("/acme/deviations/new/").status_code == 403
    response = adam.post(change_url(vera), as_it_is(vera, role="qa_director", reason="Promoted in April"))
    assert response.status_code == 302, response.content.decode()
    assert theirs.get("/acme/deviations/new/").status_code == 200
    assert trail_of(world, vera) == [
        ("+", "viewer", "Oversight", "system", "Founded"),
        ("~", "qa_director", "Adam Novak", "admin", "Promoted in April"),
    ]
    page = adam.get(f"{PEOPLE}{vera.pk}/").content.decode()
    assert "<dt>Role</dt><dd><del>Viewer</del>" in page
    assert "<ins>QA director</ins>" in page and "Promoted in April" in page


def test_a_person_is_narrowed_to_cdmos_and_widened_again(world, adam):
    vera, theirs = member_of(world, "vera@example.com"), Client()
    sign_in(theirs, world.vera)
    orion = f"/acme/cdmos/{world.orion.pk}/"
    assert theirs.get(orion).status_code == 200
    said = as_it_is(vera, sight="SOME", sees=[str(world.lyra.pk)], reason="Lyra only")
    assert adam.post(change_url(vera), said).status_code == 302
    assert theirs.get(orion).status_code == 404
    assert theirs.get(f"/acme/cdmos/{world.lyra.pk}/").status_code == 200
    vera = member_of(world, "vera@example.com")
    said = as_it_is(vera, sees=[str(world.orion.pk)], reason="Orion instead")
    assert adam.post(change_url(vera), said).status_code == 302
    assert theirs.get(orion).status_code == 200
    assert theirs.get(f"/acme/cdmos/{world.lyra.pk}/").status_code == 404
    with scope(system(world.acme)):
        told = [
            (row.history_type, row.object_pk, row.history_change_reason)
            for row in Grant.history.filter(user_id=world.vera.user).order_by("history_id")
        ]
    lyra, orion_key = str(world.lyra.pk), str(world.orion.pk)
    assert told == [("+", lyra, "Lyra only"), ("+", orion_key, "Orion instead"), ("-", lyra, "Orion instead")]
    page = adam.get(f"{PEOPLE}{vera.pk}/").content.decode()
    assert "<dt>CDMO closed</dt><dd><del>Lyra Biologics</del>" in page
    vera = member_of(world, "vera@example.com")
    assert adam.post(change_url(vera), as_it_is(vera, sight="EVERY")).status_code == 302
    assert theirs.get(f"/acme/cdmos/{world.lyra.pk}/").status_code == 200
    with scope(system(world.acme)):
        assert not Grant.objects.filter(user_id=world.vera.user).exists()


def test_a_role_of_the_other_side_is_no_choice(world, adam):
    vera, paul = member_of(world, "vera@example.com"), member_of(world, "paul@example.com")
    for member, role in ((vera, "cdmo_qa"), (paul, "qa_director"), (vera, "api_client")):
        response = adam.post(change_url(member), as_it_is(member, role=role))
        assert response.status_code == 422
        assert "Role: Choose one from the list." in response.content.decode()


@pytest.mark.requirement("P11-300b")
def test_a_membership_that_is_ended_is_over_at_the_next_click(world, adam):
    vera, theirs = member_of(world, "vera@example.com"), Client()
    sign_in(theirs, world.vera)
    assert theirs.get("/acme/cdmos/").status_code == 200
    assert "It ends at once" in adam.get(change_url(vera, "end")).content.decode()
    said = {"version": vera.version, "reason": "Left the company"}
    assert adam.post(change_url(vera, "end"), said | {"reason": ""}).status_code == 422
    assert adam.post(change_url(vera, "end"), said).status_code == 302
    assert theirs.get("/acme/cdmos/").status_code == 404
    with change(by=system(world.acme), reason="Moved west"):
        User.objects.filter(pk=world.vera.user).update(time_zone="Pacific/Pago_Pago")
    assert theirs.get("/acme/cdmos/").status_code == 404
    assert trail_of(world, vera)[-1] == ("~", "viewer", "Adam Novak", "admin", "Left the company")
    assert adam.get(f"{PEOPLE}?state=ENDED").content.decode().count("vera@example.com") == 1
    again = {"version": member_of(world, "vera@example.com").version, "reason": "Twice"}
    response = adam.post(change_url(vera, "end"), again)
    assert response.status_code == 422 and "This membership has ended already." in response.content.decode()


def test_one_who_joined_today_can_be_ended_today(world, adam):
    today = datetime.now(UTC).date()
    said = JOINING | {"valid_from": (today - timedelta(days=1)).isoformat()}
    adam.post(f"{PEOPLE}add/", said)
    ada = member_of(world, "ada@example.com")
    response = adam.post(change_url(ada, "end"), {"version": ada.version, "reason": "A mistake"})
    assert response.status_code == 302
    ada = member_of(world, "ada@example.com")
    assert ada.valid_from == ada.valid_until == ended_by(datetime.now(UTC))


def test_the_day_that_is_over_everywhere():
    assert ended_by(datetime(2026, 3, 10, 11, 59, tzinfo=UTC)) == date(2026, 3, 8)
    assert ended_by(datetime(2026, 3, 10, 12, 0, tzinfo=UTC)) == date(2026, 3, 9)


@pytest.mark.requirement("PI041-access", "ASVS-4.1.2")
def test_nobody_changes_their_own_membership(world, adam):
    own = member_of(world, "adam@example.com")
    for page, said in (("change", as_it_is(own, role="qa_director")), ("end", {"version": own.version, "reason": "x"})):
        response = adam.post(change_url(own, page), said)
        assert response.status_code == 422
        assert "Nobody changes their own membership. Ask another administrator." in response.content.decode()
    page = adam.get(f"{PEOPLE}{own.pk}/").content.decode()
    assert "This is your own membership." in page and "End membership" not in page
    assert len(trail_of(world, own)) == 1


def second_admin(world: World, **fields: object) -> Membership:
    with change(by=system(world.acme), reason="Second administrator"):
        join(world.acme, person("Bea Stern"), Role.ADMIN, world.acme.name, **fields)
    return member_of(world, "bea@example.com")


def test_the_last_administrator_stays(world, client):
    bea = second_admin(world)
    with change(by=system(world.acme), reason="Until the end of the year"):
        until = datetime.now(UTC).date() + timedelta(days=40)
        Membership.objects.filter(pk=world.adam.membership).update(valid_until=until)
    sign_in(client, world.adam)
    sentence = "This is the last administrator whose membership goes on. Make somebody else administrator first."
    later = (until + timedelta(days=1)).isoformat()
    # Adam's own membership ends before: after that, nobody would be left.
    response = client.post(change_url(bea), as_it_is(bea, valid_until=later))
    assert response.status_code == 422 and sentence in response.content.decode()
    sooner = (until - timedelta(days=1)).isoformat()
    assert client.post(change_url(bea), as_it_is(bea, valid_until=sooner)).status_code == 302


def test_an_administrator_is_no_longer_one_while_another_is(world, adam):
    bea = second_admin(world)
    assert adam.post(change_url(bea), as_it_is(bea, role="viewer")).status_code == 302
    assert member_of(world, "bea@example.com").role == "viewer"


def test_an_administrator_sees_every_cdmo(world, adam):
    bea = second_admin(world)
    response = adam.post(change_url(bea), as_it_is(bea, sight="SOME", sees=[str(world.lyra.pk)]))
    assert response.status_code == 422
    assert "CDMOs: An administrator sees every CDMO: people belong to all of them." in response.content.decode()


def test_what_somebody_changed_meanwhile_is_not_overwritten(world, adam):
    vera = member_of(world, "vera@example.com")
    assert adam.post(change_url(vera), as_it_is(vera, org="Acme Ltd")).status_code == 302
    response = adam.post(change_url(vera), as_it_is(vera, org="Acme Inc"))
    assert response.status_code == 409
    assert "Somebody changed this membership after you opened it." in response.content.decode()
    assert member_of(world, "vera@example.com").org == "Acme Ltd"


def test_what_is_saved_unchanged_leaves_no_version(world, adam):
    for email in ("vera@example.com", "connie@example.com", "paul@example.com"):
        member = member_of(world, email)
        sees = [str(world.lyra.pk)] if member.narrowed else []
        before = len(trail_of(world, member))
        response = adam.post(change_url(member), as_it_is(member, sees=sees))
        assert response.status_code == 422 and "Nothing was changed." in response.content.decode()
        assert len(trail_of(world, member)) == before


def test_an_administrator_does_not_join_a_partner(world, adam):
    said = JOINING | {"email": "Adam@Example.com", "role": "cdmo_qa", "cdmo": str(world.lyra.pk)}
    response = adam.post(f"{PEOPLE}add/", said)
    assert response.status_code == 422
    assert "Nobody changes their own membership. Ask another administrator." in response.content.decode()


@pytest.mark.requirement("P11-100a", "P11-200a3")
def test_nobody_elses_e_mail_name_or_password_can_be_changed(world, adam):
    vera = member_of(world, "vera@example.com")
    more = {"email": "mine@example.com", "name": "Mine", "password": "mine mine mine", "user": str(world.adam.user)}
    assert adam.post(change_url(vera), as_it_is(vera, role="supply") | more).status_code == 302
    after = member_of(world, "vera@example.com")
    assert (after.user_id, after.user.name, after.user.password) == (vera.user_id, "Vera Lindt", vera.user.password)
    assert not re.search(r'name="(email|name|password)"', adam.get(change_url(vera)).content.decode())


def test_the_invitation_is_sent_again_until_the_person_came(world, adam):
    adam.post(f"{PEOPLE}add/", JOINING)
    ada = member_of(world, "ada@example.com")
    assert "Send the invitation again" in adam.get(f"{PEOPLE}{ada.pk}/").content.decode()
    assert adam.post(change_url(ada, "invite")).status_code == 302
    deliver_all(world)
    assert [letter.to for letter in mail.outbox] == [["ada@example.com"]] * 2
    User.objects.filter(pk=ada.user_id).update(last_login=datetime.now(UTC))
    assert "Send the invitation again" not in adam.get(f"{PEOPLE}{ada.pk}/").content.decode()
    adam.post(change_url(ada, "invite"))
    deliver_all(world)
    assert len(mail.outbox) == 2


def test_a_program_joins_under_an_address_of_its_sponsor(world, adam):
    said = {"name": "LIMS Basel", "valid_from": "2026-02-01", "reason": "Results by night"}
    assert adam.post(f"{PEOPLE}add-program/", said).status_code == 302
    lims = member_of(world, "lims-basel@acme.program.invalid")
    assert (lims.role, lims.user.name, lims.user.has_usable_password()) == ("api_client", "LIMS Basel", False)
    deliver_all(world)
    assert mail.outbox == []
    response = adam.post(f"{PEOPLE}add-program/", said)
    assert response.status_code == 422
    assert "There is a program of this name already. Choose another name." in response.content.decode()


def test_a_role_of_the_other_side_is_refused_whoever_asks(world):
    with scope(world.adam):
        vera = Membership.objects.visible_to(world.adam).get(pk=world.vera.membership)
        with pytest.raises(ValidationError) as refusal, change(by=world.adam, reason="Moved to the partner"):
            amend(
                vera.pk, by=world.adam, seen=vera.version, role=Role.CDMO_QA, org=vera.org,
                valid_from=vera.valid_from, valid_until=None, sees=None,
            )  # fmt: skip
    assert refusal.value.message_dict == {"role": [ONE_SIDE]}
