"""Which questions are searches of documents, with which words and whose; and short names that are heard."""

from __future__ import annotations

import pytest

from salus.assistant.route import plan
from salus.records.finding import Triage
from salus.skills.contract import arguments
from salus.vault.view import VaultView

CASES = [
    ("what did the cardiologist write?", "en", "search", {"by": "cardiologist"}),
    ("What did Dr Okonkwo write?", "en", "search", {"by": "Okonkwo"}),
    ("search my documents for thyroid", "en", "search", {"words": "thyroid"}),
    ("find the letter about my knee", "en", "search", {"words": "knee"}),
    ("does any report mention a fracture?", "en", "search", {"words": "fracture"}),
    ("what does my diabetes letter say?", "en", "search", {"words": "diabetes"}),
    ("y a-t-il un compte rendu qui parle de scanner ?", "fr", "search", {"words": "scanner"}),
    ("qu'a écrit le dermatologue ?", "fr", "search", {"by": "dermatologue"}),
    ("cherche « mal de dos » dans mes documents", "fr", "search", {"words": "mal de dos"}),
    ("que dit la lettre du Dr Martin ?", "fr", "search", {"by": "Martin"}),
    ("What documents do I have?", "en", "records", {"kind": "documents", "ask": "list"}),
    ("Quand ai-je vu le médecin pour la dernière fois ?", "fr", "records", {"kind": "visits", "ask": "last"}),
    ("temp", "en", "trends", {"metric": "body_temperature", "measure": "latest"}),
    ("K+", "fr", "labs", {"test": "potassium", "ask": "latest"}),
    ("Na+ ?", "en", "labs", {"test": "sodium", "ask": "latest"}),
    ("km cette semaine", "fr", "trends",
     {"metric": "distance_walking_running", "measure": "total", "period": ["2026-11-16", "2026-11-21"]}),
    ("pouls moyen au repos en octobre", "fr", "trends",
     {"metric": "resting_heart_rate", "measure": "average", "period": ["2026-10-01", "2026-10-31"]}),
    ("best VO2 max of the year", "en", "trends",
     {"metric": "vo2max", "measure": "max", "period": ["2026-01-01", "2026-11-21"]}),
    ("What comes next after my ferritin?", "en", "labs", {"test": "ferritin", "ask": "next"}),
    ("Has my TSH really changed?", "en", "labs", {"test": "tsh", "ask": "since_before"}),
    ("When was I in hospital?", "en", "records", {"kind": "visits", "ask": "last", "about": "hospital stay"}),
]  # fmt: skip


@pytest.mark.parametrize(("question", "lang", "skill", "args"), CASES, ids=[c[0] for c in CASES])
def test_question(view: VaultView, question: str, lang: str, skill: str, args: dict[str, object]) -> None:
    (found,) = plan(question, view, lang, Triage())
    assert (found.skill.name, arguments(found.query)) == (skill, args)


@pytest.mark.parametrize("text", ["I walked 10 km", "a ca- or na- word", "template"])
def test_no_short_name_inside_other_words_or_after_a_figure(text: str) -> None:
    from salus.assistant.route.lexicon import short_names

    assert short_names(text) == []
