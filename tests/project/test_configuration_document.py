"""docs/configuration.md names every variable that is read, and none that isn't."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings

pytestmark = pytest.mark.once

ROOT = Path(settings.BASE_DIR)
# Read by the Makefile and given on to the server; env.py uses them for SITE_URL's default.
NAME = re.compile(r"`([A-Z][A-Z0-9_]{2,})`")


def read_by_the_code():
    """Names that helpcenter/env.py asks the environment for."""
    tree = ast.parse((ROOT / "helpcenter" / "env.py").read_text())
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            asked_of = node.func.value
            is_env = isinstance(asked_of, ast.Name) and asked_of.id == "env"
            if is_env and node.args and isinstance(node.args[0], ast.Constant):
                found.add(node.args[0].value)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_days":
            found.add(node.args[1].value)
    return found


def named_in_the_document():
    lines = (ROOT / "docs" / "configuration.md").read_text().splitlines()
    table = lines[: next(i for i, line in enumerate(lines) if line.startswith("## "))]
    return {name for line in table if line.startswith("| `") for name in NAME.findall(line.split("|")[1])}


def test_every_variable_is_documented():
    assert len(read_by_the_code()) > 20
    assert read_by_the_code() - named_in_the_document() == set()


def test_no_variable_is_documented_that_is_not_read():
    assert named_in_the_document() - read_by_the_code() == set()
