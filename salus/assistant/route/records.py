"""Is it about the records (medications, allergies, visits …), which kind, what is asked, and about what?"""

from __future__ import annotations

import re

from salus.assistant.route import days
from salus.assistant.route.asked import Asked
from salus.assistant.route.heard import Heard
from salus.assistant.route.lexicon import book, heard_in, small_words
from salus.knowledge.phrases import fold, tokens
from salus.skills.records.match import answers, asked, kind_of
from salus.skills.records.purposes import is_purpose
from salus.vault.view import VaultView

_KEEP = frozenset({
    "er visit", "er visits", "the er", "in the er", "to the er", "a&e", "urgent care", "emergency room",
    "emergency department", "urgences", "hospital", "hopital", "hospitalized", "hospitalised", "hospitalise",
    "hospitalisee", "admitted",
})  # fmt: skip
"""Words for a visit that also say which."""
_GENERIC = {
    "procedures": frozenset({"procedure", "intervention", "scan"}),
    "workouts": frozenset(
        {"workout", "seance", "entrainement", "training session", "exercise session", "seance de sport", "sport"}
    ),
    "documents": frozenset({"document", "report"}),
    "devices": frozenset(
        {"implant", "implanted", "implanted device", "medical device", "my device", "what device", "device do i have",
         "which device do i have", "any device", "list of device", "device in my body", "prosthetic", "prosthesis",
         "dispositif", "dispositif medical", "dispositif implante", "implante", "implantee", "prothese",
         "appareil medical", "appareil medicaux", "appareil implante", "appareillage"}
    ),
}


def query(heard: Heard, view: VaultView) -> Asked | None:
    """The question as one for the records, or None when it names no kind and nothing the records know."""
    kinds = [kind for kind, _, _ in heard.kinds]
    about = _about(heard)
    if (purpose := _purpose(heard, kinds)) is not None:
        return Asked("medications", _ask("medications", purpose, heard), purpose, heard.period)
    kind = _kind(kinds, about, heard, view)
    about = _stay(_specific(kind, about), kind, heard)
    if kind is None:
        return None
    ask = _ask(kind, about, heard)
    if ask == "list" and kind == "problems" and about is None and _HISTORY.search(fold(heard.text)):
        about = "history"  # what is over too
    if ask == "list" and kind in ("medications", "problems") and about is None and heard.has("which", "past"):
        about = "stopped"  # what is over, not what is current
    return Asked(kind, ask, about, heard.period)


_MEDICINE = (
    r"(?:medicines?|medications?|meds?|drugs?|pills?|tablets?|treatments?|prescriptions?|tak(?:e|es|ing|en)|took|"
    r"prescribed?|treated|am i on|medicaments?|traitements?|comprimes?|cachets?|ordonnances?|prends|prenais|pris|"
    r"prescri(?:t|ts|te|tes)|soigne)"
)
_FOR = re.compile(rf"\b{_MEDICINE}\b[^.?!;]{{0,40}}?\b(?:for|against|to treat|pour|contre)\b(?P<what>[^.?!;]+)")
_ALLERGY_PILL = re.compile(r"\b(?P<what>allerg(?:y|ies)) (?:medicines?|medications?|meds?|drugs?|pills?|tablets?)\b")


def _purpose(heard: Heard, kinds: list[str]) -> str | None:
    """ "what do I take for my allergies?": what a medicine is asked for by, where it names a problem."""
    plain = days.plain(heard.text)
    found = _FOR.search(plain) or _ALLERGY_PILL.search(plain)
    if found is None or "immunizations" in kinds or re.search(r"\ballergi(?:c|que)s?\b", plain):
        return None
    start, end = found.span("what")
    left = [heard.text[t.start + start : t.end + start] for t in tokens(heard.text[start:end])
            if t.word not in small_words() and t.word != "%"]  # fmt: skip
    about = " ".join(left)
    return about if is_purpose(about) else None


