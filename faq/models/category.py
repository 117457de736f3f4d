"""The few topics that every article belongs to."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField

from faq.querysets import CategoryQuerySet


class Category(models.Model):
    """A topic such as payments; its slug is also the chat's topic for routing."""

    slug = models.SlugField(_("slug"), unique=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    title = I18nCharField(_("title"), max_length=200)
    summary = I18nCharField(_("summary"), max_length=400, blank=True)

    objects = CategoryQuerySet.as_manager()

    class Meta:
        ordering = ["position", "slug"]
        verbose_name = _("category")
        verbose_name_plural = _("categories")

    def __str__(self) -> str:
        return str(self.title)

    def get_absolute_url(self) -> str:
        """The category's page in the current language."""
        return reverse("faq:category", args=[self.slug])
