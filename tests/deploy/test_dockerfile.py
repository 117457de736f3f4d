"""The image's build, command by command, in a clean folder."""

import json
import os
import subprocess
import sys

import pytest

from tests.deploy.dockerfile import carry_out
from tests.deploy.test_files import DEPLOY, ROOT

pytestmark = pytest.mark.once


def test_the_image_can_be_built_and_holds_what_it_needs(tmp_path):
    _build, final = carry_out((DEPLOY / "Dockerfile").read_text(), ROOT, tmp_path)

    site = final.path(final.workdir)
    assert final.user == "helpcenter"
    assert not (site / "var").exists()
    assert not (site / "tests").exists()
    assert (site / "staticfiles" / "staticfiles.json").exists()
    assert list((site / "helpcenter" / "locale").glob("*/LC_MESSAGES/*.mo"))
    # What the image's command starts is there; the environment was built for another root, so it is asked by path.
    program, *_ = json.loads(final.command)
    assert (site / ".venv" / "bin" / program).exists()
    packages = next((site / ".venv" / "lib").glob("python*/site-packages"))
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(packages)}
    done = subprocess.run(
        [sys.executable, "-S", "manage.py", "check"],
        cwd=site,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
