"""Arrows between the modules point one way: core ← models ← access ← services ← views, commands ← urls."""

import ast
from pathlib import Path

import pytest
from django.conf import settings

pytestmark = pytest.mark.once

ROOT = Path(settings.BASE_DIR)
PACKAGES = ("helpcenter", "faq", "chat")
FORBIDDEN_NAMES = {"utils", "helpers", "common", "manager"}
# What a layer may never import; `core` is pure and so knows none of these at all.
LAYERS = {
    "core": ("django", "channels", "faq.models", "faq.services", "faq.views", "chat.models", "chat.services"),
    "models": ("faq.services", "faq.views", "chat.services", "chat.views", "faq.access", "chat.access"),
    "access": ("faq.services", "faq.views", "chat.services", "chat.views"),
    "services": ("faq.views", "chat.views", "faq.admin", "chat.admin", "chat.forms", "faq.urls", "chat.urls"),
    "views": ("faq.urls", "chat.urls", "faq.admin", "chat.admin"),
}
LEAVES = ("env", "origin", "rate_limit", "i18n", "logs", "security", "storage", "faults")


def modules() -> list[Path]:
    found = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    return [path for path in found if "migrations" not in path.parts]


def imports(path: Path) -> list[tuple[str, ast.AST]]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names += [(alias.name, node) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names += [(f"{node.module}.{alias.name}", node) for alias in node.names]
    return names


def is_within(name: str, packages: tuple[str, ...]) -> bool:
    return any(name == package or name.startswith(package + ".") for package in packages)


def violations(paths: list[Path], forbidden: tuple[str, ...]) -> list[str]:
    return [f"{p.relative_to(ROOT)}: {n}" for p in paths for n, _ in imports(p) if is_within(n, forbidden)]


def test_there_are_modules_to_look_at():
    assert len(modules()) > 40


@pytest.mark.parametrize("layer", LAYERS)
def test_no_layer_imports_one_above_it(layer):
    inside = [path for path in modules() if layer in (*path.relative_to(ROOT).parts[1:-1], path.stem)]

    assert inside
    assert violations(inside, LAYERS[layer]) == []


def test_help_content_knows_nothing_of_conversations():
    inside = [path for path in modules() if path.relative_to(ROOT).parts[0] == "faq"]

    assert violations(inside, ("chat",)) == []


def test_leaves_import_nothing_of_the_apps():
    inside = [ROOT / "helpcenter" / f"{name}.py" for name in LEAVES]
    inside += list((ROOT / "helpcenter" / "masking").glob("*.py"))

    assert violations(inside, ("faq", "chat")) == []


def test_no_import_hides_in_a_function():
    hidden = []
    for path in modules():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                hidden += [
                    f"{path.relative_to(ROOT)}:{node.lineno}"
                    for node in ast.walk(function)
                    if isinstance(node, ast.Import | ast.ImportFrom)
                ]

    assert hidden == []


def test_modules_are_named_for_their_subject():
    assert [str(path) for path in modules() if path.stem in FORBIDDEN_NAMES] == []


@pytest.mark.parametrize(
    "pattern, limit",
    [
        ("**/*.py", 400),
        ("templates/**/*.html", 120),
        ("static/js/**/*.js", 200),
        ("static/css/**/*.css", 400),
    ],
)
def test_no_file_holds_two_subjects(pattern, limit):
    skipped = {".venv", "var", "staticfiles", "migrations", "node_modules"}
    files = [path for path in ROOT.glob(pattern) if not skipped & set(path.relative_to(ROOT).parts)]
    too_long = {str(p.relative_to(ROOT)): len(p.read_text(encoding="utf-8").splitlines()) for p in files}

    assert files
    assert {name: lines for name, lines in too_long.items() if lines > limit} == {}
