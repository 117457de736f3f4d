"""The project's own commands and templates."""

from django.apps import AppConfig


class HelpcenterConfig(AppConfig):
    """Wiring; it holds no models."""

    name = "helpcenter"
