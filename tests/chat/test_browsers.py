"""Browsers by their names."""

import pytest

from chat.services.browsers import described

pytestmark = pytest.mark.once
PIXEL = "Mozilla/5.0 (Linux; Android 14; Pixel 7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Mobile Safari/537.36"
WECHAT = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 MicroMessenger/8.0.43(0x18002b2d) NetType/WIFI Language/zh_CN"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0"


@pytest.mark.parametrize(
    "user_agent, name",
    [
        (PIXEL, "Chrome Mobile 120 · Android 14 · Pixel 7"),
        (WECHAT, "WeChat Browser 8 · iOS 17 · iPhone"),
        (FIREFOX, "Firefox 130 · Windows 10"),
        ("curl/8.5", "curl 8"),
        ("<b>'\"", "<b>'\""),
        ("'" * 300, "'" * 300),
    ],
)
def test_a_browser_has_the_name_that_people_know(user_agent, name):
    assert described(user_agent) == name
