"""An editor changes a guided fix and is told what customers would stumble over."""

import pytest

from faq.models import Choice, Guide, GuideOutcome, Step
from faq.services import content_version
from tests.forms import form_fields

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("content")]


def guide() -> Guide:
    return Guide.objects.get(slug="payment-failed")


def start() -> Step:
    return guide().steps.order_by("position").first()


def url(row) -> str:
    return f"/admin/faq/{row._meta.model_name}/{row.pk}/change/"


def save(editor, row, **changes):
    data = form_fields(editor.get(url(row)).content.decode(), f"{row._meta.model_name}_form")
    return editor.post(url(row), data | changes, follow=True)


def messages(response) -> str:
    return " ".join(str(message) for message in response.context["messages"])


def test_a_good_guide_is_saved_without_a_warning(editor):
    response = save(editor, guide(), title_1="Payment check")

    assert "warning" not in [message.level_tag for message in response.context["messages"]]
    assert str(guide().title.localize("en")) == "Payment check"


def test_the_guide_lists_its_steps_with_links(editor):
    page = editor.get(url(guide())).content.decode()

    assert url(start()) in page
    assert f"/admin/faq/step/add/?guide={guide().pk}" in page


def test_an_answer_takes_another_label_and_shows_on_the_site(editor, visitor):
    save(editor, start(), **{"choices-0-label_1": "Quite another label"})

    content_version.forget()
    assert "Quite another label" in visitor.get("/en/fix/payment-failed/").content.decode()


def test_a_circle_is_named_after_saving(editor):
    choice = Choice.objects.filter(step__guide=guide(), next__kind="question").exclude(step=start()).first()

    response = save(editor, choice.step, **{"choices-0-next": str(start().pk)})

    assert "round and round" in messages(response)


def test_a_question_without_answers_is_named_after_saving(editor):
    end = guide().steps.get(kind="solved")

    response = save(editor, end, kind="question")

    assert f"{end.key}: The question has no answers" in messages(response)


def test_a_missing_translation_is_named_with_its_language(editor):
    response = save(editor, start(), title_1="")

    assert f"{start().key} › title › English: A text is missing." in messages(response)


def test_answers_lead_only_to_steps_of_the_same_guide(editor):
    stranger = Step.objects.exclude(guide=guide()).first()

    response = save(editor, start(), **{"choices-0-next": str(stranger.pk)})

    assert "Select a valid choice" in response.content.decode()


def test_a_new_step_goes_on_with_its_answers(editor):
    add = f"/admin/faq/step/add/?guide={guide().pk}"
    data = form_fields(editor.get(add).content.decode(), "step_form")
    data |= {
        "key": "extra",
        "position": "99",
        "title_0": "还有",
        "title_1": "More",
        "why_0": "因为",
        "why_1": "Why",
    }

    response = editor.post(add, data | {"_save": "Save"}, follow=True)

    step = Step.objects.get(guide=guide(), key="extra")
    assert response.redirect_chain[-1][0] == url(step)
    assert "extra: No answer leads to this step." in messages(response)
    assert "choices-TOTAL_FORMS" in response.content.decode()


def test_a_step_stays_in_its_guide(editor):
    other = Guide.objects.exclude(pk=guide().pk).first()
    step = start()

    save(editor, step, guide=str(other.pk))

    step.refresh_from_db()
    assert step.guide == guide()


def test_a_guide_goes_with_its_steps_and_counts(editor):
    pk = guide().pk
    GuideOutcome.objects.create(guide=guide(), outcome="solved", step_key="end", day="2026-11-20", count=1)

    editor.post(f"/admin/faq/guide/{pk}/delete/", {"post": "yes"})

    assert not Guide.objects.filter(pk=pk).exists()
    assert not Step.objects.filter(guide=pk).exists()


def test_a_step_that_an_answer_leads_to_is_kept(editor):
    step = Step.objects.filter(guide=guide(), reached_by__isnull=False).first()

    editor.post(f"/admin/faq/step/{step.pk}/delete/", {"post": "yes"})

    assert Step.objects.filter(pk=step.pk).exists()
