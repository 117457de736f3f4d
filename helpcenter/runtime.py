"""Settings of the Python process that serves."""

import gc
import sys

# A full pass over everything that was loaded at the start stalls a busy process for 100 ms and more. What
# lives for ever is taken out of the passes, and passes over the rest come less often (`make bench` shows it).
THRESHOLDS = (20_000, 50, 100)
# How long a busy thread may go on while another one wants to: the chat's writer needs a moment five times a
# batch, and with Python's 5 ms each of them shows in how soon a message is seen.
SWITCH_SECONDS = 0.0001


def tune_gc() -> None:
    """Take everything loaded so far out of garbage collection, and let threads take turns sooner.

    Call it when the process has warmed up.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
    sys.setswitchinterval(SWITCH_SECONDS)
