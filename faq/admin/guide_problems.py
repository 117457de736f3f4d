"""What is wrong with a guided fix, in an editor's words."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from faq.core.guides import Problem, problems
from faq.models import Guide
from faq.services.guides import guide_document

MESSAGES = {
    "no_steps": gettext_lazy("There are no steps yet."),
    "bad_key": gettext_lazy("A key holds only small letters, digits and single hyphens between them."),
    "bad_kind": gettext_lazy("The kind isn't one that exists."),
    "duplicate": gettext_lazy("The key is used twice."),
    "dead_end": gettext_lazy("The question has no answers, so nobody gets any further."),
    "unknown_next": gettext_lazy("The answer leads to a step of another guided fix."),
    "choices_at_end": gettext_lazy("A step that ends the fix can't have answers."),
    "fields_elsewhere": gettext_lazy("Only a step that ends with a person can have fields."),
    "reserved_field": gettext_lazy("The form uses this key itself; choose another."),
    "no_options": gettext_lazy("A choice needs options, as many in each language."),
    "no_not_sure": gettext_lazy("There is no answer for those who aren't sure (key not-sure)."),
    "cycle": gettext_lazy("The answers lead back to this step, round and round."),
    "unreachable": gettext_lazy("No answer leads to this step."),
    "no_contact": gettext_lazy("No way leads to a person."),
    "missing_text": gettext_lazy("A text is missing."),
}


def guide_warnings(guide: Guide) -> list[str]:
    """Everything that an editor must mend in a stored guide, a line each."""
    fresh = Guide.objects.with_flow().get(pk=guide.pk)
    return [_sentence(problem) for problem in problems(guide_document(fresh))]


def _sentence(problem: Problem) -> str:
    language = dict(settings.LANGUAGES).get(problem.language, "")
    place = " › ".join(part for part in (problem.step, problem.item, language) if part)
    message = str(MESSAGES.get(problem.code, problem.code))
    return _("%(place)s: %(message)s") % {"place": place, "message": message} if place else message
