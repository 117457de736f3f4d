"""The content in fixtures/ is whole: both languages, every fact of its topic, links and guides that lead somewhere."""

import re
import tomllib
from pathlib import Path

import pytest

from faq.services.demo_pieces import read_article_file

FOLDER = Path(__file__).resolve().parents[2] / "fixtures"
LANGUAGES = ("zh-hans", "en")
PAGES = {"contact", "contact-email", "official", "chat"}
LINK = re.compile(r"\]\((?P<target>[^)]*)\)")
HAN = re.compile(r"[\u4e00-\u9fff]")
SUMMARY_HAN, SUMMARY_WORDS = 80, 50
NOT_SURE = {"zh-hans": "我不确定", "en": "I'm not sure"}

# What a reader must find on the page of each topic.
FACTS = {
    ("payment-failed", "zh-hans"): "网络|余额|银行卡额度|商家系统|确认不了|清除缓存|重启|时间、金额|联系客服",
    ("payment-failed", "en"): "network|balance|card limit|merchant's system|clear the app's cache|restart|pay again"
    "|time|amount|contact support",
    ("account-frozen", "zh-hans"): "冻结|异常|邮箱|安全警告|登录异常|多次输入错误密码|解锁|联系客服|核实身份|手机验证码|身份证明",
    ("account-frozen", "en"): "e-mail|security warning|unusual login|wrong password typed several times|unlock"
    "|contact support|verify who you are|verification code sent to your phone|proof of identity",
    ("forgot-password", "zh-hans"): "注册|手机号|邮箱|登录页|“忘记密码”|验证码|字母、数字、特殊字符|未收到验证码|联系客服",
    ("forgot-password", "en"): "registration|phone number|e-mail|login screen|Forgot password|code|letters, digits"
    "|special characters|no code arrives|contact support",
    ("keep-account-safe", "zh-hans"): "复杂密码|123456|password|双重认证|2FA|一次性验证码|交易记录|联系方式|官方|盗版|杀毒"
    "|公共 Wi-Fi",
    ("keep-account-safe", "en"): "complex password|123456|two-factor authentication|2FA|one-time code"
    "|transaction records|contact details|official Topay app|pirated|antivirus|public Wi-Fi",
    ("contact-support", "zh-hans"): "在线客服|小助手|“帮助”|“支持”|电话客服|官网|邮件支持|设备|操作步骤|遇到的问题|截图|微博"
    "|微信公众号|最新功能|使用技巧|安全措施",
    ("contact-support", "en"): "live chat|assistant|help or support menu|phone|official site|e-mail|device|the steps"
    "|problem|screenshots|Weibo|WeChat official account|personal data|new features|tips|safety measures",
    ("no-verification-code", "zh-hans"): "收不到验证码|拦截|垃圾邮件|联系客服",
    ("no-verification-code", "en"): "code|blocked|spam|contact support",
    ("two-factor", "zh-hans"): "双重认证|2FA|一次性验证码",
    ("two-factor", "en"): "two-factor authentication|2FA|one-time code",
    ("fake-topay", "zh-hans"): "密码|完整的验证码|从来不问|盗版|假客服|联系客服",
    ("fake-topay", "en"): "never asks|password|full verification code|pirated|contact support",
    ("report-transaction", "zh-hans"): "未经授权的交易|交易记录|联系客服|时间、金额",
    ("report-transaction", "en"): "unauthorised transaction|transaction records|contact support|time and amount",
    ("clear-cache", "zh-hans"): "iOS|安卓|清除缓存|重启",
    ("clear-cache", "en"): "iOS|Android|clear cache|restart",
    ("bank-card-limits", "zh-hans"): "绑定银行卡|额度|银行设定|付款方式",
    ("bank-card-limits", "en"): "link a bank card|limit|set by your bank|payment methods",
    ("update-contact-details", "zh-hans"): "手机号|邮箱|核实身份|第一时间",
    ("update-contact-details", "en"): "phone number|e-mail|verify who you are|at once",
    ("your-data", "zh-hans"): "个人信息|密码|完整的验证码|公开",
    ("your-data", "en"): "information|password|full verification code|in public",
}  # fmt: skip


def _toml(name: str) -> dict:
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))


def _article_text(slug: str, language: str) -> str:
    front, body = read_article_file(FOLDER / "articles" / f"{slug}.{language}.md")
    return f"{front['title']}\n{front['summary']}\n{body}"


def _all_texts() -> dict[str, str]:
    files = [*(FOLDER / "articles").glob("*.md"), *(FOLDER / "guides").glob("*.toml")]
    return {path.name: path.read_text(encoding="utf-8") for path in files}


def _bilingual(value: object) -> list[dict]:
    """Every `{zh-hans, en}` table below `value`."""
    if isinstance(value, list):
        return [found for item in value for found in _bilingual(item)]
    if not isinstance(value, dict):
        return []
    if set(value) & set(LANGUAGES):
        return [value]
    return [found for item in value.values() for found in _bilingual(item)]


ARTICLES = _toml("articles.toml")["article"]
SLUGS = [row["slug"] for row in ARTICLES]
GUIDES = {path.stem: _toml(f"guides/{path.name}") for path in sorted((FOLDER / "guides").glob("*.toml"))}
TOML_FILES = ["categories.toml", "contacts.toml", *(f"guides/{slug}.toml" for slug in GUIDES)]
EVERY_TEXT = [(slug, language) for slug in SLUGS for language in LANGUAGES]


