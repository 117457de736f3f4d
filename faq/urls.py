"""Addresses of the help content; each is below its language's prefix."""

from django.urls import path

from faq.views import articles, contact, guides, home, official, search, votes

app_name = "faq"

urlpatterns = [
    path("", home.home, name="home"),
    path("topics/<slug:slug>/", articles.category, name="category"),
    path("articles/<slug:slug>/", articles.article, name="article"),
    path("articles/<slug:slug>/vote/", votes.vote, name="vote"),
    path("search/", search.results, name="search"),
    path("search/suggest/", search.suggestions, name="search_suggest"),
    path("search/opened/", search.opened, name="search_opened"),
    path("fix/<slug:slug>/", guides.guide, name="guide"),
    path("fix/<slug:slug>/solved/", guides.solved, name="guide_solved"),
    path("contact/", contact.contact, name="contact"),
    path("contact/now/", contact.availability, name="contact_availability"),
    path("contact/wechat.svg", contact.wechat_code, name="wechat_code"),
    path("official/", official.official, name="official"),
]
