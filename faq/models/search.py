"""What search knows: synonyms as data, analysed texts, and what people looked for."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from faq.models.article import Translation


class Synonym(models.Model):
    """What customers say, and the words our articles use for it."""

    class Kind(models.TextChoices):
        """Whether the phrase gains words or is rewritten."""

        EXPAND = "expand", _("Also search for the terms")
        REPLACE = "replace", _("Another spelling of the terms")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.EXPAND)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    phrases = models.TextField(_("phrases"), help_text=_("What customers type; one a line."))
    terms = models.CharField(_("terms"), max_length=200)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        ordering = ["language", "terms"]
        verbose_name = _("synonym")
        verbose_name_plural = _("synonyms")

    def __str__(self) -> str:
        return self.terms

    def phrase_list(self) -> list[str]:
        """The phrases, one each, without empty lines."""
        return [phrase.strip() for phrase in self.phrases.splitlines() if phrase.strip()]


class SearchDocument(models.Model):
    """The analysed terms of a translation, written in the transaction that publishes it."""

    translation = models.OneToOneField(Translation, on_delete=models.CASCADE, related_name="search_document")
    version = models.PositiveBigIntegerField(db_index=True)
    fields = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.translation_id} v{self.version}"


class SearchQuery(models.Model):
    """How often a (masked) text was searched on one day, and what was opened then."""

    day = models.DateField(_("day"))
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    text = models.CharField(_("searched for"), max_length=100)
    results = models.PositiveIntegerField(_("results"), default=0)
    count = models.PositiveIntegerField(_("times"), default=0)
    clicks = models.JSONField(_("opened"), default=dict)

    class Meta:
        ordering = ["-day", "-count"]
        constraints = [models.UniqueConstraint("day", "language", "text", name="search_query_per_day")]
        verbose_name = _("search")
        verbose_name_plural = _("searches")

    def __str__(self) -> str:
        return self.text
