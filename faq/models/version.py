"""Marks that the loaders and caches of every process share."""

from django.db import models


class ContentVersion(models.Model):
    """One row whose number grows with every change that customers can see."""

    number = models.PositiveBigIntegerField(default=1)

    def __str__(self) -> str:
        return str(self.number)


class LoadedFixture(models.Model):
    """What the demo content was when it was loaded, so that an editor's change is never overwritten."""

    key = models.CharField(max_length=200, unique=True)
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.key