_STAY = re.compile(r"\bin (?:the |a )?hospital\b|\badmitted\b|hospitali[sz]|\bete a l'hopital\b|\bsejour")
_HOSPITAL = frozenset({"hospital", "hopital", "admitted", "admi", "admise", "hospitalized", "hospitalised",
                       "hospitalise", "hospitalisee", "hospitalisation", "sejour", "overnight"})  # fmt: skip


def _stay(about: str | None, kind: str | None, heard: Heard) -> str | None:
    """ "in hospital" is a stay there, not a visit to a house that is called one."""
    words = {token.word for token in tokens(about or "")}
    named = kind == "visits" and bool(words & {"hospital", "hopital"})
    stayed = named and words <= _HOSPITAL and _STAY.search(fold(heard.text))
    return "hospital stay" if stayed else about


def _specific(kind: str | None, about: str | None) -> str | None:
    """Without the words that only name the kind again ("doctor" of a visit)."""
    if kind is None or about is None:
        return about
    said = {kind, "visits"} if kind in ("medications", "problems", "allergies", "immunizations") else {kind}
    left = [word for word in about.split() if not said & set(heard_in("generic", word))]
    return " ".join(left) or None


def _kind(kinds: list[str], about: str | None, heard: Heard, view: VaultView) -> str | None:
    strong = [k for k in kinds if k not in ("medications", "visits", "workouts")]
    if "allergies" in kinds:
        return "allergies"
    if "immunizations" in kinds:
        return "immunizations"
    known = known_kind(about, view) if about else None
    if strong:
        return "visits" if strong[0] == "profile" and "visits" in kinds else strong[0]
    if known == "immunizations" and not kinds and _HAVING.search(fold(heard.text)):
        return "problems"  # "do I have covid?" is not about the vaccine
    if kinds and kinds[0] == "medications" and known != "immunizations":
        return "medications"
    if known is not None and (not kinds or known in ("medications", "problems", "procedures", "immunizations")):
        if kinds and kinds[0] == "visits":
            return "visits"
        return known if known != "medications" or not kinds else "medications"
    if kinds:
        return kinds[0]
    if heard.has("generic", "specialist") or (heard.has("generic", "visits") and heard.has("records_ask", "who")):
        return "visits"
    if (
        about
        and heard.has("records_ask", "is", "since", "last")
        and not heard.has("records_ask", "count")
        and _speaks_of_having(heard)
    ):
        return "problems"
    return None


_HAVING = re.compile(r"\b(?:(?:do|did) i (?:still )?have|ai-je (?:eu )?(?:le|la|l')|est-ce que j'ai)\b")


def _speaks_of_having(heard: Heard) -> bool:
    """A question about having something; a plain statement ("I have a headache") is a complaint, not a question."""
    text = fold(heard.text)
    if re.search(
        r"\b(do i (?:still )?have|have i (?:got|had|ever had)|did i (?:ever )?have|since when|ai-je|est-ce que j'ai|"
        r"suis-je|am i|depuis quand|have i)\b",
        text,
    ):
        return True
    return "?" in heard.text and bool(re.search(r"\b(i have|j'ai|je suis)\b", text))


_RECORD_TYPES = {
    "MedicationRequest": "medications",
    "MedicationStatement": "medications",
    "Medication": "medications",
    "Condition": "problems",
    "AllergyIntolerance": "allergies",
    "Immunization": "immunizations",
    "Procedure": "procedures",
    "Device": "devices",
}


def known_kind(about: str, view: VaultView) -> str | None:
    """The kind of record whose titles name what the question is about."""
    titles = view.titles(*_RECORD_TYPES)
    wanted = {kind: asked(about, kind) for kind in set(_RECORD_TYPES.values())}
    for type_, title in titles:
        kind = _RECORD_TYPES[type_]
        if not wanted[kind].empty and answers(wanted[kind], title, kind) is not None:
            return kind
    if (kind_meant := kind_of(about)) is not None:
        return kind_meant
    return next((_RECORD_TYPES[type_] for type_, title in titles if names_it(about, title)), None)


