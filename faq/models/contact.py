"""How customers reach a person, when somebody is there, and what is really ours."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField, I18nTextField

from faq.querysets import ContactChannelQuerySet, ServiceNoticeQuerySet


class ContactChannel(models.Model):
    """A way to reach support; its value is the operator's and shown on every page."""

    class Kind(models.TextChoices):
        """Decides the icon, the link and the place of a channel."""

        CHAT = "chat", _("Live chat")
        PHONE = "phone", _("Phone")
        EMAIL = "email", _("E-mail")
        WEIBO = "weibo", _("Weibo")
        WECHAT = "wechat", _("WeChat")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    value = models.CharField(_("number, address or account"), max_length=200, blank=True)
    url = models.CharField(
        _("link"), max_length=300, blank=True, help_text=_("For WeChat: what the QR code holds.")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_published = models.BooleanField(_("published"), default=True)
    label = I18nCharField(_("name"), max_length=100)
    note = I18nCharField(_("note"), max_length=300, blank=True)
    fits = I18nTextField(_("good for"), blank=True)
    prepare = I18nTextField(_("what to have ready"), blank=True)

    objects = ContactChannelQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("contact channel")
        verbose_name_plural = _("contact channels")

    def __str__(self) -> str:
        return f"{self.label}: {self.value}"


class Weekday(models.IntegerChoices):
    """Days as Python counts them."""

    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class OpeningRange(models.Model):
    """Hours on one weekday; a day may have several ranges."""

    channel = models.ForeignKey(
        ContactChannel,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="opening_ranges",
        verbose_name=_("channel"),
        help_text=_("Empty: for every channel without hours of its own."),
    )
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday.choices)
    opens = models.TimeField(_("opens"))
    closes = models.TimeField(_("closes"), help_text=_("Not after the opening time: past midnight."))

    class Meta:
        ordering = ["channel", "weekday", "opens"]
        verbose_name = _("opening hours")
        verbose_name_plural = _("opening hours")

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens:%H:%M}–{self.closes:%H:%M}"


class SpecialDay(models.Model):
    """A holiday, or a day that is worked in its stead; it replaces the weekday's hours."""

    date = models.DateField(_("date"))
    is_working = models.BooleanField(_("open"), default=False)
    opens = models.TimeField(_("opens"), null=True, blank=True)
    closes = models.TimeField(_("closes"), null=True, blank=True)
    note = I18nCharField(_("note"), max_length=100, blank=True)

    class Meta:
        ordering = ["date", "opens"]
        verbose_name = _("special day")
        verbose_name_plural = _("special days")

    def __str__(self) -> str:
        return f"{self.date}"


class OfficialIdentity(models.Model):
    """A number, address, site, account or app that is really the operator's."""

    class Kind(models.TextChoices):
        """What the value is, and so how a customer's spelling is compared with it."""

        PHONE = "phone", _("Phone number")
        EMAIL = "email", _("E-mail address")
        SITE = "site", _("Website")
        SOCIAL = "social", _("Social account")
        APP = "app", _("App")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    value = models.CharField(_("value"), max_length=200)
    note = I18nCharField(_("note"), max_length=200, blank=True)

    class Meta:
        ordering = ["kind", "value"]
        constraints = [models.UniqueConstraint("kind", "value", name="official_value_once")]
        verbose_name = _("official identity")
        verbose_name_plural = _("official identities")

    def __str__(self) -> str:
        return self.value


class ServiceNotice(models.Model):
    """A line on the home page while something is wrong."""

    text = I18nCharField(_("text"), max_length=300)
    url = models.CharField(_("link"), max_length=300, blank=True)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)

    objects = ServiceNoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at"]
        verbose_name = _("service notice")
        verbose_name_plural = _("service notices")

    def __str__(self) -> str:
        return str(self.text)
