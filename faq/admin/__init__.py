"""The editors' site for the help content, one module a subject; importing them registers them."""

from faq.admin import articles, categories, contacts, feedback, guides, search, translations

__all__ = ["articles", "categories", "contacts", "feedback", "guides", "search", "translations"]
