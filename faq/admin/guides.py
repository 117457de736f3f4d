"""Guided fixes: the walk on one page, each step with its answers and fields on another."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import ForeignKey, Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from faq.admin.base import EDITORS_WIDGETS, RowsInline, VisibleContentAdmin
from faq.admin.guide_problems import guide_warnings
from faq.models import Choice, Field, Guide, GuideOutcome, Step


class StepInline(RowsInline):
    """The steps in their order; a step is written on a page of its own."""

    model = Step
    fields = ["position", "key", "kind", "title_line", "ways_on"]
    readonly_fields = ["title_line", "ways_on"]
    ordering = ["position", "pk"]
    extra = 0
    can_delete = False
    template = "admin/faq/guide/steps.html"

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """A new step starts on its own page."""
        return False

    @admin.display(description=gettext_lazy("title"))
    def title_line(self, step: Step) -> SafeString:
        """The title, leading to the step."""
        url = reverse("admin:faq_step_change", args=[step.pk])
        return format_html('<a href="{}">{}</a>', url, step.title)

    @admin.display(description=gettext_lazy("leads to"))
    def ways_on(self, step: Step) -> str:
        """Where the answers lead."""
        return ", ".join(dict.fromkeys(choice.next.key for choice in step.choices.all()))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Step]:
        """The steps with their answers at hand."""
        return super().get_queryset(request).prefetch_related("choices__next")


@admin.register(Guide)
class GuideAdmin(VisibleContentAdmin):
    """A walk through the checks of one problem."""

    list_display = ["title", "slug", "article", "position", "is_published"]
    list_select_related = ["article"]
    fields = ["slug", "article", ("position", "is_published"), "title", "intro"]
    inlines = [StepInline]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save, and say what is still wrong."""
        super().save_related(request, form, formsets, change)
        warn(request, form.instance)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[Any, Any, Any, Any]:
        """A guide's answers guard its steps against deletion, but not when the whole guide goes."""
        to_delete, counts, permissions, _guarded = super().get_deleted_objects(objs, request)
        # Counting the outcomes is the program's business; they go with their guide.
        permissions.discard(GuideOutcome._meta.verbose_name)
        return to_delete, counts, permissions, []

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Answers first: a step can't go while an answer leads to it."""
        with transaction.atomic():
            Choice.objects.filter(step__guide=obj).delete()
            super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Answers first, as above."""
        with transaction.atomic():
            Choice.objects.filter(step__guide__in=queryset).delete()
            super().delete_queryset(request, queryset)


class ChoiceInline(admin.StackedInline):
    """The answers to a question."""

    model = Choice
    fk_name = "step"
    formfield_overrides = EDITORS_WIDGETS
    fields = [("position", "key", "next"), "label"]
    extra = 0

    def get_formset(self, request: HttpRequest, obj: Model | None = None, **kwargs: Any) -> Any:
        """Answers lead only to steps of the same guide."""
        formset: Any = super().get_formset(request, obj, **kwargs)
        if "next" in formset.form.base_fields and isinstance(obj, Step):
            formset.form.base_fields["next"].queryset = Step.objects.filter(guide=obj.guide_id)
        return formset

    def formfield_for_foreignkey(self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any) -> Any:
        """Steps by their keys; a step is added from the guide's page."""
        found: Any = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "next":
            found.label_from_instance = lambda step: f"{step.key}: {step.title}"
        return found


class FieldInline(admin.StackedInline):
    """What a step that ends with a person asks for."""

    model = Field
    formfield_overrides = EDITORS_WIDGETS
    fields = [("position", "key", "kind", "required"), "label", "help", "options"]
    extra = 0


class StepForm(forms.ModelForm):
    """A step; it stays in its guide."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "guide" in self.fields:
            self.fields["guide"].disabled = True


@admin.register(Step)
class StepAdmin(VisibleContentAdmin):
    """One page of a guided fix."""

    form = StepForm
    list_display = ["key", "guide", "position", "kind", "title"]
    list_filter = ["guide", "kind"]
    list_select_related = ["guide"]
    fields = ["guide", ("position", "key", "kind"), "title", "why", "body"]
    inlines = [ChoiceInline, FieldInline]

    def get_inlines(self, request: HttpRequest, obj: Model | None) -> list[Any]:
        """Answers belong to questions, fields to ends with a person; what is misplaced can be removed."""
        if not isinstance(obj, Step):
            return []
        wanted: dict[Any, bool] = {
            ChoiceInline: obj.kind == Step.Kind.QUESTION or obj.choices.exists(),
            FieldInline: obj.kind == Step.Kind.CONTACT or obj.fields.exists(),
        }
        return [inline for inline in self.inlines if wanted[inline]]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save, and say what is still wrong with the guide."""
        super().save_related(request, form, formsets, change)
        warn(request, form.instance.guide)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Its own answers go first, in case one of them leads back to it."""
        with transaction.atomic():
            obj.choices.all().delete()
            super().delete_model(request, obj)

    def response_add(
        self, request: HttpRequest, obj: Model, post_url_continue: str | None = None
    ) -> HttpResponse:
        """A new step goes on with its answers."""
        response = super().response_add(request, obj, post_url_continue)
        is_plain_save = "_save" in request.POST and "_popup" not in request.POST
        if is_plain_save and isinstance(response, HttpResponseRedirect):
            return HttpResponseRedirect(reverse("admin:faq_step_change", args=[obj.pk]))
        return response


def warn(request: HttpRequest, guide: Guide) -> None:
    """Say what an editor must mend before customers get through the guide."""
    for warning in guide_warnings(guide):
        messages.warning(request, warning)
    if not guide.is_published:
        messages.info(request, _("This guided fix isn't published."))
