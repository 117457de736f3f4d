"""An ASGI application that does nothing but send recorded answers: the most that a server can do.

`BENCH_ANSWERS` names a JSON file of path → status, headers and body. Daphne and the garbage
collector are set as the product's are, so that a ratio says nothing about those.
"""

import base64
import json
import os
from pathlib import Path

from helpcenter.daphne_server import use_prompt_server
from helpcenter.runtime import tune_gc

ANSWERS = {
    path: (
        {
            "type": "http.response.start",
            "status": status,
            "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers],
        },
        {"type": "http.response.body", "body": base64.b64decode(body)},
    )
    for path, (status, headers, body) in json.loads(Path(os.environ["BENCH_ANSWERS"]).read_bytes()).items()
}


async def application(scope, receive, send):
    """Send what was recorded for the path."""
    start, body = ANSWERS[scope["path"]]
    await send(start)
    await send(body)


use_prompt_server()
tune_gc()
