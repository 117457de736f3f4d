"""Which files are taken, and what is left of them."""

import random
from io import BytesIO

import pytest
from PIL import Image

from chat.core.attachments import MAX_BYTES, AttachmentRefused, Inspected, inspect, sanitise
from chat.core.file_names import join_name, split_name
from chat.core.worker import run_worker
from tests.core import file_samples as samples

CONTENTS = {
    "png": samples.picture("png"),
    "jpg": samples.picture("jpg"),
    "webp": samples.picture("webp"),
    "pdf": samples.pdf(),
    "txt": "付款失败 payment failed\n".encode(),
}
TYPES = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "webp": "image/webp",
    "pdf": "application/pdf",
    "txt": "text/plain",
}
HTML = b"<!DOCTYPE html><script>alert(1)</script>"
SVG = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"


def refusal(name, data, **options):
    """The code with which the file is refused."""
    with pytest.raises(AttachmentRefused) as refused:
        sanitise(name, data, **options)
    return refused.value.code


def outcome(name, data):
    """The word taken, or the code with which the file is refused."""
    try:
        sanitise(name, data)
    except AttachmentRefused as refused:
        return refused.code
    return "taken"


@pytest.mark.parametrize("extension", CONTENTS)
def test_file_is_known_when_name_and_content_agree(extension):
    found = inspect(f"Screenshot.{extension.upper()}", CONTENTS[extension])

    assert (found.type, found.name) == (TYPES[extension], f"Screenshot.{extension}")


@pytest.mark.parametrize("extension", CONTENTS)
@pytest.mark.parametrize(
    "declared", [*TYPES.values(), "", "application/octet-stream", "text/html", "image/svg+xml"]
)
@pytest.mark.parametrize("content", CONTENTS)
def test_file_is_refused_unless_extension_type_and_content_agree(extension, declared, content):
    agree = extension == content and declared in (TYPES[extension], "", "application/octet-stream")

    if not agree:
        assert refusal(f"a.{extension}", CONTENTS[content], declared=declared) == "mismatch"
    else:
        assert inspect(f"a.{extension}", CONTENTS[content], declared=declared).type == TYPES[extension]


@pytest.mark.parametrize("declared", ["image/jpg", "image/pjpeg", "IMAGE/JPEG", "image/jpeg; q=1"])
def test_photo_is_taken_when_the_browser_has_another_word_for_its_type(declared):
    assert inspect("a.jpeg", CONTENTS["jpg"], declared=declared) == Inspected("image", "image/jpeg", "a.jpg")


@pytest.mark.parametrize(
    "name",
    [
        "a.svg",
        "a.html",
        "a.gif",
        "a.exe",
        "a.png.html",
        "a.docx",
        "a.heic",
        "a",
        "png",
        ".htaccess",
        "a.pdf.",
        "a.p\u200bhp",
    ],
)
def test_file_is_refused_when_its_extension_is_not_on_the_list(name):
    assert refusal(name, CONTENTS["png"]) == "type"


@pytest.mark.parametrize(
    "name,data",
    [
        ("a.png", HTML),
        ("a.jpg", SVG),
        ("a.txt", HTML),
        ("a.txt", SVG),
        ("a.txt", b"\xef\xbb\xbf \n <?xml version='1.0'?><svg/>"),
        ("a.txt", b"<?php system($_GET[0]);"),
        ("a.txt", b"GIF89a<script>alert(1)</script>"),
        ("a.png", b"GIF89a<script>alert(1)</script>"),
        ("a.gif.png", b"GIF89a/*" + HTML),
        ("a.pdf", HTML + CONTENTS["pdf"]),
        ("a.pdf", b"\n" + CONTENTS["pdf"]),
        ("a.pdf", CONTENTS["png"] + CONTENTS["pdf"]),
        ("a.txt", b"PK\x03\x04" + bytes(30)),
        ("a.webp", b"RIFF\x00\x00\x00\x00AVI "),
        ("a.txt", CONTENTS["pdf"]),
    ],
)
def test_file_is_refused_when_it_pretends_to_be_another_type(name, data):
    assert refusal(name, data) == "mismatch"


