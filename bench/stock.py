"""The same site under Django's own ASGI handler; daphne and the garbage collector are set as the product's are."""

from django.core.asgi import get_asgi_application

from helpcenter.daphne_server import use_prompt_server
from helpcenter.runtime import tune_gc

application = get_asgi_application()
use_prompt_server()
tune_gc()
