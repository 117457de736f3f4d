"""Who may do what in the admin."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from faq.models import Article, SearchQuery, Translation, Vote
from faq.services.roles import ADMINISTRATORS, AGENTS, EDITORS, SUPERVISORS, ensure_groups

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("content")]

EDITED = [
    "article", "category", "contactchannel", "guide", "officialidentity", "openingrange", "servicenotice",
    "specialday", "step", "synonym",
]  # fmt: skip
READ = ["searchquery", "vote"]
PAGES = [
    "/admin/faq/todo/",
    "/admin/faq/article/",
    "/admin/faq/translation/{text}/revisions/",
    "/admin/faq/translation/{text}/revisions/1/",
    "/admin/faq/translation/{text}/preview/",
    "/admin/faq/translation/preview/?text={text}",
]
CHANGES = [
    "/admin/faq/translation/{text}/still-correct/",
    "/admin/faq/translation/{text}/revisions/1/restore/",
]


@pytest.fixture
def sign_in(account, client):
    """Signs in with a role; None is somebody from outside."""

    def enter(role: str | None) -> Client:
        if role:
            client.force_login(account(role))
        return client

    return enter


def filled(path: str) -> str:
    return path.format(text=Translation.objects.get(article__slug="two-factor", language="en").pk)


def status(client: Client, path: str) -> int:
    return client.get(filled(path)).status_code


@pytest.mark.parametrize("role", [EDITORS, "superuser"])
@pytest.mark.parametrize("path", PAGES)
def test_editors_and_superusers_may_read_what_editors_read(sign_in, role, path):
    assert status(sign_in(role), path) == 200


@pytest.mark.parametrize("role, expected", [(None, 302), (AGENTS, 302), (SUPERVISORS, 403)])
@pytest.mark.parametrize("path", PAGES)
def test_others_may_not(sign_in, role, expected, path):
    assert status(sign_in(role), path) == expected


@pytest.mark.parametrize("role", [None, AGENTS, SUPERVISORS])
@pytest.mark.parametrize("path", CHANGES)
def test_others_change_nothing(sign_in, role, path):
    text = Translation.objects.get(article__slug="two-factor", language="en")

    assert sign_in(role).post(filled(path)).status_code in (302, 403)
    assert text.revisions.count() == 1


@pytest.mark.parametrize("model", EDITED)
def test_editors_may_list_and_add_all_content(sign_in, model):
    client = sign_in(EDITORS)

    assert status(client, f"/admin/faq/{model}/") == 200
    assert status(client, f"/admin/faq/{model}/add/") == 200


@pytest.mark.parametrize("model", EDITED)
def test_supervisors_may_not_touch_content(sign_in, model):
    client = sign_in(SUPERVISORS)

    assert status(client, f"/admin/faq/{model}/") == 403
    assert status(client, f"/admin/faq/{model}/add/") == 403


@pytest.mark.parametrize("role", [EDITORS, "superuser"])
@pytest.mark.parametrize("model", READ)
def test_nobody_changes_what_customers_did(sign_in, role, model):
    article = Article.objects.get(slug="two-factor")
    Vote.objects.create(pk=1, article=article, language="en", is_solved=True)
    SearchQuery.objects.create(pk=1, day="2026-11-20", language="en", text="abc")
    client = sign_in(role)

    assert status(client, f"/admin/faq/{model}/") == 200
    assert status(client, f"/admin/faq/{model}/add/") == 403
    assert client.post(f"/admin/faq/{model}/1/change/", {"text": "x"}).status_code == 403
    assert client.post(f"/admin/faq/{model}/1/delete/", {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("path", ["/admin/auth/user/", "/admin/auth/group/", "/admin/chat/conversation/"])
def test_editors_see_neither_accounts_nor_messages(sign_in, path):
    client = sign_in(EDITORS)

    assert status(client, path) == 403
    assert path not in client.get("/admin/").content.decode()


def test_supervisors_see_messages(sign_in):
    assert status(sign_in(SUPERVISORS), "/admin/chat/conversation/") == 200


def test_administrators_see_accounts_and_content(sign_in):
    client = sign_in(ADMINISTRATORS)

    assert status(client, "/admin/auth/user/") == 200
    assert status(client, "/admin/faq/article/") == 200


def test_texts_are_not_deleted_on_their_own(sign_in):
    text = Translation.objects.get(article__slug="two-factor", language="en")

    response = sign_in("superuser").post(f"/admin/faq/translation/{text.pk}/delete/", {"post": "yes"})

    assert response.status_code == 404
    assert Translation.objects.filter(pk=text.pk).exists()


def test_an_editor_signs_in_with_a_password(account, client):
    account(EDITORS)

    form = {"username": "editors", "password": "long-enough-password", "next": "/admin/faq/todo/"}
    response = client.post("/admin/login/?next=/admin/faq/todo/", form, follow=True)

    assert response.redirect_chain == [("/admin/faq/todo/", 302)]
    assert response.status_code == 200


def test_an_agent_does_not_enter_the_admin(account, client):
    account(AGENTS)

    response = client.post("/admin/login/", {"username": "agents", "password": "long-enough-password"})

    assert response["Location"] == "/desk/"
    assert client.get("/admin/", follow=True).status_code == 403


def test_the_groups_get_exactly_their_permissions_back():
    group = ensure_groups()[EDITORS]
    before = set(group.permissions.values_list("codename", flat=True))
    group.permissions.clear()

    ensure_groups()

    assert set(group.permissions.values_list("codename", flat=True)) == before
    assert {"change_article", "view_vote", "add_translation"} <= before
    assert not {"delete_translation", "change_vote", "view_user"} & before
    assert Group.objects.count() == 4


def test_the_editors_pages_speak_the_editors_language(sign_in):
    client = sign_in(EDITORS)

    english = client.get("/admin/faq/article/", headers={"Accept-Language": "en"}).content.decode()
    chinese = client.get("/admin/faq/article/", headers={"Accept-Language": "zh-CN"}).content.decode()

    assert 'lang="en"' in english
    assert "文章" in chinese