def _about(heard: Heard) -> str | None:
    """The words left when the kind's own words, the cues and the small words are taken away."""
    text = heard.text
    marks = [(f.start, f.end) for section in ("records_ask", "labs_ask") for f in book(section).find(text)]
    kept = [(start, end) for kind, start, end in heard.kinds if _says_which(kind, text[start:end])]
    marks += [(start, end) for _, start, end in heard.kinds if (start, end) not in kept]
    left = []
    for token in tokens(text):
        inside = any(a <= token.start < b for a, b in kept) or bool(_LETTERED.search(fold(text[: token.start])))
        if not inside and (any(a <= token.start < b for a, b in marks) or token.word in small_words()):
            continue
        if token.word != "%" and not (token.word.isdigit() and len(token.word) < 2 and not inside and _several(heard)):
            left.append(text[token.start : token.end])
    return " ".join(left) or None


_HISTORY = re.compile(r"\b(?:history|antecedents?)\b")
_STOPPED = re.compile(r"\b(?:when did i stop|quand ai-je arrete)\b")
EVENTS = frozenset({"visits", "workouts", "immunizations", "procedures", "symptoms", "notes", "diary"})
_WHERE = re.compile(r"\bwhere\b|\boù\b|^\W*(?:et |and )?ou (?:a|ai|est|etait|c'|s'|j'|suis|me|m')", re.IGNORECASE)
_ONE_LAST = re.compile(
    r"\b(?:last|latest|newest|most recent|derniere?)\b(?! (?:\d|few|two|three|four|five|several))(?! \w+s\b)"
)
"""Speaks of one thing that happened last; "my last three visits" is a list."""


_LETTERED = re.compile(r"\b(?:hepatitis|hepatite|vitamine?|type|groupe?) $")
"""Before a letter or a number that says which one."""


def _several(heard: Heard) -> bool:
    """ "my last 3 visits": the number is no part of what is asked about."""
    return bool(re.search(r"\b(?:last|latest|derniere?s?)\b", fold(heard.text)))


def _says_which(kind: str, words: str) -> bool:
    """A word of a kind that also says which one: "colonoscopy" of procedures, "blood type" of the profile."""
    plain = " ".join(t.word for t in tokens(words))
    return kind == "profile" or fold(words) in _KEEP or (kind in _GENERIC and plain not in _GENERIC[kind])


_HAD = ("allergies", "problems", "medications", "immunizations", "procedures", "devices")


def _ask(kind: str, about: str | None, heard: Heard) -> str:
    cues = heard.cues["records_ask"]
    if kind in ("visits", "procedures", "immunizations") and _WHERE.search(heard.text):
        return "where"
    if kind == "workouts" and heard.has("which", "long"):
        return "longest"
    if kind in EVENTS and heard.has("which", "first"):
        return "first"
    if "since" in cues or (kind == "medications" and _STOPPED.search(fold(heard.text))):
        return "since"
    if "count" in cues and kind != "medications":
        return "count"
    if "who" in cues and kind in ("medications", "visits", "procedures", "immunizations", "problems", "documents"):
        return "who"
    if "detail" in cues and about:
        return "detail"
    text = fold(heard.text)
    prescribed = kind == "medications" and about is None and "prescri" in text
    if (kind in EVENTS or prescribed) and _ONE_LAST.search(text):
        return "last"
    if "last" in cues and (
        re.search(r"\b(when|quand|date)\b", text) or re.search(r"\b(last|latest|derniere?|recent)\b", text)
    ):
        return "last"
    if "is" in cues and about and kind in _HAD:
        return "is"
    return "list"


def names_it(about: str, title: str) -> bool:
    """True when a word of `about` is, or begins like, a word of the title: "atorvastatine", "Atorvastatin 20 MG"."""
    asked = [t.word for t in tokens(about) if len(t.word) > 3]
    named = [t.word for t in tokens(title) if len(t.word) > 3 and t.word not in _EVERYWHERE]
    return any(_stem(a) == _stem(b) for a in asked for b in named)


_EVERYWHERE = frozenset(
    {
        "oral",
        "tablet",
        "disorder",
        "finding",
        "product",
        "situation",
        "procedure",
        "solution",
        "system",
        "history",
        "acute",
        "chronic",
    }
)


def _stem(word: str) -> str:
    return word[: max(5, len(word) - 2)][:8]
