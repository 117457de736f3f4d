"""The visitor's calls over HTTP, as short as they can be said."""

import json
from uuid import uuid4


def post(client, path, body, token=""):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return client.post(
        f"/api/chat/{path}", json.dumps(body), content_type="application/json", headers=headers
    )


def get(client, path, token=""):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return client.get(f"/api/chat/{path}", headers=headers)


def opening(**values):
    return {"mid": str(uuid4()), "text": "我的付款失败了", "topic": "payment", "language": "zh-hans"} | values


def opened(client, **values):
    return post(client, "conversations", opening(**values)).json()
