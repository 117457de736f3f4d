"""Every model of the help content."""

from faq.models.article import Article, Revision, Translation
from faq.models.category import Category
from faq.models.contact import (
    ContactChannel,
    OfficialIdentity,
    OpeningRange,
    ServiceNotice,
    SpecialDay,
    Weekday,
)
from faq.models.feedback import Vote
from faq.models.guide import Choice, Field, Guide, GuideOutcome, Step
from faq.models.search import SearchDocument, SearchQuery, Synonym
from faq.models.version import ContentVersion, LoadedFixture

__all__ = [
    "Article",
    "Category",
    "Choice",
    "ContactChannel",
    "ContentVersion",
    "Field",
    "Guide",
    "GuideOutcome",
    "LoadedFixture",
    "OfficialIdentity",
    "OpeningRange",
    "Revision",
    "SearchDocument",
    "SearchQuery",
    "ServiceNotice",
    "SpecialDay",
    "Step",
    "Synonym",
    "Translation",
    "Vote",
    "Weekday",
]
