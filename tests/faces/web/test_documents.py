"""Documents: search with its words marked and nothing else as markup, reading, and files that can only be saved."""

from __future__ import annotations

import pytest

from salus.faces.web.documents_view import highlighted, marked, safe_name
from salus.vault.home import Home, Listed

from .conftest import Browser
from .records import NASTY, letter, put, result, vault_of


def test_a_search_marks_its_words_whatever_their_accents(open_browser: Browser, home: Home, person: Listed) -> None:
    with vault_of(home, person) as vault:
        put(vault, letter("a", "Échographie rénale normale.", title="Compte rendu"), letter("b", "A knee."))
    html = open_browser.client.get("/documents?q=echographie renale").text
    assert "<mark>Échographie</mark> <mark>rénale</mark>" in html and "/documents/DocumentReference/a?q=" in html
    assert "DocumentReference/b" not in html
    html = open_browser.client.get("/documents/DocumentReference/a?q=renale").text
    assert "Échographie <mark>rénale</mark> normale." in html


def test_some_words_only_is_said(open_browser: Browser, home: Home, person: Listed) -> None:
    with vault_of(home, person) as vault:
        put(vault, letter("a", "A knee, swollen."))
    assert "None holds all of these words" in open_browser.client.get("/documents?q=knee elbow").text
    assert "Nothing holds" in open_browser.client.get("/documents?q=elbow").text


def test_text_of_a_document_is_never_markup(open_browser: Browser, home: Home, person: Listed) -> None:
    html_letter = f"<html><body><p>Dear knee</p>{NASTY}<img src=x onerror=alert(1)></body></html>"
    with vault_of(home, person) as vault:
        put(vault, letter("a", html_letter, title=NASTY, kind="text/html"), letter("b", f"knee {NASTY}"))
    for path in ("/documents", "/documents?q=knee", "/documents/DocumentReference/a?q=knee", f"/documents?q={NASTY}",
                 "/documents/DocumentReference/b?q=script"):  # fmt: skip
        html = open_browser.client.get(path).text
        assert NASTY not in html and "<script>alert" not in html and "<img" not in html


def test_a_file_can_only_be_saved(open_browser: Browser, home: Home, person: Listed) -> None:
    with vault_of(home, person) as vault:
        put(vault, letter("a", "<script>1</script>", kind="text/html", name='../../étude "1".html\r\nX: y'))
    answer = open_browser.client.get("/documents/file/0/DocumentReference/a")
    assert answer.content == b"<script>1</script>"
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-security-policy"].startswith("sandbox;")
    assert answer.headers["x-content-type-options"] == "nosniff"
    disposition = answer.headers["content-disposition"]
    assert disposition.startswith("attachment; ") and "/" not in disposition and "\n" not in disposition
    assert "filename*=UTF-8''%C3%A9tude" in disposition
    assert "x" not in {name.lower() for name in answer.headers}


def test_damaged_and_missing_files_are_404(open_browser: Browser, home: Home, person: Listed) -> None:
    broken = letter("a", "x")
    broken["content"][0]["attachment"]["data"] = "not base64!"
    with vault_of(home, person) as vault:
        put(vault, broken)
    for path in ("/documents/file/0/DocumentReference/a", "/documents/file/1/DocumentReference/a",
                 "/documents/file/0/DocumentReference/z", "/documents/file/x/DocumentReference/a", "/documents/nothing",
                 "/documents/DocumentReference/z"):  # fmt: skip
        assert open_browser.client.get(path).status_code in (400, 404), path


def test_lists_empty_kinds_and_pages(open_browser: Browser, home: Home, person: Listed) -> None:
    assert "No documents yet" in open_browser.client.get("/documents").text
    report = {"resourceType": "DiagnosticReport", "id": "r", "status": "final", "code": {"text": "MRI"},
              "conclusion": "Normal knee.", "effectiveDateTime": "2026-01-01"}  # fmt: skip
    with vault_of(home, person) as vault:
        put(vault, report, *(letter(f"d{n}", f"Letter number {n}") for n in range(41)))
    assert open_browser.client.get("/documents").text.count('class="item doc"') == 40
    assert open_browser.client.get("/documents?page=1").text.count('class="item doc"') == 2
    reports = open_browser.client.get("/documents?kind=reports").text
    assert reports.count('class="item doc"') == 1 and "Normal knee." in reports
    assert "Normal knee." in open_browser.client.get("/documents/DiagnosticReport/r").text


def test_a_document_without_text_says_so(open_browser: Browser, home: Home, person: Listed) -> None:
    linked = letter("a", "x")
    linked["content"] = [{"attachment": {"contentType": "image/png", "url": "https://elsewhere.example/scan.png"}}]
    with vault_of(home, person) as vault:
        put(vault, linked, result("o", 1.0, "2026-01-01"))
    html = open_browser.client.get("/documents/DocumentReference/a").text
    assert "elsewhere.example/scan.png" in html and 'href="https://elsewhere' not in html


def test_a_note_set_aside_is_not_found(open_browser: Browser, home: Home, person: Listed) -> None:
    with vault_of(home, person) as vault:
        put(vault, letter("a", "A knee."))
    open_browser.post("/correct", {"ref": "DocumentReference/a", "why": "not_mine"})
    assert "DocumentReference/a" not in open_browser.client.get("/documents?q=knee").text
    assert "You set this record aside" in open_browser.client.get("/documents/DocumentReference/a").text


@pytest.mark.parametrize(
    ("snippet", "made"),
    [("a \x02b\x03 c", "a <mark>b</mark> c"), ("<i>\x02&\x03", "&lt;i&gt;<mark>&amp;</mark>"), ("a \x02b", "a b")],
)
def test_marks(snippet: str, made: str) -> None:
    assert marked(snippet) == made


def test_highlighting_escapes_around_its_marks() -> None:
    assert highlighted("<b>Rénal & co", "renal co") == "&lt;b&gt;<mark>Rénal</mark> &amp; <mark>co</mark>"
    assert highlighted("<b>", "") == "&lt;b&gt;"


@pytest.mark.parametrize(
    ("name", "ending", "made"),
    [("a/../b", "pdf", "a..b.pdf"), ("..", "", "document"), ("x.PDF", "pdf", "x.PDF"), ("a\nb", "txt", "ab.txt")],
)
def test_safe_names(name: str, ending: str, made: str) -> None:
    assert safe_name(name, ending) == made


def test_nothing_is_told_when_locked(browser: Browser) -> None:
    for path in ("/documents", "/documents/DocumentReference/a", "/documents/file/0/DocumentReference/a"):
        assert browser.client.get(path).status_code == 401
