"""What daphne and uvicorn serve: `helpcenter.asgi:application`."""

import os

import django
from channels.routing import ProtocolTypeRouter

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpcenter.settings")
django.setup(set_prefix=False)

from helpcenter.application import make_http_application, refuse_websocket  # noqa: E402 - needs the set-up above
from helpcenter.daphne_server import use_prompt_server  # noqa: E402
from helpcenter.runtime import tune_gc  # noqa: E402

application = ProtocolTypeRouter({"http": make_http_application(), "websocket": refuse_websocket})
use_prompt_server()
tune_gc()
