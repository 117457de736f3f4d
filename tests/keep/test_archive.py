"""The file of a backup: whole or refused."""

import io
import json
import tarfile

import pytest

from chat.services import erasure
from helpcenter.keep import archive
from helpcenter.keep.databases import KeepingFailed
from helpcenter.keep.restoring import back_up


@pytest.fixture
def parts(tmp_path):
    media = tmp_path / "media"
    (media / "attachments" / "ab").mkdir(parents=True)
    (media / "attachments" / "ab" / "file").write_bytes(b"a receipt")
    database = tmp_path / "dump"
    database.write_bytes(b"rows")
    return database, media


@pytest.fixture
def backup(tmp_path, parts):
    target = tmp_path / "backup.tar.gz"
    archive.write(target, *parts, made_at="2026-01-31T08:15:30Z", vendor="sqlite", epoch="e1")
    return target


def repacked(source, target, change):
    """The same archive with `change(name, data)` applied to each file; None leaves it out."""
    with tarfile.open(source) as old, tarfile.open(target, "w:gz") as new:
        for info in old:
            data = change(info.name, old.extractfile(info).read())
            if data is not None:
                info.size = len(data)
                new.addfile(info, io.BytesIO(data))
    return target


def test_everything_comes_back_when_nothing_was_touched(backup, tmp_path):
    manifest = archive.unpack(backup, tmp_path / "out")

    assert (manifest.vendor, manifest.epoch) == ("sqlite", "e1")
    assert (tmp_path / "out" / "database").read_bytes() == b"rows"
    assert (tmp_path / "out" / "media" / "attachments" / "ab" / "file").read_bytes() == b"a receipt"


def test_a_backup_is_for_its_owner_only(backup):
    assert backup.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "change",
    [
        lambda name, data: data + b"!" if name == "database" else data,
        lambda name, data: None if name.startswith("media") else data,
        lambda name, data: None if name == "manifest.json" else data,
        lambda name, data: json.dumps(json.loads(data) | {"format": 2}) if name == "manifest.json" else data,
    ],
)
def test_a_changed_backup_is_refused(backup, tmp_path, change):
    def as_bytes(name, data):
        changed = change(name, data)
        return changed.encode() if isinstance(changed, str) else changed

    with pytest.raises(KeepingFailed):
        archive.unpack(repacked(backup, tmp_path / "other.tar.gz", as_bytes), tmp_path / "out")


def test_half_a_backup_is_refused(backup, tmp_path):
    half = tmp_path / "half.tar.gz"
    half.write_bytes(backup.read_bytes()[:-40])

    with pytest.raises(KeepingFailed):
        archive.unpack(half, tmp_path / "out")


def test_a_backup_writes_nothing_outside_of_its_folder(tmp_path):
    evil = tmp_path / "evil.tar.gz"
    with tarfile.open(evil, "w:gz") as file:
        info = tarfile.TarInfo("../outside")
        file.addfile(info, io.BytesIO(b""))

    with pytest.raises(KeepingFailed):
        archive.unpack(evil, tmp_path / "out")
    assert not (tmp_path / "outside").exists()


def test_no_backup_is_overwritten(backup):
    before = backup.read_bytes()

    with pytest.raises(KeepingFailed, match="exists already"):
        back_up(backup)
    assert backup.read_bytes() == before


def test_the_lists_of_the_erased_are_joined(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    ours, theirs = '{"visitor": "a"}', '{"visitor": "b"}'
    erasure.ledger_path().write_text(ours + "\n")

    erasure.remember(f"{theirs}\n{ours}\n")

    assert erasure.ledger_path().read_text().splitlines() == [ours, theirs]
