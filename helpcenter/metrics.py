"""What a process counts about itself; whoever does something worth counting adds to it here.

Names follow Prometheus: a unit in the name, `_total` for what only grows. Nothing here knows a customer: labels are
routes, states and outcomes, never addresses, names or texts.
"""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram

REGISTRY = CollectorRegistry()
# Seconds: from a text that goes straight to a fast disk up to one that somebody notices.
FAST = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)

REQUESTS = Counter(
    "helpcenter_http_requests",
    "Requests answered by Django",
    ["route", "method", "status"],
    registry=REGISTRY,
)
REQUEST_SECONDS = Histogram(
    "helpcenter_http_request_seconds", "Time that Django took", ["route"], buckets=FAST, registry=REGISTRY
)
PAGE_CACHE = Counter(
    "helpcenter_page_cache_requests", "Public pages asked for", ["result"], registry=REGISTRY
)
SEARCHES = Counter("helpcenter_searches", "Searches", ["found"], registry=REGISTRY)

APPENDED = Counter("helpcenter_chat_appended", "Texts written", ["outcome"], registry=REGISTRY)
APPEND_SECONDS = Histogram(
    "helpcenter_chat_append_seconds",
    "From a text's arrival to its acknowledgement, the longest of each commit",
    buckets=FAST,
    registry=REGISTRY,
)
BATCH = Histogram(
    "helpcenter_chat_batch_texts",
    "Texts in one commit",
    buckets=(1, 2, 4, 8, 16, 32, 64, 128, 256),
    registry=REGISTRY,
)
HINT_SECONDS = Histogram(
    "helpcenter_chat_hint_seconds", "Time that Redis took to take hints", buckets=FAST, registry=REGISTRY
)
HINTS_LOST = Counter(
    "helpcenter_chat_hints_lost", "Times that hints could not be sent or heard", registry=REGISTRY
)
REPAIRS = Counter(
    "helpcenter_chat_repairs", "Conversations that lagged behind the database", registry=REGISTRY
)
