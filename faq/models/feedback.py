"""Whether an article helped."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from faq.models.article import Article


class Vote(models.Model):
    """One browser's answer to "Did this solve it?"; nothing in it says whose."""

    class Reason(models.TextChoices):
        """Why an article did not help."""

        UNCLEAR = "unclear", _("Hard to understand")
        OTHER_CASE = "other-case", _("Not my situation")
        NOT_WORKING = "not-working", _("I did it, and it didn't work")
        OTHER = "other", _("Something else")

    article = models.ForeignKey(
        Article, on_delete=models.CASCADE, related_name="votes", verbose_name=_("article")
    )
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    is_solved = models.BooleanField(_("solved"))
    reason = models.CharField(_("reason"), max_length=20, choices=Reason.choices, blank=True)
    comment = models.CharField(_("comment"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("voted at"), default=timezone.now)

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("vote")
        verbose_name_plural = _("votes")

    def __str__(self) -> str:
        return f"{self.article.slug}: {'+' if self.is_solved else '-'}"
