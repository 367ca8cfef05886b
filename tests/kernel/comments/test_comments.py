"""What is said about a record: who hears it, whom it calls, and that it stays as it was said."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext

from oversight.kernel.access.models import Membership, Share
from oversight.kernel.access.scope import Actor, scope
from oversight.kernel.comments.mentions import may_mention
from oversight.kernel.comments.models import Comment
from oversight.kernel.comments.saying import comments_of, say
from oversight.kernel.trail.change import change
from oversight.kernel.trail.models import Record
from oversight.kernel.workflow.refusals import Refused
from oversight.roles import Role
from tests.cast import World, join, person, raw, system
from tests.support.models import Bulletin, Receipt


def speak(by: Actor, record: Record, text: str, *, shared: bool = False, view: str = "") -> Comment:
    with scope(by):
        return say(record, text=text, by=by, shared=shared, view=view)


def refusal(by: Actor, record: Record, text: str, *, shared: bool = False, view: str = "") -> str:
    with pytest.raises(ValidationError) as refused:
        speak(by, record, text, shared=shared, view=view)
    assert list(refused.value.message_dict) == ["text"]
    return " ".join(refused.value.messages)


def heard(actor: Actor, record: Record) -> list[str]:
    with scope(actor):
        return [comment.text for comment in comments_of(record, actor).comments]


def test_internal_stays_inside_and_shared_reaches_both_sides(world: World) -> None:
    speak(world.nina, world.lyra, "If this runs past 30 November we lose the slot.")
    speak(world.nina, world.lyra, "What changed in the feed?", shared=True)
    speak(world.paul, world.lyra, "The feed log is attached.")
    everything = [
        "If this runs past 30 November we lose the slot.",
        "What changed in the feed?",
        "The feed log is attached.",
    ]
    for name in ("nina", "omar", "vera", "connie"):
        assert heard(getattr(world, name), world.lyra) == everything, name
    assert heard(world.paul, world.lyra) == everything[1:]
    for name in ("olga", "riva", "petra"):
        assert heard(getattr(world, name), world.lyra) == [], name


def test_the_history_keeps_internal_words_from_the_partner_too(world: World) -> None:
    speak(world.nina, world.lyra, "internal canary")
    shared = speak(world.nina, world.lyra, "open words", shared=True)
    for wall in ("visible_to", "all"):
        with scope(world.paul):
            rows = Comment.history.visible_to(world.paul) if wall == "visible_to" else Comment.history.all()
            assert [(row.id, row.text) for row in rows] == [(shared.pk, "open words")]
    with scope(world.paul):
        assert raw("SELECT text FROM comments_historicalcomment") == [("open words",)]


def test_what_a_partner_says_is_always_shared(world: World) -> None:
    comment = speak(world.paul, world.lyra, "Between us", shared=False)
    assert (comment.shared, comment.from_partner) == (True, True)
    assert (comment.author_name, comment.author_org) == ("Paul Keller", "Lyra Biologics AG")
    with pytest.raises(DatabaseError, match="row-level security"), change(by=world.paul):
        Comment.on(
            world.lyra, text="Hidden", shared=False, mentions=[], from_partner=False, author_name="P", author_org="L",
            said_at="2026-03-01T00:00Z",
        ).save()  # fmt: skip


def test_nobody_rewrites_or_removes_what_was_said(world: World) -> None:
    comment = speak(world.nina, world.lyra, "It was so")
    comment.text = "It was otherwise"
    with pytest.raises(DatabaseError, match=r"permission denied|append-only"), change(by=world.nina, reason="x"):
        comment.save()
    for sql in ("UPDATE comments_comment SET text = 'x'", "DELETE FROM comments_comment"):
        with pytest.raises(DatabaseError, match="permission denied"), change(by=world.nina, reason="x"):
            raw(sql)
    assert heard(world.nina, world.lyra) == ["It was so"]


@pytest.mark.parametrize("nothing", ["", "  \n ", "\u200b\u2060", "\x00", "\u202e"])
def test_who_says_nothing_is_asked_to_write(world: World, nothing: str) -> None:
    assert refusal(world.nina, world.lyra, nothing) == "Write what you want to say."


def test_a_comment_has_its_limit_and_keeps_its_lines(world: World) -> None:
    assert len(speak(world.nina, world.lyra, "x" * 4000).text) == 4000
    assert refusal(world.nina, world.lyra, "x" * 4001) == "A comment has 4,000 characters at most; this one has 4,001."
    assert speak(world.nina, world.lyra, " one\r\ntwo\x07 \u202ethree \n").text == "one\ntwo three"


def test_a_mention_calls_who_sees_it(world: World) -> None:
    said = speak(world.nina, world.lyra, "@Omar Haddad, @omar  haddad and @Connie Marsh: look.\n@Nina Berg waits.")
    assert said.mentions == sorted([world.omar.membership, world.connie.membership])
    shared = speak(world.nina, world.lyra, "Please add the log, @Paul Keller.", shared=True)
    assert shared.mentions == [world.paul.membership]
    with scope(world.nina):
        events = raw("SELECT name, facts::text FROM outbox_event WHERE name = 'comment.said' ORDER BY id")
    assert events == [
        ("comment.said", f'{{"shared": false, "comment": {said.pk}, "mentions": 2}}'),
        ("comment.said", f'{{"shared": true, "comment": {shared.pk}, "mentions": 1}}'),
    ]


def test_a_mention_of_one_who_would_not_see_it_is_refused_in_words(world: World) -> None:
    assert refusal(world.nina, world.lyra, "@Paul Keller must not know") == (
        "Paul Keller of Lyra Biologics AG does not see internal comments: share this one, or leave the mention out."
    )
    assert refusal(world.nina, world.lyra, "Like @Olga Wirth did", shared=True) == (
        "Olga Wirth of Orion Fill GmbH cannot follow this record: leave the mention out."
    )
    assert refusal(world.nina, world.orion, "@Connie Marsh has no grant for Orion") == (
        "Connie Marsh of Marsh Consulting cannot follow this record: leave the mention out."
    )
    assert refusal(world.nina, world.lyra, "@Vera Lindt", view="nobody.views").startswith("Vera Lindt of Acme")
    assert heard(world.nina, world.lyra) == [] == heard(world.nina, world.orion)


def test_who_has_left_cannot_be_called(world: World) -> None:
    with change(by=system(world.acme), reason="Contract ended"):
        Membership.objects.filter(pk=world.vera.membership).update(valid_until=date(2026, 1, 31))
    assert refusal(world.nina, world.lyra, "@Vera Lindt") == (
        "Vera Lindt of Acme Therapeutics cannot follow this record: leave the mention out."
    )


def test_who_never_signed_in_here_is_not_called_since_a_name_tells_of_another_sponsor(lasting_world: World) -> None:
    nina, riva = lasting_world.nina, lasting_world.riva
    with change(by=lasting_world.adam, reason="Reviews with us"):
        joined = {"user_id": riva.user, "role": Role.QA_REVIEWER, "org": "Acme Therapeutics"}
        Membership.objects.create(tenant=lasting_world.acme, valid_from=date(2026, 1, 1), **joined)

    def callable_by_nina() -> set[str]:
        with scope(nina):
            return {person.name for person in may_mention(lasting_world.lyra, nina, False)}

    assert "Riva Stone" not in callable_by_nina()
    raw("UPDATE access_user SET last_login = clock_timestamp() WHERE id = %s", riva.user)
    assert "Riva Stone" in callable_by_nina()


def test_an_unknown_name_and_an_address_are_mere_text(world: World) -> None:
    text = "@Riva Stone, paul@Paul Keller, @Omar Haddadson, @nobody and a@b.example"
    assert speak(world.nina, world.lyra, text).mentions == []


def test_a_partner_calls_its_own_people_and_who_has_spoken_to_it(world: World) -> None:
    with change(by=system(world.acme), reason="Joined"):
        pia = join(world.acme, person("Pia Roth"), Role.CDMO_PROJECT, "Lyra Biologics AG", world.lyra)
    assert speak(world.paul, world.lyra, "@Pia Roth and @Nina Berg").mentions == [pia.membership]
    speak(world.omar, world.lyra, "Internal words do not introduce me")
    speak(world.nina, world.lyra, "How is it?", shared=True)
    answer = speak(world.paul, world.lyra, "@Nina Berg: fine. @Omar Haddad and @Olga Wirth I do not know.")
    assert answer.mentions == [world.nina.membership]
    with scope(world.paul):
        known = {each.name for each in may_mention(world.lyra, world.paul, shared=True)}
    assert {"Nina Berg", "Pia Roth"} <= known
    assert known & {"Omar Haddad", "Olga Wirth", "Vera Lindt", "Paul Keller"} == set()


def test_a_narrowed_member_calls_who_has_spoken_and_no_partner_internally(world: World) -> None:
    speak(world.nina, world.lyra, "Connie, please look")
    assert speak(world.connie, world.lyra, "@Nina Berg: I did").mentions == [world.nina.membership]
    assert refusal(world.connie, world.lyra, "@Paul Keller").startswith("Paul Keller of Lyra Biologics AG does not see")


def test_of_one_name_all_who_see_it_are_called_and_a_longer_name_is_not_a_shorter(world: World) -> None:
    with change(by=system(world.acme), reason="Joined"):
        both = [join(world.acme, person("Kim Lee"), Role.QA_REVIEWER, world.acme.name)]
        other = person("Kimberly X")
        other.name = "Kim Lee"
        other.save()
        both.append(join(world.acme, other, Role.CDMO_QA, "Lyra Biologics AG", world.lyra))
        third = person("Kimmo Y")
        third.name = "Kim Lee Park"
        third.save()
        park = join(world.acme, third, Role.SUPPLY, world.acme.name)
    internal, shared = "@Kim Lee", "@kim lee!"
    assert speak(world.nina, world.lyra, internal).mentions == [both[0].membership]
    assert speak(world.nina, world.lyra, shared, shared=True).mentions == sorted(each.membership for each in both)
    assert speak(world.nina, world.lyra, "@Kim Lee Park").mentions == [park.membership]


def test_a_partner_is_not_called_to_a_record_that_is_not_shared_with_it(world: World) -> None:
    with change(by=world.nina):
        receipt = Receipt.objects.create(cdmo=world.lyra, title="Internal receipt", shared=False)
    assert refusal(world.nina, receipt, "@Paul Keller", shared=True) == (
        "Paul Keller of Lyra Biologics AG cannot follow this record: leave the mention out."
    )


def test_a_program_and_an_inspector_are_never_called(world: World) -> None:
    with change(by=system(world.acme), reason="Joined"):
        join(world.acme, person("Lims Link"), Role.API_CLIENT, world.acme.name)
        join(world.acme, person("Ines Spector"), Role.INSPECTOR, "EMA")
    assert "Lims Link" in refusal(world.nina, world.lyra, "@Lims Link")
    assert "Ines Spector" in refusal(world.nina, world.lyra, "@Ines Spector")


def test_who_sees_some_cdmos_only_says_nothing_on_a_record_of_none(world: World) -> None:
    with change(by=world.nina):
        bulletin = Bulletin.objects.create(title="New template")
        Share.objects.create(cdmo_id=world.lyra.pk, kind="support_bulletin", record_id=bulletin.pk)
    for actor in (world.paul, world.connie):
        with pytest.raises(Refused, match="belongs to no CDMO of yours"):
            speak(actor, bulletin, "Hello")
    assert speak(world.nina, bulletin, "Only for us", shared=True).shared is False


def test_the_talk_is_read_page_by_page_in_one_statement_each(world: World) -> None:
    for number in range(7):
        speak(world.nina, world.lyra, f"number {number}")
    with scope(world.nina), CaptureQueriesContext(connection) as statements:
        newest = comments_of(world.lyra, world.nina, most=3)
        older = comments_of(world.lyra, world.nina, before=newest.older, most=3)
        oldest = comments_of(world.lyra, world.nina, before=older.older, most=3)
    assert [[comment.text[-1] for comment in page.comments] for page in (newest, older, oldest)] == [
        ["4", "5", "6"], ["1", "2", "3"], ["0"],
    ]  # fmt: skip
    assert oldest.older is None and len(statements) == 3