@pytest.mark.parametrize(("slug", "language"), EVERY_TEXT)
def test_article_is_complete_when_read_in_either_language(slug, language):
    front, body = read_article_file(FOLDER / "articles" / f"{slug}.{language}.md")

    assert front["title"]
    assert front["keywords"]
    assert len(body) > 200
    assert not re.search(r"^# |!\[|<[a-z/]", body, re.MULTILINE)
    assert bool(HAN.search(front["title"])) is (language == "zh-hans")


@pytest.mark.parametrize(("slug", "language"), EVERY_TEXT)
def test_summary_fits_the_answer_box_when_read_in_either_language(slug, language):
    front, _body = read_article_file(FOLDER / "articles" / f"{slug}.{language}.md")

    if language == "zh-hans":
        assert 20 <= len(HAN.findall(front["summary"])) <= SUMMARY_HAN
    else:
        assert 10 <= len(front["summary"].split()) <= SUMMARY_WORDS


@pytest.mark.parametrize(("slug", "language"), FACTS)
def test_article_states_every_fact_when_its_topic_is_looked_up(slug, language):
    text = _article_text(slug, language).lower()

    assert [fact for fact in FACTS[slug, language].split("|") if fact.lower() not in text] == []


def test_checks_keep_their_order_when_a_payment_fails():
    text = _article_text("payment-failed", "zh-hans").split("## 依次检查四项")[1]
    order = [
        text.index(f"**{step}")
        for step in ("网络", "余额", "银行卡额度", "商家系统", "清除缓存", "重启", "重新支付")
    ]

    assert order == sorted(order)


@pytest.mark.parametrize(("slug", "language"), EVERY_TEXT)
def test_keyword_adds_something_when_compared_with_the_title(slug, language):
    front, _body = read_article_file(FOLDER / "articles" / f"{slug}.{language}.md")

    assert [word for word in front["keywords"] if word.lower() in front["title"].lower()] == []


@pytest.mark.parametrize("name", sorted(_all_texts()))
def test_link_leads_somewhere_when_followed(name):
    known = (
        {f"article:{slug}" for slug in SLUGS}
        | {f"guide:{slug}" for slug in GUIDES}
        | {f"page:{p}" for p in PAGES}
    )
    targets = {match["target"] for match in LINK.finditer(_all_texts()[name])}

    assert targets - known == set()


def test_articles_point_at_things_that_exist_when_listed():
    categories = {row["slug"] for row in _toml("categories.toml")["category"]}
    related = {slug for row in ARTICLES for slug in row["related"]}

    assert {row["category"] for row in ARTICLES} == categories
    assert related <= set(SLUGS)
    assert not [row["slug"] for row in ARTICLES if row["slug"] in row["related"]]
    assert {path.name for path in (FOLDER / "articles").iterdir()} == {
        f"{s}.{lang}.md" for s, lang in EVERY_TEXT
    }


@pytest.mark.parametrize("name", TOML_FILES)
def test_small_texts_have_both_languages_when_loaded(name):
    texts = _bilingual(_toml(name))

    assert texts
    assert [text for text in texts if set(text) != set(LANGUAGES) or not all(text.values())] == []


@pytest.mark.parametrize("slug", GUIDES)
def test_every_path_ends_when_a_guide_is_followed(slug):
    steps = {step["key"]: step for step in GUIDES[slug]["step"]}
    ends = set()

    def walk(key: str, trail: tuple[str, ...]) -> set[str]:
        assert key not in trail, f"{slug}: {key} leads back to itself"
        choices = steps[key].get("choice", [])
        assert bool(choices) is (steps[key]["kind"] == "question")
        if not choices:
            ends.add(steps[key]["kind"])
        return {key}.union(*(walk(choice["next"], (*trail, key)) for choice in choices))

    assert walk(GUIDES[slug]["step"][0]["key"], ()) == set(steps)
    assert ends == {"solved", "contact"}
    assert GUIDES[slug]["slug"] == slug
    assert GUIDES[slug]["article"] in SLUGS


@pytest.mark.parametrize("slug", GUIDES)
def test_question_offers_not_sure_and_says_why_when_asked(slug):
    steps = GUIDES[slug]["step"]
    questions = [step for step in steps if step["kind"] == "question"]

    assert all(step["why"]["zh-hans"] and step["why"]["en"] for step in steps)
    assert [q["key"] for q in questions if NOT_SURE not in [c["label"] for c in q["choice"]]] == []


def test_payment_guide_collects_time_and_amount_when_it_ends_with_a_person():
    steps = GUIDES["payment-failed"]["step"]
    contact = next(step for step in steps if step["kind"] == "contact")
    required = [field["kind"] for field in contact["field"] if field["required"]]

    assert [step["key"] for step in steps if step["kind"] == "question"] == [
        *("network", "balance", "card", "merchant", "cache", "restart", "pay-again")
    ]
    assert required == ["datetime", "amount"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_phrase_means_one_thing_when_synonyms_are_listed(language):
    rows = [row for row in _toml("synonyms.toml")["synonym"] if row["language"] == language]
    phrases = [(row["kind"], phrase) for row in rows for phrase in row["phrases"]]

    assert len(rows) > 75
    assert len(phrases) == len(set(phrases))
    assert [row["terms"] for row in rows if row["kind"] == "replace" and row["terms"] in row["phrases"]] == []


def test_demo_contacts_belong_to_no_one_when_shown():
    content = _toml("contacts.toml")
    values = [row[name] for row in content["channel"] for name in ("value", "url") if row[name]]
    values += [row["value"] for row in content["official"]]

    assert [row["kind"] for row in content["channel"]] == ["chat", "phone", "email", "weibo", "wechat"]
    assert {day for row in content["hours"] for day in row["weekdays"]} == set(range(7))
    assert [
        v for v in values if "example.com" not in v and v not in ("400-000-0000", "@Topay钱包", "Topay钱包")
    ] == []
