"""Figures of reports."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.core.reports import Spread, bars, percentile, safe_cell, share, spread

VALUES = st.lists(st.floats(0, 1e6), min_size=1, max_size=60)


@given(VALUES, st.floats(0.01, 1))
def test_a_percentile_is_one_of_the_values_and_at_least_that_share_is_not_above_it(values, wanted):
    found = percentile(sorted(values), wanted)

    assert found in values
    assert sum(value <= found for value in values) >= wanted * len(values) - 1e-9
    assert sum(value < found for value in values) < wanted * len(values) + 1e-9


@given(VALUES)
def test_a_spread_rises(values):
    made = spread(values)

    assert made.p50 <= made.p90 <= made.most == max(values)


def test_nothing_has_no_spread_and_no_share():
    assert spread([]) == Spread(0, None, None, None)
    assert share(0, 0) is None
    with pytest.raises(ValueError, match="nothing"):
        percentile([], 0.5)


@given(st.lists(st.integers(0, 10_000), max_size=40))
def test_bars_stand_on_the_ground_and_stay_inside(values):
    made = bars([(str(value), value) for value in values], width=600, height=120)

    assert [bar.value for bar in made] == values
    for bar in made:
        assert 0 <= bar.x <= bar.x + bar.width <= 600.2
        assert abs(bar.y + bar.height - 120) < 0.2


@pytest.mark.parametrize(
    "value, cell",
    [
        ("=1+1", "'=1+1"),
        ("+86 10", "'+86 10"),
        ("@name", "'@name"),
        ("-cmd", "'-cmd"),
        ("\ttab", "'\ttab"),
        (-3.5, "-3.5"),
        ("plain", "plain"),
        (None, ""),
    ],
)
def test_cells_run_nothing_in_a_spreadsheet(value, cell):
    assert safe_cell(value) == cell