@pytest.mark.parametrize("extension", ["png", "jpg", "webp"])
def test_stowaway_is_gone_when_a_picture_carries_one(extension):
    clean = sanitise(f"a.{extension}", CONTENTS[extension] + HTML + b"PK\x03\x04")

    assert b"script" not in clean.data
    assert Image.open(BytesIO(clean.data)).size == (clean.width, clean.height) == (40, 30)


def test_stowaway_is_gone_when_a_pdf_carries_one():
    clean = sanitise("a.pdf", CONTENTS["pdf"] + HTML)

    assert b"script" not in clean.data
    assert clean.data.startswith(b"%PDF-")


@pytest.mark.parametrize("extension", ["png", "jpg", "webp"])
def test_picture_is_upright_and_tells_nothing_when_it_was_drawn_anew(extension):
    original = samples.picture_with_metadata(extension)

    clean = sanitise(f"a.{extension}", original)

    drawn = Image.open(BytesIO(clean.data))
    assert drawn.size == (30, 40)
    assert drawn.convert("L").getpixel((15, 2)) > 200 > 50 > drawn.convert("L").getpixel((15, 37))
    assert not drawn.getexif()
    assert "icc_profile" not in drawn.info
    for trace in (b"CAMERA-MAKER", b"HIDDEN-COMMENT", b"COLOUR-PROFILE", b"Exif"):
        assert trace not in clean.data


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_picture_is_drawn_anew_when_its_colours_are_unusual(mode):
    output = BytesIO()
    Image.new(mode, (3, 2)).save(output, "PNG")

    clean = sanitise("a.png", output.getvalue())

    assert Image.open(BytesIO(clean.data)).mode == mode


def test_transparent_colour_stays_when_a_palette_has_one():
    data = samples.picture("png", mode="P", transparency=0)

    clean = sanitise("a.png", data)

    assert Image.open(BytesIO(clean.data)).info["transparency"] == 0


def test_printers_colours_become_screen_colours_when_a_photo_has_them():
    output = BytesIO()
    Image.new("CMYK", (8, 8)).save(output, "JPEG")

    clean = sanitise("a.jpg", output.getvalue())

    assert Image.open(BytesIO(clean.data)).mode == "RGB"


@pytest.mark.parametrize(
    "extension,claiming",
    [("png", samples.png_claiming), ("webp", samples.webp_claiming), ("jpg", samples.jpeg_claiming)],
)
@pytest.mark.parametrize(
    "size,code", [((5001, 5000), "too_many_pixels"), ((16_000, 16_000), "bomb"), ((40, 30), "broken")]
)
def test_picture_is_refused_by_its_claim_when_it_is_too_large_to_decode(extension, claiming, size, code):
    assert refusal(f"a.{extension}", claiming(*size)) == code


def test_picture_is_refused_when_its_text_unfolds_to_a_flood():
    flood = samples.png_chunk(b"zTXt", b"Comment\x00\x00" + samples.zlib.compress(bytes(100_000_000)))

    assert refusal("a.png", samples.png_claiming(40, 30, flood)) == "bomb"


