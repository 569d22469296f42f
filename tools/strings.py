"""Every string a person can read: found in the code and the page's templates, and held against the French catalogue.

`--missing` lists what French lacks, `--update` adds it to the catalogue with an empty translation, `--compile` writes
the .mo file beside it. The English template is the message id; see docs/languages.md.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
CATALOGUE = ROOT / "salus" / "assistant" / "words" / "catalogue" / "fr.po"
FIELD = re.compile(r"(?<!\{)\{([a-z_][a-z0-9_]*)(?::[a-z]+)?\}(?!\})", re.IGNORECASE)
PASSED_ON = {"salus/errors.py", "salus/faces/web/page.py"}
"""Where T is handed a template it was given: the literal stands at the caller's, and is found there."""


class Message(NamedTuple):
    """One string: its template, its plural when it has one, and where it stands. `template` None: not a literal."""

    template: str | None
    plural: str | None
    where: str


class Lack(NamedTuple):
    message: str
    where: str
    why: str


def messages() -> list[Message]:
    """All of them, from salus/**/*.py and its templates."""
    found: list[Message] = []
    errors = _error_names()
    for path in sorted((ROOT / "salus").rglob("*.py")):
        found += in_code(path.read_text("utf-8"), path.relative_to(ROOT).as_posix(), errors)
    for path in sorted((ROOT / "salus").rglob("templates/**/*")):
        if path.is_file():
            found += in_template(path.read_text("utf-8"), path.relative_to(ROOT).as_posix())
    return found


def _error_names() -> frozenset[str]:
    tree = ast.parse((ROOT / "salus" / "errors.py").read_text("utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.ClassDef))


def in_code(source: str, where: str, errors: frozenset[str] = frozenset()) -> Iterator[Message]:
    """T("…") and TN("…", "…", n), and an error raised with the literal itself."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        literals = [a.value if isinstance(a, ast.Constant) and isinstance(a.value, str) else None for a in node.args]
        place = f"{where}:{node.lineno}"
        if name == "T" and where not in PASSED_ON:
            yield Message(literals[0], None, place)
        elif name == "TN":
            plural = literals[1] if len(literals) > 1 else None
            yield Message(literals[0] if plural is not None else None, plural, place)
        elif name in errors and literals[0] is not None:
            yield Message(literals[0], None, place)


def in_template(source: str, where: str) -> Iterator[Message]:
    """t("…", name=value) and tn("…", "…", n) of the page's templates."""
    from jinja2 import Environment, nodes

    for call in Environment(autoescape=True).parse(source).find_all(nodes.Call):
        if not isinstance(call.node, nodes.Name) or call.node.name not in ("t", "tn") or not call.args:
            continue
        literals = [a.value if isinstance(a, nodes.Const) and isinstance(a.value, str) else None for a in call.args]
        place = f"{where}:{call.lineno}"
        if call.node.name == "t":
            yield Message(literals[0], None, place)
        else:
            plural = literals[1] if len(literals) > 1 else None
            yield Message(literals[0] if plural is not None else None, plural, place)


def translations(path: Path = CATALOGUE) -> dict[str, tuple[str, ...]]:
    """The catalogue: message id to its forms. Uncertain (fuzzy) entries count as none. Empty where there is no file."""
    from babel.messages.pofile import read_po

    if not path.exists():
        return {}
    with path.open("rb") as file:
        catalogue = read_po(file, locale="fr")
    found: dict[str, tuple[str, ...]] = {}
    for entry in catalogue:
        if entry.id and not entry.fuzzy:
            key = entry.id[0] if isinstance(entry.id, tuple | list) else entry.id
            forms = entry.string if isinstance(entry.string, tuple | list) else (entry.string,)
            found[key] = tuple(form or "" for form in forms)
    return found


def lacking(said: list[Message], french: dict[str, tuple[str, ...]]) -> list[Lack]:
    """What is not a literal, has no French, or has French with other fields than the English."""
    found = []
    for message in said:
        if message.template is None:
            found.append(Lack("", message.where, "is not a literal, so it cannot be translated"))
            continue
        if not any(letter.isalpha() for letter in FIELD.sub("", message.template)):
            continue  # fields and signs only: the same in every language
        forms = french.get(message.template, ())
        if not forms or not all(forms):
            found.append(Lack(message.template, message.where, "has no French"))
        elif message.plural is not None and len(forms) != 2:
            found.append(Lack(message.template, message.where, "needs a French singular and plural"))
        else:
            fields = set(FIELD.findall(message.template + (message.plural or "")))
            for form in forms:
                extra = set(FIELD.findall(form)) ^ fields
                if extra - {"n"}:
                    found.append(Lack(message.template, message.where, f"has other fields in French: {sorted(extra)}"))
    return found


def unused(said: list[Message], french: dict[str, tuple[str, ...]]) -> list[str]:
    """Translations nothing says any more."""
    return sorted(set(french) - {m.template for m in said if m.template})


def compiled(path: Path = CATALOGUE) -> bytes:
    """The .mo file of a catalogue."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with path.open("rb") as file:
        catalogue = read_po(file, locale="fr")
    made = BytesIO()
    write_mo(made, catalogue)
    return made.getvalue()


def update(said: list[Message], path: Path = CATALOGUE) -> int:
    """Adds what is missing with an empty translation; returns how many."""
    from babel.messages.catalog import Catalog
    from babel.messages.pofile import read_po, write_po

    if path.exists():
        with path.open("rb") as file:
            catalogue = read_po(file, locale="fr")
    else:
        catalogue = Catalog(locale="fr", project="Salus", fuzzy=False)
    have = len(catalogue)
    for message in said:
        if message.template is not None and catalogue.get(message.template) is None:
            catalogue.add((message.template, message.plural) if message.plural else message.template)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue, width=120, omit_header=False, sort_output=True)
    return len(catalogue) - have


def main(arguments: list[str]) -> int:
    said = messages()
    if "--update" in arguments:
        print(f"{update(said)} added to {CATALOGUE.relative_to(ROOT)}")
    if "--compile" in arguments:
        CATALOGUE.with_suffix(".mo").write_bytes(compiled())
    if "--missing" not in arguments:
        return 0
    french = translations()
    lacks = lacking(said, french)
    for lack in lacks:
        print(f"{lack.where}: {lack.message!r} {lack.why}")
    for template in unused(said, french):
        print(f"unused: {template!r}")
    print(f"{len({m.template for m in said})} strings, {len(lacks)} to mend")
    return 1 if lacks else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
