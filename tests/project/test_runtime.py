"""The serving process spends little on garbage collection."""

import gc
import sys

import pytest

from helpcenter.runtime import SWITCH_SECONDS, THRESHOLDS, tune_gc


@pytest.fixture
def usual_gc():
    """Leave the collector as it was."""
    before, interval = gc.get_threshold(), sys.getswitchinterval()
    yield
    sys.setswitchinterval(interval)
    gc.unfreeze()
    gc.set_threshold(*before)


@pytest.mark.usefixtures("usual_gc")
def test_what_is_loaded_lives_for_ever_and_passes_are_rare():
    tune_gc()

    assert gc.get_freeze_count() > 10_000
    assert gc.get_threshold() == THRESHOLDS
    assert sys.getswitchinterval() == pytest.approx(SWITCH_SECONDS)
