"""Guided fixes between documents and the database, and the counts that outlive a change of the flow."""

import tomllib
from pathlib import Path

import pytest
from django.conf import settings
from django.db.models import RestrictedError

from faq.core.guides import problems
from faq.models import ContentVersion, Guide, GuideOutcome, Step
from faq.services.guides import count_outcome, guide_document, normalised, write_guide

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("content")]
FILES = sorted((Path(settings.BASE_DIR) / "fixtures" / "guides").glob("*.toml"))


def stored(slug="payment-failed"):
    return Guide.objects.with_flow().get(slug=slug)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_document_comes_back_as_it_was_when_written(path):
    wanted = normalised(tomllib.loads(path.read_text(encoding="utf-8")))
    write_guide(wanted)

    assert guide_document(stored(wanted["slug"])) == wanted


def test_flow_is_read_in_a_fixed_number_of_queries(django_assert_max_num_queries):
    with django_assert_max_num_queries(5):
        guide_document(stored())


def test_steps_are_replaced_and_counts_stay_when_a_guide_is_written_again():
    count_outcome(stored(), "solved", "network")
    document = guide_document(stored())
    document["steps"] = [step for step in document["steps"] if step["kind"] == "contact"]
    write_guide(document)

    assert [step.key for step in stored().steps.all()] == ["contact"]
    assert GuideOutcome.objects.get().count == 1


def test_pages_are_made_anew_when_a_guide_is_written():
    before = ContentVersion.objects.get().number
    write_guide(guide_document(stored()))

    assert ContentVersion.objects.get().number > before


def test_nothing_is_written_when_the_article_does_not_exist():
    document = guide_document(stored()) | {"article": "nope", "steps": []}

    with pytest.raises(ValueError, match="nope"):
        write_guide(document)
    assert stored().steps.count() == len(guide_document(stored())["steps"])


def test_a_whole_guide_can_be_deleted():
    stored().delete()

    assert not Step.objects.filter(guide__slug="payment-failed").exists()


def test_a_step_stays_while_an_answer_leads_to_it():
    with pytest.raises(RestrictedError):
        Step.objects.get(guide__slug="payment-failed", key="balance").delete()


def test_an_end_is_counted_for_its_day_and_last_question():
    for step in ("network", "network", "card"):
        count_outcome(stored(), "solved", step)

    assert sorted(GuideOutcome.objects.values_list("step_key", "count")) == [("card", 1), ("network", 2)]


def test_stored_guides_have_no_problems():
    found = {guide.slug: problems(guide_document(guide)) for guide in Guide.objects.with_flow()}

    assert found == {path.stem: [] for path in FILES}
