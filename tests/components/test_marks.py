"""The small pieces say what they show in words, and nothing that somebody typed becomes markup."""

import pytest
from django.template import Context, Template

from oversight.kernel.components import marks

EVIL = '"><script>alert(1)</script>'


def rendered(source: str, **context: object) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


@pytest.mark.requirement("ASVS-5.3.1")
@pytest.mark.parametrize(
    "source",
    [
        '{% status "warn" "hold" evil %}',
        '{% badge "warn" evil "hold" %}',
        "{% due evil evil evil %}",
        "{% avatar evil %}",
        "{{ evil|recno }}",
        '{% figure evil evil evil href=evil tone="warn" shape="late" %}',
        "{% heat 12 1 evil href=evil %}",
        "{% spark values evil %}",
        "{% meter 1 2 evil %}",
        "{% notice evil evil title=evil %}{{ evil }}{% endnotice %}",
        '{% empty "inbox" evil %}{{ evil }}{% endempty %}',
    ],
)
def test_what_somebody_typed_stays_text(source):
    assert "<script" not in rendered(source, evil=EVIL, values=[1, 2])


@pytest.mark.parametrize(
    ("days", "tone", "seen", "heard"),
    [
        (26, "danger", "+26 d", "26 days later"),
        (14, "danger", "+14 d", "14 days later"),
        (7, "warn", "+7 d", "7 days later"),
        (0, "ok", "0 d", "0 days no change"),
        (-12, "ok", "−12 d", "12 days earlier"),
        (-1, "ok", "−1 d", "1 day earlier"),
    ],
)
def test_a_slip_is_seen_and_heard(days, tone, seen, heard):
    slip = marks.slip(days)
    assert f'data-tone="{tone}"' in slip
    assert f'aria-hidden="true">{seen}<' in slip
    assert f">{heard}<" in slip


def test_initials_are_two_capitals():
    assert [marks.initials(name) for name in ("Nina Berg", "Marrowfen", "de-Vries & Co", "X")] == [
        "NB",
        "MA",
        "DV",
        "X",
    ]


def test_a_label_inside_a_sentence_keeps_its_acronym():
    assert [marks.inside(label) for label in ("Root cause", "CDMO", "QTA clause")] == [
        "root cause",
        "CDMO",
        "QTA clause",
    ]


def test_a_status_without_words_keeps_its_shape_and_tone():
    assert marks.status("ok", "ok", "") == (
        '<span class="status" data-tone="ok"><svg class="glyph" aria-hidden="true"><use href="#g-ok"/></svg></span>'
    )


def test_a_notice_takes_the_shape_of_its_tone_and_the_role_that_is_given():
    shown = rendered('{% notice "warn" role="status" %}<b>Late.</b> {{ words }}{% endnotice %}', words="a & b")
    assert shown == (
        '<div class="notice" data-tone="warn" role="status"><svg class="glyph" aria-hidden="true">'
        '<use href="#g-warn"/></svg><div><b>Late.</b> a &amp; b</div></div>'
    )
