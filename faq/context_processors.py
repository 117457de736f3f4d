"""What every page shows."""

from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, object]:
    """Names for the base templates."""
    return {}
