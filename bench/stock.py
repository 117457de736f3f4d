"""The same site under Django's own ASGI handler; the garbage collector is set as the product's is."""

from django.core.asgi import get_asgi_application

from helpcenter.runtime import tune_gc

application = get_asgi_application()
tune_gc()
