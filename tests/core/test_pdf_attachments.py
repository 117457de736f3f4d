"""PDFs are for reading: what they could do besides is refused."""

from io import BytesIO

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from chat.core.attachments import AttachmentRefused, inspect, sanitise
from tests.core.file_samples import pdf


def script():
    return Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def annotated(**annotation):
    """Put an annotation on the page."""

    def change(document):
        document.pages[0].Annots = Array([Dictionary(Type=Name.Annot, Rect=[0, 0, 9, 9], **annotation)])

    return change


def rooted(**entries):
    """Put entries into the document's catalogue."""

    def change(document):
        for key, value in entries.items():
            document.Root[f"/{key}"] = value

    return change


def attached(document):
    document.attachments["evil.exe"] = b"MZ"


def deeply_nested(document):
    inside = Dictionary(A=script())
    for _ in range(50):
        inside = Dictionary(Next=Array([inside]))
    document.Root.Extra = inside


ACTIVE = {
    "script on opening": rooted(OpenAction=script()),
    "print on opening": rooted(OpenAction=Dictionary(S=Name.Named, N=Name.Print)),
    "more after opening": rooted(OpenAction=Dictionary(S=Name.GoTo, D=Array([]), Next=script())),
    "script by name": rooted(Names=Dictionary(JavaScript=Dictionary(Names=Array([String("a"), script()])))),
    "script in a link": annotated(Subtype=Name.Link, A=script()),
    "program": annotated(Subtype=Name.Link, A=Dictionary(S=Name.Launch, F=String("cmd.exe"))),
    "other file": annotated(Subtype=Name.Link, A=Dictionary(S=Name.GoToR, F=String("\\\\host\\share"))),
    "form that is sent": annotated(Subtype=Name.Widget, A=Dictionary(S=Name.SubmitForm)),
    "action on events": annotated(Subtype=Name.Widget, AA=Dictionary()),
    "video": annotated(Subtype=Name.RichMedia),
    "attached file": attached,
    "paper clip": annotated(Subtype=Name.FileAttachment),
    "dynamic form": rooted(AcroForm=Dictionary(XFA=String("<xdp/>"))),
    "script as an address": annotated(
        Subtype=Name.Link, A=Dictionary(S=Name.URI, URI=String("javascript:x"))
    ),
    "file as an address": annotated(Subtype=Name.Link, A=Dictionary(S=Name.URI, URI=String("file:///c:/"))),
    "script far inside": deeply_nested,
}
HARMLESS = {
    "plain": None,
    "page on opening": lambda document: rooted(OpenAction=Array([document.pages[0].obj, Name.Fit]))(document),
    "link": annotated(Subtype=Name.Link, A=Dictionary(S=Name.URI, URI=String("https://example.com/"))),
    "mail": annotated(Subtype=Name.Link, A=Dictionary(S=Name.URI, URI=String("mailto:me@example.com"))),
    "note": annotated(Subtype=Name.Text, Contents=String("JavaScript")),
}


def refused(data):
    with pytest.raises(AttachmentRefused) as refusal:
        inspect("a.pdf", data)
    return refusal.value


@pytest.mark.parametrize("activity", ACTIVE)
def test_pdf_is_refused_when_it_can_do_something(activity):
    refusal = refused(pdf(ACTIVE[activity]))

    assert refusal.code == "pdf_active"
    assert refusal.params["reason"]


def test_pdf_is_refused_when_its_active_part_is_packed_away():
    packed = pdf(ACTIVE["script on opening"], object_stream_mode=pikepdf.ObjectStreamMode.generate)

    assert b"JavaScript" not in packed
    assert refused(packed).code == "pdf_active"


def test_pdf_is_refused_when_names_are_spelled_in_codes():
    plain = pdf(ACTIVE["script on opening"], object_stream_mode=pikepdf.ObjectStreamMode.disable)
    spelled = plain.replace(b"/JavaScript", b"/J#61vaScript").replace(b"/JS", b"/J#53")

    assert refused(spelled).code == "pdf_active"


@pytest.mark.parametrize("user", ["", "secret"])
def test_pdf_is_refused_when_it_is_encrypted(user):
    locked = pdf(encryption=pikepdf.Encryption(owner="owner", user=user))

    assert refused(locked).params == {"reason": "encrypted"}


@pytest.mark.parametrize("kind", HARMLESS)
def test_pdf_is_taken_when_it_is_only_for_reading(kind):
    clean = sanitise("账单.pdf", pdf(HARMLESS[kind]))

    assert (clean.name, clean.media_type) == ("账单.pdf", "application/pdf")
    assert len(pikepdf.open(BytesIO(clean.data)).pages) == 1


def test_pdf_tells_nothing_of_its_author_when_it_was_written_anew():
    def signed(document):
        document.docinfo["/Author"] = "AUTHOR-NAME"
        with document.open_metadata() as metadata:
            metadata["dc:creator"] = ["AUTHOR-NAME"]

    clean = sanitise("a.pdf", pdf(signed))

    document = pikepdf.open(BytesIO(clean.data))
    assert "/Info" not in document.trailer
    assert "/Metadata" not in document.Root


def test_pdf_is_the_same_when_it_is_cleaned_twice():
    data = pdf()

    assert sanitise("a.pdf", data).data == sanitise("b.pdf", data).data


@pytest.mark.parametrize(
    "data", [b"%PDF-1.7\n%%EOF", b"%PDF-1.4" + b"\x00" * 100, b"%PDF-1.4\n<script>alert(1)</script>"]
)
def test_pdf_is_broken_when_it_has_no_pages(data):
    assert refused(data).code == "broken"
