"""nginx with the configuration of deploy/, as close to the real thing as one machine allows."""

from __future__ import annotations

import datetime
import shutil
import string
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.throwaway import free_port, wait_for_port

DEPLOY = Path(__file__).resolve().parents[2] / "deploy" / "nginx"
HOST = "localhost"
MAIN = """
daemon off; worker_processes 1; pid $folder/nginx.pid; error_log $folder/error.log warn;
events { worker_connections 4096; }
http {
  access_log off; client_body_temp_path $folder/body; proxy_temp_path $folder/proxy;
  fastcgi_temp_path $folder/f; uwsgi_temp_path $folder/u; scgi_temp_path $folder/s;
  $site
}
"""
PLAIN = """
  include $deploy/limits.conf;
  upstream helpcenter { least_conn; $servers keepalive 64; }
  server { listen 127.0.0.1:$port; server_name $host; include $deploy/locations.conf; }
"""


def servers(ports: Sequence[int]) -> str:
    """What HELPCENTER_SERVERS holds for processes on these ports."""
    return " ".join(f"server 127.0.0.1:{port} max_fails=0;" for port in ports)


def certificate(folder: Path) -> dict[str, str]:
    """A certificate that nobody trusts, for an hour."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(minutes=5))
        .not_valid_after(now + datetime.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "key.pem").write_bytes(private)
    return {
        "HELPCENTER_CERTIFICATE": str(folder / "cert.pem"),
        "HELPCENTER_KEY": str(folder / "key.pem"),
    }


def write_encrypted(folder: Path, ports: Sequence[int], http: int, https: int) -> Path:
    """The public configuration, filled in as the nginx image does; the file's path."""
    values = certificate(folder) | {
        "HELPCENTER_HOST": HOST,
        "HELPCENTER_SERVERS": servers(ports),
        "HELPCENTER_HTTP_PORT": str(http),
        "HELPCENTER_HTTPS_PORT": str(https),
        "HELPCENTER_SNIPPETS": str(DEPLOY),
    }
    text = (DEPLOY / "helpcenter.conf.template").read_text()
    for name, value in values.items():
        text = text.replace(f"${{{name}}}", value)
    return _write(folder, text)


def write_plain(folder: Path, ports: Sequence[int], port: int) -> Path:
    """The same locations without TLS, for clients that speak none; the file's path."""
    values = {"deploy": DEPLOY, "servers": servers(ports), "port": port, "host": HOST}
    return _write(folder, string.Template(PLAIN).substitute(values))


def _write(folder: Path, site: str) -> Path:
    path = folder / "nginx.conf"
    path.write_text(MAIN.replace("$folder", str(folder)).replace("$site", site))
    return path


def complaints(configuration: Path) -> str:
    """What nginx itself finds wrong with a configuration; "" when nothing."""
    command = ["nginx", "-q", "-t", "-c", str(configuration), "-p", str(configuration.parent)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stderr if done.returncode else ""


@contextmanager
def running(ports: Sequence[int], *, encrypted: bool = False, port: int = 0) -> Iterator[int]:
    """nginx in front of the processes on these ports; gives the port that it listens on."""
    folder, port = Path(tempfile.mkdtemp(prefix="helpcenter-nginx-")), port or free_port()
    if encrypted:
        configuration = write_encrypted(folder, ports, free_port(), port)
    else:
        configuration = write_plain(folder, ports, port)
    process = subprocess.Popen(
        ["nginx", "-c", str(configuration), "-p", str(folder)], stdout=subprocess.DEVNULL
    )
    try:
        wait_for_port(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=30)
        shutil.rmtree(folder, ignore_errors=True)
