"""Search inside the vault: what is found, in which spelling, and what never is."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from salus.sources.fhir.receive import receive
from salus.vault import search
from salus.vault.markup import text_of_markup, text_of_rtf
from salus.vault.resources import Received
from salus.vault.searchable import LONGEST, text_of
from salus.vault.vault import Vault
from salus.vault.view import VaultView


def document(fid: str, data: str | bytes, kind: str | None = "text/plain", **more: Any) -> Received:
    raw = data.encode() if isinstance(data, str) else data
    attachment = {"data": base64.b64encode(raw).decode(), **({"contentType": kind} if kind else {})}
    body = {
        "resourceType": "DocumentReference",
        "id": fid,
        "date": "2024-03-01",
        "content": [{"attachment": attachment}],
    }
    return receive(json.dumps({**body, **more}).encode())


def put(vault: Vault, *items: Received) -> int:
    with vault.batch("test", "files", "given") as batch:
        for item in items:
            batch.add(item)
        return batch.id


def refs(view: VaultView, words: str, **more: Any) -> list[str]:
    return sorted(hit.ref for hit in view.search(words, **more))


def test_accents_case_ligatures_and_both_forms_of_a_letter(vault: Vault) -> None:
    put(
        vault,
        document("a", "Hépatite guérie, le cœur est régulier. Œdème des chevilles."),
        document("b", "He\u0301patite chronique; coeur normal; oedeme"),
    )
    for words in (
        "hepatite",
        "HÉPATITE",
        "He\u0301patite",
        "hepat",
        "cœur",
        "coeur",
        "oedeme",
        "ŒDÈME",
        "l'hépatite",
        "d’œdème",
        "qu'hépatite cœur",
    ):
        assert refs(vault.view(), words) == ["DocumentReference/a", "DocumentReference/b"], words
    assert refs(vault.view(), "hepatite regulier") == ["DocumentReference/a"]
    assert refs(vault.view(), "chronique régulier") == []
    assert refs(vault.view(), "chronique régulier", any_word=True) == ["DocumentReference/a", "DocumentReference/b"]


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        ("une sarcoïdose", "text/plain"),
        ("une sarcoïdose".encode("latin-1"), "text/plain; charset=ISO-8859-1"),
        ("une sarcoïdose".encode("latin-1"), "text/plain"),
        ("une sarcoïdose".encode("utf-16"), "text/plain"),
        ("une sarcoïdose", "text/plain; charset=base64"),
        ("une sarcoïdose", "text/plain; charset=undefined"),
        ("une sarcoïdose", None),
        ("<html><body><p>une <b>sarco</b>ïdose</p></body>", "text/html"),
        ("<p>une sarco&iuml;dose</p>", "text/html; charset=utf-8"),
        (
            '<?xml version="1.0"?><ClinicalDocument xmlns="urn:hl7-org:v3"><component><section>'
            "<title>Notes</title><text>"
            "<paragraph>une <content>sarcoïdose</content></paragraph></text></section></component></ClinicalDocument>",
            "text/xml",
        ),
        ("<a><![CDATA[une sarcoïdose]]></a>", "application/xml"),
        (r"{\rtf1\ansi{\fonttbl{\f0 Arial;}}\f0\pard une sarco\'efdose\par}", "application/rtf"),
        (r"{\rtf1\ansi une sarco\u239?dose\par}", "text/rtf"),
    ],
)
def test_kinds_of_documents(vault: Vault, data: str | bytes, kind: str | None) -> None:
    put(vault, document("d", data, kind), document("other", "nothing of that kind"))
    assert refs(vault.view(), "sarcoidose") == ["DocumentReference/d"]
    assert "sarcoïdose" in vault.view().text_of("DocumentReference/d")
    (hit,) = vault.view().search("sarcoidose")
    assert f"{search.OPEN}sarcoïdose{search.CLOSE}" in hit.snippet and hit.time is not None


def test_what_is_no_text_is_not_found(vault: Vault) -> None:
    hidden = "<p>shown</p><script>var secretword=1;</script><style>.styleword{}</style><!-- commentword -->"
    rtf = r"{\rtf1{\fonttbl{\f0 Fontword;}}{\*\generator Makerword;}{\info{\author Infoword}}{\pict deadbeef}seen}"
    put(
        vault,
        document("h", hidden, "text/html"),
        document("r", rtf, "application/rtf"),
        document("p", b"%PDF-1.4 pdfword", "application/pdf"),
        document("i", b"\x89PNG imageword", "image/png"),
    )
    view = vault.view()
    assert refs(view, "shown") == ["DocumentReference/h"] and refs(view, "seen") == ["DocumentReference/r"]
    for words in (
        "secretword",
        "styleword",
        "commentword",
        "Fontword",
        "Makerword",
        "Infoword",
        "deadbeef",
        "pdfword",
        "imageword",
        "script",
        "fonttbl",
    ):
        assert refs(view, words) == [], words


def test_notes_sections_answers_and_results_in_words(vault: Vault) -> None:
    bodies: list[dict[str, Any]] = [
        {"resourceType": "Observation", "id": "n", "note": [{"text": "prise de sang à jeun"}]},
        {"resourceType": "Observation", "id": "v", "valueString": "Candida albicans isolé"},
        {"resourceType": "Condition", "id": "c", "note": [{"text": "depuis une chute de cheval"}]},
        {
            "resourceType": "MedicationRequest",
            "id": "m",
            "dosageInstruction": [{"patientInstruction": "avec du yaourt"}],
        },
        {
            "resourceType": "Composition",
            "id": "s",
            "section": [
                {
                    "title": "Anamnèse",
                    "text": {"div": "<div>voyage au <i>Pérou</i></div>"},
                    "section": [{"text": {"div": "<div>morsure de lama</div>"}}],
                }
            ],
        },
        {
            "resourceType": "QuestionnaireResponse",
            "id": "q",
            "item": [{"text": "Allergies?", "item": [{"text": "Which?", "answer": [{"valueString": "arachide"}]}]}],
        },
        {
            "resourceType": "DiagnosticReport",
            "id": "d",
            "conclusion": "Stéatose hépatique",
            "presentedForm": [{"contentType": "text/plain", "data": base64.b64encode(b"echographie").decode()}],
        },
    ]
    put(vault, *(receive(json.dumps(body).encode()) for body in bodies))
    view = vault.view()
    for words, ref in (
        ("jeun", "Observation/n"),
        ("candida", "Observation/v"),
        ("cheval", "Condition/c"),
        ("yaourt", "MedicationRequest/m"),
        ("perou", "Composition/s"),
        ("lama", "Composition/s"),
        ("arachide", "QuestionnaireResponse/q"),
        ("steatose", "DiagnosticReport/d"),
        ("echographie", "DiagnosticReport/d"),
    ):
        assert refs(view, words) == [ref], words


def test_only_what_is_in_force(vault: Vault) -> None:
    put(vault, document("a", "ancienne version tuberculose"))
    second = put(vault, document("a", "nouvelle version"), document("b", "tuberculose"))
    view = vault.view()
    assert refs(view, "tuberculose") == ["DocumentReference/b"] and view.searchable() == 2
    vault.set_aside("DocumentReference/b", "not_mine")
    assert refs(view, "tuberculose") == [] and view.searchable() == 1
    assert "tuberculose" in view.text_of("DocumentReference/b")  # kept and shown
    vault.put_back("DocumentReference/b")
    assert refs(view, "tuberculose") == ["DocumentReference/b"]
    vault.undo(second)
    assert refs(view, "tuberculose") == ["DocumentReference/a"]
    assert vault.facts.connection.execute("SELECT count(*) FROM words").fetchone() == (1,)


HOSTILE = [
    '"',
    "*",
    "NEAR",
    "NEAR(a b)",
    "OR",
    "AND",
    "NOT",
    "-a",
    "(",
    ")",
    "a:b",
    "title:x",
    "^a",
    "a\0b",
    "'",
    "''",
    "{a b}",
    "+",
    "\ud800",
    "a\ud800",
    "\u0301",
    "½",
    "²",
    "日本",
    "😀",
    "ª",
    "oe",
    "a" * 5000,
    "x " * 500,
    "--",
    "';DROP TABLE words;--",
    "Œ",
    "İ",
    "ß",
]


@pytest.mark.parametrize("words", HOSTILE)
def test_no_sign_means_anything(vault: Vault, words: str) -> None:
    put(vault, document("a", "near or and not a b title x"))
    assert isinstance(vault.view().search(words), list)
    assert isinstance(vault.view().search(words, any_word=True), list)


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(max_size=60))
def test_no_question_raises(vault: Vault, words: str) -> None:
    vault.view().search(words)
    vault.view().search(words, any_word=True)


def test_limits(vault: Vault) -> None:
    put(vault, *(document(f"d{i}", "same words") for i in range(5)))
    assert len(vault.view().search("same", 3)) == 3 and vault.view().search("same", 0) == []
    assert vault.view().search("same", -1) == [] and vault.view().search("") == []


def test_an_older_vault_is_indexed_when_it_is_opened(vault: Vault) -> None:
    put(vault, document("a", "varicelle"))
    with vault.facts.writing() as db:
        db.execute("DELETE FROM setting WHERE key = ?", (search.INDEXED,))
        db.execute("DELETE FROM words")
    assert refs(vault.view(), "varicelle") == []
    with Vault(vault.folder, vault.facts.data_key) as again:
        assert refs(again.view(), "varicelle") == ["DocumentReference/a"]
    assert "search_indexed" not in vault.person.preferences


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>" * 60_000,
        "<" * 500_000,
        "<a " * 160_000,
        "<!--" * 120_000,
        "<style" * 80_000,
        "&#x" * 160_000,
        "<![CDATA[" * 50_000,
        "</" * 250_000,
        "<p>" * 160_000,
        "&" * 500_000,
        "<b " + 'a="' * 160_000,
    ],
    ids=lambda text: text[:8],
)
def test_hostile_markup_takes_no_time(hostile: str) -> None:
    began = time.perf_counter()
    text_of_markup(hostile)
    text_of_rtf(hostile.replace("<", "{\\"))
    assert time.perf_counter() - began < 2


@given(st.text(alphabet="<>/!-[]abscript&;#x0\\'{}u*\n é\ud800", max_size=80))
def test_markup_never_raises(text: str) -> None:
    assert isinstance(text_of_markup(text), str) and isinstance(text_of_rtf(text), str)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.binary(max_size=60),
    st.sampled_from(["text/html", "text/rtf", "text/plain", "text/xml", "text/plain;charset=utf-7"]),
)
def test_any_document_can_be_kept(vault: Vault, data: bytes, kind: str) -> None:
    """Half characters, control signs and broken markup are indexed, or not, but never stop an import."""
    put(vault, document("x" + str(abs(hash(data))), data, kind))


def test_half_characters_and_marks_are_taken_out() -> None:
    text = text_of("DocumentReference", document("a", r"{\rtf1 a \u-10179?\u-8704? b \u-10179? c}", "text/rtf").raw)
    assert "😀" in text and text.encode()
    assert (
        text_of("Observation", b'{"resourceType":"Observation","note":[{"text":"a\\u0002b\\u0000c\\ufeff"}]}') == "abc"
    )


def test_smaller_than_is_no_tag() -> None:
    assert "3 mmol/L et HDL > 1" in text_of_markup("<p>LDL < 3 mmol/L et HDL > 1</p>")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b"null",
        b"{",
        b'{"note":[[[1]]]}',
        b'{"content":{"attachment":[1,{"data":5}]}}',
        b'{"section":{"a":1},"item":[[{"answer":[]}]]}',
        b"[" * 5000,
    ],
)
def test_text_of_never_raises(raw: bytes) -> None:
    for type_ in ("Composition", "QuestionnaireResponse", "Binary", "DocumentReference", "Observation"):
        text_of(type_, raw)


def test_a_very_long_document_is_cut() -> None:
    assert len(text_of("DocumentReference", document("a", "mot " * (LONGEST // 2)).raw)) == LONGEST


def test_thousands_of_documents_are_searched_in_milliseconds(vault: Vault, bring: Callable[..., Any]) -> None:
    words = [
        f"{a}{b}{c}" for a in ("ba", "co", "di", "fu") for b in ("ra", "li", "mo") for c in ("n", "ps", "tte", "x")
    ]
    put(
        vault,
        *(
            document(
                f"d{i}",
                "patient vu à l’hôpital "
                + " ".join(words[(i * k) % 48] for k in range(1, 25))
                + (" zona" if i % 300 == 7 else ""),
            )
            for i in range(4000)
        ),
    )
    view = vault.view()
    for question in ("zona", "patient", "patient hôpital", "pat", "hop", "zona patient", "introuvable"):
        best = min(_timed(view, question) for _ in range(5))
        assert best < 0.01, (question, best)


def _timed(view: VaultView, question: str) -> float:
    began = time.perf_counter()
    view.search(question)
    return time.perf_counter() - began
