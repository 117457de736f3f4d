"""What daphne and uvicorn serve: `helpcenter.asgi:application`."""

import os

import django
from channels.routing import ProtocolTypeRouter

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpcenter.settings")
django.setup(set_prefix=False)

from chat.delivery.process import process  # noqa: E402 - needs the set-up above
from chat.sockets.application import lifespan, sockets  # noqa: E402 - needs the set-up above
from helpcenter.application import make_http_application  # noqa: E402 - needs the set-up above
from helpcenter.daphne_server import use_prompt_server  # noqa: E402
from helpcenter.runtime import tune_gc  # noqa: E402

application = ProtocolTypeRouter(
    {"http": make_http_application(), "websocket": sockets, "lifespan": lifespan}
)
use_prompt_server(begin=process.start, drain=process.drain)
tune_gc()