@pytest.mark.parametrize("extension", ["png", "jpg", "webp", "pdf"])
def test_file_is_refused_when_it_is_cut_off(extension):
    content = CONTENTS[extension]

    # qpdf mends a PDF without its table, so cut off more of it.
    assert refusal(f"a.{extension}", content[: len(content) // (8 if extension == "pdf" else 2)]) == "broken"


@pytest.mark.parametrize("extension", ["png", "jpg", "webp", "pdf"])
def test_file_is_taken_or_refused_but_never_fails_when_bytes_are_damaged(extension):
    dice = random.Random(extension)
    allowed = ("taken", "broken", "bomb", "too_many_pixels", "pdf_active")
    for _ in range(6):
        damaged = bytearray(CONTENTS[extension])
        for _ in range(8):
            damaged[dice.randrange(12, len(damaged))] = dice.randrange(256)
        assert outcome(f"a.{extension}", bytes(damaged)) in allowed


@pytest.mark.parametrize("data", [b"", b" \n\t "])
def test_file_is_refused_when_it_is_empty(data):
    assert refusal("a.txt", data) == "empty"


def test_file_is_refused_with_the_limit_when_it_is_too_large():
    with pytest.raises(AttachmentRefused) as refused:
        inspect("a.txt", BytesIO(b"x" * (MAX_BYTES + 1)))

    assert refused.value.code == "too_large"
    assert refused.value.params == {"max_bytes": MAX_BYTES}


def test_file_is_taken_when_it_is_as_large_as_allowed():
    assert len(sanitise("a.txt", BytesIO(b"x" * MAX_BYTES)).data) == MAX_BYTES


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_text_becomes_utf_8_when_it_is_taken(encoding):
    clean = sanitise("a.txt", "付款失败\r\n第二行".encode(encoding))

    assert clean.media_type == "text/plain; charset=utf-8"
    assert clean.data.decode() == "付款失败\r\n第二行"


@pytest.mark.parametrize(
    "data",
    [
        b"a\x00b",
        "付款".encode("utf-16"),
        b"\x1b[31mred",
        b"\xff\xfe\xfa\x80\x81",
        b"a\x7f",
        "a\u0085b".encode(),
    ],
)
def test_text_is_refused_when_it_is_not_only_text(data):
    assert refusal("a.txt", data) == "text_encoding"


@pytest.mark.parametrize(
    "name,clean",
    [
        ("../../etc/passwd.png", "passwd.png"),
        ("..%2f..%2Fetc%2fpasswd.png", "passwd.png"),
        ("..\\..\\boot.png", "boot.png"),
        ("a\x00b.png", "ab.png"),
        ("a%00b.png", "a_00b.png"),
        ("photo\u202egpj.png", "photogpj.png"),
        ("a\u200bb\u2060c\ufeff.png", "abc.png"),
        (".png", "file.png"),
        ("....png", "file.png"),
        ("  截图 \n 1 .png", "截图 1.png"),
        ("a<b>\"c'|?.png", "a_b__c___.png"),
        ("CON.png", "_CON.png"),
        ("e\u0301.png", "é.png"),
        ("a\ud800.png", "a.png"),
        ("a.PNG", "a.png"),
        ("折扣50%.png", "折扣50%.png"),
    ],
)
def test_name_is_harmless_when_it_was_cleaned(name, clean):
    assert join_name(*split_name(name)) == clean


def test_name_is_short_when_it_was_long():
    clean = join_name(*split_name("长" * 300 + ".jpeg"))

    assert len(clean) == 100
    assert clean.endswith("长.jpg")


def test_extension_is_the_one_people_cannot_see_when_the_name_is_turned_around():
    assert refusal("photo\u202egnp.exe", CONTENTS["png"]) == "type"


@pytest.mark.parametrize("module", ["chat.core.no_such_module", "this"])
def test_file_is_broken_when_the_worker_fails_or_talks_nonsense(module):
    with pytest.raises(AttachmentRefused, match="broken"):
        run_worker(module, b"x")


def test_file_is_broken_when_the_worker_takes_too_long():
    with pytest.raises(AttachmentRefused, match="broken"):
        run_worker("chat.core.image_worker", CONTENTS["png"], "image/png", seconds=0.001)


def test_file_is_a_bomb_when_it_wants_more_memory_than_allowed():
    with pytest.raises(AttachmentRefused, match="bomb"):
        run_worker("tests.core.greedy_worker", b"x")
