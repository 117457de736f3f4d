"""What the tests of accounts have in common."""

import pytest


@pytest.fixture(autouse=True)
def _pages_can_be_shown(content: None) -> None:
    """Every page shows the contacts, also that of something which isn't there."""
