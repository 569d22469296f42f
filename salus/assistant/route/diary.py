"""Is it about what the person wrote down: a diary of symptoms, notes; or about a symptom, asked of the diary?

A symptom that is told, not asked about, is no question of the diary: that is the triage's.
"""

from __future__ import annotations

import re

from salus.assistant.route import days
from salus.assistant.route.asked import Asked
from salus.assistant.route.heard import Heard
from salus.assistant.route.lexicon import book, heard_in, small_words
from salus.assistant.route.named import is_recorded_problem
from salus.knowledge.phrases import fold, tokens
from salus.skills.records.diary import SYMPTOM
from salus.skills.records.match import answers, asked, named_symptoms
from salus.vault.view import VaultView

_WROTE = re.compile(
    r"\b(?:(?:did|have|had) i (?:ever |last )?(?:wr[io]te|written|noted?|jot|jotted|log|logged|record|recorded|put)"
    r"(?: (?:down|up))?|i(?: have|'ve)? (?:ever |last )?(?:wrote|written|noted|jotted|logged)(?: (?:down|up))?|"
    r"ai-je (?:\w+ )?(?:note|notee?s?|ecrite?s?|consignee?s?|inscrite?s?)|"
    r"j'ai (?:\w+ )?(?:notee?s?|ecrite?s?|consignee?s?)|que j'avais notee?s?)\b"
)
_DIARY = re.compile(
    r"\b(?:(?:my |the |mon |le |ma |la )?(?:(?:symptoms?|pain|headache|migraine|health) )?(?:diary|diaries|journal|"
    r"carnet)(?: (?:de |des )?(?:mes )?(?:symptomes?|douleurs?|sante|bord))?)\b"
)
_SYMPTOMS = re.compile(r"\b(?:symptom|symptome)s?\b")
_NOTES = re.compile(
    r"^\W*(?:(?:show|list|read|give|see|tell)(?: me)? |montre(?:-moi)? |liste |affiche |lis(?:-moi)? |voir |"
    r"all |toutes )*"
    r"(?:all (?:of )?)?(?:my|mes)(?: own| last| latest| recent| dernieres?)? notes?(?: recentes?)?\W*$|"
    r"\b(?:notes? (?:that )?i (?:wrote|made|took|added)|my own notes?|notes? que j'ai|notes? ecrites? par moi)\b"
)
_MINE = re.compile(
    r"^\W*(?:(?:show|list|tell|give|see)(?: me)?(?: about)? |montre(?:-moi)? |liste |et |and |what about )*"
    r"(?:all (?:of )?)?(?:my|mes|mon|ma|the|les)(?: last| latest| worst| recent| dernieres?| derniers?)?\W*$"
)
_BAD = re.compile(r"\b(?:how (?:bad|severe|strong|intense)|severity|intensite|a quel point|quelle intensite)\b")
_ASKS = ("count", "last", "since")


def query(heard: Heard, view: VaultView) -> Asked | None:
    """The question as one for the diary, or None."""
    plain = days.plain(heard.text)
    wrote, kept = _WROTE.search(plain), _DIARY.search(plain)
    named = _symptoms(heard.text, view)
    generic = list(_SYMPTOMS.finditer(plain))
    if heard.spots and not (kept or (named and wrote) or _is_noted(heard, named, view)):
        return None
    if _NOTES.search(plain):
        return Asked("notes", _ask(heard), _about(heard, [m.span() for m in _NOTES.finditer(plain)]), heard.period)
    if wrote or kept:
        spans = [m.span() for m in (wrote, kept) if m] + [m.span() for m in generic]
        about = _about(heard, spans)
        kind = "symptoms" if named or generic or (kept and about) else "notes" if _says_notes(plain) else "diary"
        return Asked(kind, _ask(heard), about, heard.period)
    if named and _asks(heard, plain, named[0][0], named[-1][1]):
        about = heard.text[named[0][0] : named[-1][1]]
        if not _noted(about, view) and is_recorded_problem(about, view):
            return None
        return Asked("symptoms", _ask(heard), about, heard.period)
    if generic and _of_diary(heard, plain, generic[0].start(), generic[-1].end()):
        return Asked("symptoms", _ask(heard), None, heard.period)
    return None


