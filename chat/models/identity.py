"""What has to be remembered of signed identities."""

from __future__ import annotations

from django.db import models


class UsedToken(models.Model):
    """A host app's token that was used, kept until it would have ended anyway: none works twice."""

    issuer = models.CharField(max_length=200)
    jti = models.CharField(max_length=128)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["issuer", "jti"], name="token_used_once")]

    def __str__(self) -> str:
        return f"{self.issuer} {self.jti}"
