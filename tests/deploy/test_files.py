"""The files of deploy/: each is understood by the program that it is for."""

import configparser
import json
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from daphne.cli import CommandLineInterface
from django.conf import settings
from prometheus_client import Counter, Histogram

from helpcenter import metrics
from tests.deploy import nginx

ROOT = Path(settings.BASE_DIR)
DEPLOY = ROOT / "deploy"
ASKED_WHEN_WANTED = {
    "helpcenter_chat_conversations",
    "helpcenter_chat_oldest_waiting_seconds",
    "helpcenter_chat_agents_online",
    "helpcenter_chat_mails_waiting",
    "helpcenter_chat_sockets",
}


def test_nginx_takes_the_public_configuration(tmp_path):
    assert nginx.complaints(nginx.write_encrypted(tmp_path, [8001, 8002], 8080, 8443)) == ""


def test_compose_takes_its_file(tmp_path):
    shutil.copytree(DEPLOY, tmp_path / "deploy")
    example = (DEPLOY / "compose.env.example").read_text()
    (tmp_path / "deploy" / "compose.env").write_text(example)
    values = {"POSTGRES_PASSWORD": "x", "HELPCENTER_HOST": "help.example.com", "HELPCENTER_TLS": "/tls"}
    command = ["docker-compose", "-f", "deploy/compose.yaml", "config"]
    path = {"PATH": "/usr/local/bin:/usr/bin:/bin"}
    done = subprocess.run(
        command, cwd=tmp_path, env=path | values, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    services = yaml.safe_load(done.stdout)["services"]
    assert set(services) == {"postgres", "redis", "prepare", "web", "nginx"}
    mounted = [volume.split(":")[0] for volume in services["nginx"]["volumes"] if "deploy" in volume]
    assert mounted
    assert all(Path(source).exists() for source in mounted)


def daphnes():
    """Every command line by which deploy/ starts daphne."""
    dockerfile = (DEPLOY / "Dockerfile").read_text().splitlines()
    yield json.loads(next(line for line in dockerfile if line.startswith("CMD "))[4:])
    unit = configparser.ConfigParser(interpolation=None, strict=False)
    unit.optionxform = str
    unit.read(DEPLOY / "systemd" / "helpcenter@.service")
    yield shlex.split(unit["Service"]["ExecStart"].replace("%i", "8001"))


def test_daphne_takes_its_command_lines():
    lines = list(daphnes())

    assert len(lines) == 2
    for program, *arguments in lines:
        taken = CommandLineInterface().parser.parse_args(arguments)
        assert program.endswith("daphne")
        assert taken.application == "helpcenter.asgi:application"
        # Without it everybody would share the proxy's address, and its limits.
        assert taken.proxy_headers


@pytest.mark.parametrize("unit", sorted(path.name for path in (DEPLOY / "systemd").iterdir()))
def test_units_have_their_sections(unit):
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    parser.optionxform = str
    parser.read(DEPLOY / "systemd" / unit)

    assert "Description" in parser["Unit"]
    assert len(parser.sections()) >= 2


def test_alerts_and_dashboard_ask_for_figures_that_there_are():
    counted = [one for one in vars(metrics).values() if isinstance(one, Counter | Histogram)]
    families = {family.name for one in counted for family in one.describe()} | ASKED_WHEN_WANTED
    asked = (DEPLOY / "prometheus" / "alerts.yml").read_text()
    asked += (DEPLOY / "grafana" / "dashboard.json").read_text()
    words = set(asked.replace('"', " ").replace("(", " ").replace("{", " ").split())
    names = {word.split("[")[0].rstrip(",)") for word in words if word.startswith("helpcenter_")}
    bases = {
        name.removesuffix("_total").removesuffix("_bucket").removesuffix("_sum").removesuffix("_count")
        for name in names
    }

    assert len(bases) > 8
    assert bases - families == set()
