"""Articles: their place in the help center and their texts, side by side."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from faq.admin.access import editor_of
from faq.admin.article_filters import StateFilter
from faq.admin.base import VisibleContentAdmin
from faq.admin.states import state_chips
from faq.admin.texts import TranslationFormSet, TranslationInline
from faq.models import Article, Revision, Translation, Vote
from faq.services import editing, editorial

LANGUAGE_NAMES = dict(settings.LANGUAGES)


class ArticleForm(forms.ModelForm):
    """Where an article stands."""

    class Meta:
        model = Article
        fields = ["slug", "category", "position", "kind", "popular", "related"]
        help_texts = {
            "slug": gettext_lazy("The end of the address. Changing it breaks links that others have saved."),
            "related": gettext_lazy(
                "What to read next, in the order in which it was added; the first three are shown."
            ),
        }


@admin.register(Article)
class ArticleAdmin(VisibleContentAdmin):
    """One question or task with its texts."""

    form = ArticleForm
    inlines = [TranslationInline]
    autocomplete_fields = ["related"]
    fieldsets = [(None, {"fields": [("slug", "category"), ("kind", "position", "popular"), "related"]})]
    change_form_template = "admin/faq/article/change_form.html"
    list_display = ["title", "slug", "texts", "category", "kind", "popular", "votes"]
    list_filter = [StateFilter, "category", "kind"]
    list_select_related = ["category"]
    search_fields = ["slug", "translations__title", "translations__summary", "translations__body"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        """Articles with what the list shows of them at hand."""
        counted = (
            super()
            .get_queryset(request)
            .annotate(
                yes=Count("votes", filter=Q(votes__is_solved=True)),
                no=Count("votes", filter=Q(votes__is_solved=False)),
            )
        )
        texts = Prefetch("translations", queryset=Translation.objects.for_reading())
        return counted.prefetch_related(texts)

    @admin.display(description=gettext_lazy("title"), ordering="slug")
    def title(self, article: Article) -> str:
        """The title in the editor's language."""
        return editorial.article_title(article, article.translations.all())

    @admin.display(description=gettext_lazy("texts"))
    def texts(self, article: Article) -> SafeString:
        """The state of each language."""
        return state_chips(editorial.text_states(article.translations.all()))

    @admin.display(description=gettext_lazy("solved: yes / no"), ordering="-no")
    def votes(self, article: Any) -> str:
        """The votes of all time."""
        return f"{article.yes} / {article.no}"

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save; how an article is found depends on its kind, and other texts may link to its old address."""
        super().save_related(request, form, formsets, change)
        if change and "kind" in form.changed_data:
            editing.refresh_search(form.instance)
        if change and "slug" in form.changed_data:
            _warn_of_old_links(request, form.initial["slug"])

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Texts are saved by the service alone: what changed gets a revision, what didn't gets none."""
        if not isinstance(formset, TranslationFormSet):
            super().save_formset(request, form, formset, change)
            return
        changes = formset.changes()
        is_new = {change.target.language: change.target.pk is None for change in changes}
        was_visible = {change.target.language for change in changes if change.target.is_published}
        revisions = editing.save_texts(changes, author=editor_of(request))
        saved = [revision.translation for revision in revisions]
        formset.new_objects = [text for text in saved if is_new[text.language]]
        formset.changed_objects = [(text, ["text"]) for text in saved if not is_new[text.language]]
        formset.deleted_objects = []
        for text in saved:
            messages.info(request, _outcome(text, text.language in was_visible))
            _warn_of_lost_links(request, text)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[Any, Any, Any, Any]:
        """An article goes with its texts, revisions and votes, which nobody deletes on their own."""
        to_delete, counts, permissions, guarded = super().get_deleted_objects(objs, request)
        own = {model._meta.verbose_name for model in (Translation, Revision, Vote)}
        return to_delete, counts, permissions - own, guarded

    def get_view_on_site_url(self, obj: Any = None) -> str | None:
        """Only for what customers see; a draft has its preview."""
        if obj is None or not any(text.is_published for text in obj.translations.all()):
            return None
        return super().get_view_on_site_url(obj)


def _outcome(text: Translation, was_visible: bool) -> str:
    """What a saved text means for customers, in one sentence."""
    name = LANGUAGE_NAMES[text.language]
    if text.is_published:
        return _("%(language)s: published, customers see it now.") % {"language": name}
    if text.status == Translation.Status.PUBLISHED:
        when = date_format(localtime(text.published_at), "DATETIME_FORMAT")
        sentence = _("%(language)s: scheduled, customers see it from %(when)s on and not before.")
        return sentence % {"language": name, "when": when}
    if was_visible:
        return _("%(language)s: taken off the site, it is a draft again.") % {"language": name}
    return _("%(language)s: saved as a draft, customers don't see it.") % {"language": name}


def _warn_of_lost_links(request: HttpRequest, text: Translation) -> None:
    lost = editing.links_to_nowhere(text.body)
    if lost:
        sentence = _("%(language)s: these links lead nowhere: %(links)s")
        name = LANGUAGE_NAMES[text.language]
        messages.warning(request, sentence % {"language": name, "links": ", ".join(lost)})


def _warn_of_old_links(request: HttpRequest, old_slug: str) -> None:
    linking = editing.texts_linking_to("article", old_slug)
    if linking:
        sentence = ngettext(
            "One text still links to the old address: %(titles)s",
            "%(count)d texts still link to the old address: %(titles)s",
            len(linking),
        )
        titles = ", ".join(map(str, linking))
        messages.warning(request, sentence % {"count": len(linking), "titles": titles})
