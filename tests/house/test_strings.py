"""Two languages or none: every string a person can read has its French, with the same fields."""

from __future__ import annotations

from pathlib import Path

from tools import strings
from tools.strings import Message, in_code, in_template, lacking

CODE = '''
T("one {a}", a=1)
text.T("two")
TN("{n} result", "{n} results", count)
T(variable)
raise Locked("three")
Other("not one")
T("joined "
  "by Python")
'''
TEMPLATE = "{{ t('Hello {name}', name=person) }}<p>{{ tn('{n} file', '{n} files', 3) }}{{ t(x) }}{{ other('no') }}"


def test_the_extractor_reads_code() -> None:
    found = sorted(in_code(CODE, "x.py", frozenset({"Locked"})), key=lambda m: int(m.where.split(":")[1]))
    assert [(m.template, m.plural) for m in found] == [
        ("one {a}", None), ("two", None), ("{n} result", "{n} results"), (None, None), ("three", None),
        ("joined by Python", None),
    ]  # fmt: skip
    assert found[0].where == "x.py:2"


def test_the_extractor_reads_templates() -> None:
    found = {(m.template, m.plural) for m in in_template(TEMPLATE, "page.html")}
    assert found == {("Hello {name}", None), ("{n} file", "{n} files"), (None, None)}


def test_what_is_lacking_is_named() -> None:
    said = [Message("Hello {name}", None, "a"), Message("{n} file", "{n} files", "b"), Message(None, None, "c")]
    right = {"Hello {name}": ("Bonjour {name}",), "{n} file": ("{n} fichier", "{n} fichiers")}
    assert [lack.where for lack in lacking(said, right)] == ["c"]
    assert lacking([Message("{amount} ({unit})", None, "d")], {}) == []
    assert len(lacking(said, {**right, "Hello {name}": ("",)})) == 2
    assert "other fields" in lacking(said, {**right, "Hello {name}": ("Bonjour {nom}",)})[0].why
    assert "plural" in lacking(said, {**right, "{n} file": ("{n} fichier",)})[0].why


def test_the_catalogue_can_be_written_read_and_compiled(tmp_path: Path) -> None:
    path = tmp_path / "fr.po"
    said = [Message("Hello", None, "a"), Message("{n} file", "{n} files", "b")]
    assert strings.update(said, path) == 2 and strings.update(said, path) == 0
    assert len(lacking(said, strings.translations(path))) == 2
    assert "n > 1" in path.read_text("utf-8") and strings.compiled(path)[:4] == b"\xde\x12\x04\x95"


def test_there_are_strings() -> None:
    found = strings.messages()
    assert len(found) > 250 and any(m.plural for m in found)


def test_french_is_complete() -> None:
    lacks = lacking(strings.messages(), strings.translations())
    assert [f"{lack.where}: {lack.message!r} {lack.why}" for lack in lacks] == []


def test_french_has_nothing_nobody_says() -> None:
    assert strings.unused(strings.messages(), strings.translations()) == []


def test_the_compiled_catalogue_is_this_one() -> None:
    compiled = strings.CATALOGUE.with_suffix(".mo")
    assert compiled.read_bytes() == strings.compiled(), "fr.mo is behind: run make strings"
