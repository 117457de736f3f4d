"""Settings of the Python process that serves."""

import gc

# A full pass over everything that was loaded at the start stalls a busy process for 100 ms and more. What
# lives for ever is taken out of the passes, and passes over the rest come less often (`make bench` shows it).
THRESHOLDS = (20_000, 50, 100)


def tune_gc() -> None:
    """Take everything loaded so far out of garbage collection; call it when the process has warmed up."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
