"""A text's revisions: the list, what each changed, and bringing one back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from django.conf import settings
from django.contrib import admin, messages
from django.db.models import Field
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from faq.admin.access import editor_of, require, revision_for_editor, text_for_editor
from faq.core.revisions import Paragraph, compare, is_changed
from faq.models import Revision, Translation
from faq.services import editing
from helpcenter.i18n import HTML_CODES

LANGUAGE_NAMES = dict(settings.LANGUAGES)
COMPARED = ("title", "summary", "body", "keywords", "status", "published_at")


@dataclass(frozen=True)
class FieldDifference:
    """What changed in one field."""

    label: str
    paragraphs: list[Paragraph]


@require_safe
def revision_list(request: HttpRequest, pk: int) -> HttpResponse:
    """Every save of a text, the newest first."""
    text = text_for_editor(request, pk, "view")
    require(request, "faq.view_revision")
    revisions = list(text.revisions.select_related("author").defer("body", "keywords", "summary"))
    context = {"revisions": revisions, "newest": revisions[0] if revisions else None}
    return _page(request, "revisions.html", text, _("Revisions"), context)


@require_safe
def revision_detail(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """What a revision changed; with `?with=current`, what has changed since it."""
    revision = revision_for_editor(request, pk, number, "view")
    text = revision.translation
    newest = text.revisions.latest("number")
    is_with_current = request.GET.get("with") == "current"
    before, after = (revision, newest) if is_with_current else (_before(revision), revision)
    context = {
        "revision": revision,
        "before": before,
        "after": after,
        "newest": newest,
        "is_with_current": is_with_current,
        "differences": differences(before, after),
        "may_restore": request.user.has_perm("faq.change_translation") and revision != newest,
    }
    title = _("Revision %(number)d") % {"number": number}
    return _page(request, "revision.html", text, title, context)


@require_POST
def restore(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Bring an earlier text back as the newest revision; its status stays as it is."""
    revision = revision_for_editor(request, pk, number, "change")
    if editing.restore(revision, author=editor_of(request)):
        _note(request, revision.translation, "restored")
        messages.success(request, _("The text of revision %(number)d is back.") % {"number": number})
    else:
        messages.info(request, _("The text already reads like revision %(number)d.") % {"number": number})
    return redirect("admin:faq_article_change", revision.translation.article_id)


@require_POST
def still_correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that a text still holds although the other language is newer."""
    text = text_for_editor(request, pk, "change")
    name = LANGUAGE_NAMES[text.language]
    if editing.confirm_still_correct(text, author=editor_of(request)):
        _note(request, text, "still_correct")
        messages.success(request, _("%(language)s is noted as up to date.") % {"language": name})
    else:
        messages.info(request, _("%(language)s is up to date already.") % {"language": name})
    if request.POST.get("next") == "todo":
        return redirect("editors_todo")
    return redirect("admin:faq_article_change", text.article_id)


def differences(before: Revision | None, after: Revision) -> list[FieldDifference]:
    """The fields that differ, in the order of the form."""
    found = []
    for name in COMPARED:
        paragraphs = compare(_shown(before, name), _shown(after, name))
        if any(map(is_changed, paragraphs)):
            field = cast(Field, Revision._meta.get_field(name))
            found.append(FieldDifference(str(field.verbose_name), paragraphs))
    return found


def _note(request: HttpRequest, text: Translation, what: str) -> None:
    """Have the admin's logs say who did it."""
    admin.site.get_model_admin(Translation).log_change(request, text, what)


def _shown(revision: Revision | None, name: str) -> str:
    """A field as text."""
    if revision is None:
        return ""
    if name == "status":
        return str(revision.get_status_display())
    if name == "published_at":
        at = revision.published_at
        return date_format(localtime(at), "DATETIME_FORMAT") if at else ""
    return str(getattr(revision, name))


def _before(revision: Revision) -> Revision | None:
    return revision.translation.revisions.filter(number__lt=revision.number).first()


def _page(
    request: HttpRequest, template: str, text: Translation, title: str, context: dict[str, Any]
) -> HttpResponse:
    shared = {
        **admin.site.each_context(request),
        "opts": text.article._meta,
        "text": text,
        "title": f"{title}: {text.title}",
        "text_language": LANGUAGE_NAMES[text.language],
        "text_html_language": HTML_CODES[text.language],
    }
    return render(request, f"admin/faq/translation/{template}", shared | context)
