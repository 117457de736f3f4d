"""Files sent with the contact form."""

from __future__ import annotations

import io
import stat
import struct
import zlib
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from chat.models import Attachment, Conversation
from chat.services.attachments import forget_drafts
from tests.chat.conftest import FORM, kept_in, stored_files, text_file, ticket_in

SCRIPT = b"<html><script>alert(1)</script></html>"


def picture() -> bytes:
    """A photograph that says where it was taken."""
    exif = Image.Exif()
    exif[0x010E] = "home of Some Customer"
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "teal").save(out, "JPEG", exif=exif)
    return out.getvalue()


def bomb() -> bytes:
    """A few bytes that claim to be a picture of 3.6 billion pixels."""
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b"")]
    body = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body


def sent(response):
    """The response's page as text."""
    return response.content.decode()


def test_file_belongs_to_the_message_when_it_is_sent(visitor, filled, media):
    visitor.post(FORM, filled | {"screenshots": [text_file("a.txt", b"a"), text_file("b.txt", b"b")]})

    files = Conversation.objects.get().attachments.all()
    assert sorted(file.name for file in files) == ["a.txt", "b.txt"]
    assert len(stored_files(media)) == 2


def test_picture_is_stored_without_what_the_camera_wrote_into_it(visitor, filled, media):
    upload = SimpleUploadedFile("shot.jpeg", picture(), content_type="image/jpeg")

    visitor.post(FORM, filled | {"screenshots": upload})

    stored = Conversation.objects.get().attachments.get()
    (file,) = stored_files(media)
    assert (stored.media_type, stored.width, stored.height) == ("image/jpeg", 64, 48)
    assert b"Some Customer" in picture()
    assert b"Some Customer" not in file.read_bytes()


def test_stored_file_has_a_random_name_and_no_rights_for_others(visitor, filled, media):
    visitor.post(FORM, filled | {"screenshots": text_file("secret-name.txt")})

    (stored,) = stored_files(media)
    assert "secret" not in stored.name
    assert stored.suffix == ""
    assert stat.S_IMODE(stored.stat().st_mode) == 0o640


@pytest.mark.parametrize(
    "name, data",
    [
        ("page.html", SCRIPT),
        ("picture.png", SCRIPT),
        ("picture.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("program.exe", b"MZ\x90\x00" + bytes(64)),
        ("note", b"no extension"),
        ("empty.txt", b""),
        ("bomb.png", bomb()),
        ("binary.txt", b"\x00\x01\x02\x7f"),
    ],
)
def test_file_is_named_beside_the_field_and_the_rest_kept_when_it_is_refused(
    visitor, filled, media, name, data
):
    upload = SimpleUploadedFile(name, data, content_type="")

    response = visitor.post(FORM, filled | {"screenshots": upload})

    assert response.status_code == 422
    assert name in sent(response).split('id="contact-screenshots_error"')[1].split("</div>")[0]
    assert filled["problem"] in sent(response)
    assert not Conversation.objects.exists()
    assert stored_files(media) == []


def test_file_is_refused_with_the_limit_when_it_is_too_large(visitor, filled, media):
    upload = text_file("long.txt", b"x" * (11 * 1024 * 1024))

    response = visitor.post(FORM, filled | {"screenshots": upload})

    assert response.status_code == 422
    assert "10 MB" in sent(response).split('id="contact-screenshots_error"')[1].split("</div>")[0]
    assert filled["problem"] in sent(response)


def test_good_file_is_kept_when_another_is_refused(visitor, filled, media):
    files = [text_file("good.txt"), SimpleUploadedFile("bad.html", SCRIPT)]

    response = visitor.post(FORM, filled | {"screenshots": files})

    assert [draft.name for draft in Attachment.objects.all()] == ["good.txt"]
    assert len(kept_in(response)) == 1


def test_five_files_are_taken_and_the_sixth_refused(visitor, filled, media):
    files = [text_file(f"{n}.txt", str(n).encode()) for n in range(6)]

    response = visitor.post(FORM, filled | {"screenshots": files})

    assert len(kept_in(response)) == 5
    assert "5.txt" in sent(response).split('id="contact-screenshots_error"')[1].split("</div>")[0]


def test_kept_file_is_deleted_when_it_is_taken_back(visitor, filled, media):
    wrong = visitor.post(FORM, filled | {"email": "", "screenshots": text_file()})
    kept = kept_in(wrong)

    visitor.post(FORM, filled | {"ticket": ticket_in(wrong), "kept": kept, "remove": kept})

    assert not Conversation.objects.get().attachments.exists()
    assert stored_files(media) == []


def test_file_is_kept_once_when_it_is_chosen_again(visitor, filled, media):
    wrong = visitor.post(FORM, filled | {"email": "", "screenshots": text_file()})

    visitor.post(
        FORM, filled | {"ticket": ticket_in(wrong), "kept": kept_in(wrong), "screenshots": text_file()}
    )

    assert Conversation.objects.get().attachments.count() == 1


def test_strangers_draft_is_not_taken_when_its_id_is_posted(visitor, filled, media):
    kept = kept_in(visitor.post(FORM, filled | {"email": "", "screenshots": text_file()}))
    own = ticket_in(visitor.get(FORM))

    response = visitor.post(FORM, filled | {"ticket": own, "kept": kept, "remove": kept, "email": ""})

    assert kept_in(response) == []
    assert Attachment.objects.count() == 1


@pytest.mark.parametrize("ids", [["x"], ["\x00"], ["../etc"], ["x"] * 90])
def test_wrong_ids_of_files_are_ignored(visitor, filled, media, ids):
    response = visitor.post(FORM, filled | {"kept": ids, "remove": ids})

    assert response.status_code == 303


def test_files_move_to_the_new_ticket_when_the_form_is_too_old(visitor, filled, media, clock):
    clock.shift(timedelta(hours=23))
    wrong = visitor.post(FORM, filled | {"email": "", "screenshots": text_file()})
    clock.shift(timedelta(hours=2))
    again = visitor.post(FORM, filled | {"ticket": ticket_in(wrong), "kept": kept_in(wrong)})
    clock.shift(timedelta(minutes=1))

    visitor.post(FORM, filled | {"ticket": ticket_in(again), "kept": kept_in(again)})

    assert Conversation.objects.get().attachments.count() == 1


def test_drafts_are_forgotten_with_their_files_after_a_day(visitor, filled, media, clock):
    visitor.post(FORM, filled | {"email": "", "screenshots": text_file()})
    clock.shift(timedelta(hours=25))

    forget_drafts()

    assert not Attachment.objects.exists()
    assert stored_files(media) == []


def test_files_of_messages_stay_when_drafts_are_forgotten(visitor, filled, media, clock):
    visitor.post(FORM, filled | {"screenshots": text_file()})
    clock.shift(timedelta(days=30))

    forget_drafts()

    assert len(stored_files(media)) == 1


def test_files_are_refused_and_the_message_not_lost_when_uploads_come_too_often(
    visitor, filled, media, settings
):
    settings.UPLOAD_ADDRESS_RATE = "1/h"
    files = [text_file("a.txt", b"a"), text_file("b.txt", b"b")]

    response = visitor.post(FORM, filled | {"screenshots": files})

    assert response.status_code == 422
    assert filled["problem"] in sent(response)
    assert [draft.name for draft in Attachment.objects.all()] == ["a.txt"]


def test_card_number_is_hidden_in_a_files_name(visitor, filled, media):
    visitor.post(FORM, filled | {"screenshots": text_file("4111111111111111.txt")})

    assert "4111111111111111" not in Conversation.objects.get().attachments.get().name