def _is_noted(heard: Heard, named: list[tuple[int, int]], view: VaultView) -> bool:
    """What is named is a measure too ("fever"), and stands in the diary."""
    inside = all(any(a <= spot.start and spot.end <= b for a, b in named) for spot in heard.spots)
    return inside and bool(named) and _noted(heard.text[named[0][0] : named[-1][1]], view)


def _symptoms(text: str, view: VaultView) -> list[tuple[int, int]]:
    """Where a symptom is named: one of the table, or one that the diary holds under its own name."""
    found = named_symptoms(text)
    if found:
        return found
    here = tokens(text)
    for title in _names(view):
        words = [token.word for token in tokens(title)]
        for at in range(len(here) - len(words) + 1):
            if words and [token.word for token in here[at : at + len(words)]] == words:
                return [(here[at].start, here[at + len(words) - 1].end)]
    return []


def _names(view: VaultView) -> list[str]:
    rows = view.resources("Observation", codes=[SYMPTOM])
    return list(dict.fromkeys(str((row.body.get("code") or {}).get("text") or "") for row in rows))


def _noted(about: str, view: VaultView) -> bool:
    wanted = asked(about, "symptoms")
    return any(answers(wanted, name, "symptoms") is not None for name in _names(view))


def _asks(heard: Heard, plain: str, start: int, end: int) -> bool:
    """Asked about: how often, when last, since when, how bad, or "my headaches" with nothing told."""
    if heard.has("records_ask", *_ASKS) or heard.has("which", "count", "first") or heard.has("labs_ask", "count_days"):
        return True
    alone = all(token.word in small_words() for token in tokens(heard.text[end:]))
    return bool(_BAD.search(plain) or (alone and _MINE.search(plain[:start])))


def _of_diary(heard: Heard, plain: str, start: int, end: int) -> bool:
    """ "my symptoms", "what symptoms did I have": not those of an illness, nor how they are now."""
    lead = plain[:start]
    alone = all(token.word in small_words() for token in tokens(heard.text[end:]))
    whose = alone and bool(re.search(r"\b(?:my|mes)\W*(?:\w+\W+)?$", lead))
    asked_for = bool(re.search(r"\b(?:what|which|quels?)\W*$", lead)) and bool(
        re.search(r"\b(?:i|ai-je|j'ai)\b", plain)
    )
    return (whose or asked_for) and not re.search(r"\b(?:of|de|du|d')\b", plain[start:])


def _says_notes(plain: str) -> bool:
    return bool(re.search(r"\bnotes?\b(?! (?:down|about))", _WROTE.sub(" ", plain)))


def _ask(heard: Heard) -> str:
    text = fold(heard.text)
    if heard.has("records_ask", "count") or heard.has("labs_ask", "count_days") or "how often" in text:
        return "count"
    if heard.has("which", "first"):
        return "first"
    if heard.has("records_ask", "since"):
        return "since"
    if heard.has("records_ask", "last") and re.search(r"\b(?:last|latest|derniere?|when|quand|recent)\b", text):
        return "last"
    return "list"


def _about(heard: Heard, spans: list[tuple[int, int]]) -> str | None:
    """What is left when the diary's own words, the cues and the small words are taken away."""
    marks = [*spans]
    for section in ("records_ask", "search_what", "search_drop", "search_look", "search_said", "search_place"):
        marks += [(f.start, f.end) for f in book(section).find(heard.text)]
    left = [
        heard.text[token.start : token.end] for token in tokens(heard.text)
        if not any(a <= token.start < b for a, b in marks) and token.word not in small_words() and token.word != "%"
        and not heard_in("labs_ask", token.word)
    ]  # fmt: skip
    return " ".join(left) or None
