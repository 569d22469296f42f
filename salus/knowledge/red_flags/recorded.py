"""Whether a symptom is only asked of the record: when it was, whether it was ever, what is prescribed against it.

Three ways of asking, each with its list in `cues.toml`: `recorded` ("when was my …"), `recalled` ("have I had a …"),
`holds` with a `thing` of the record ("do I have a … prescription"). Anything said of now in the same breath undoes it.
"""

from __future__ import annotations

from dataclasses import dataclass

from salus.knowledge.phrases import Token
from salus.knowledge.red_flags.cues import cues
from salus.knowledge.red_flags.lexicon import Said, lexicon

_SHORT = 2
"""A breath of so few words ("Hello", "Tell me") says nothing of how one is."""


@dataclass(frozen=True)
class Scene:
    """The words of a text, each with the number of its sentence and of its clause."""

    words: list[Token]
    sentence: list[int]
    clause: list[int]

    def span(self, numbers: list[int], i: int) -> range:
        """The words around `i` of the same sentence or clause."""
        first = last = i
        while first and numbers[first - 1] == numbers[i]:
            first -= 1
        while last < len(numbers) and numbers[last] == numbers[i]:
            last += 1
        return range(first, last)

    def any(self, name: str, span: range) -> bool:
        """Whether an entry of the cue list stands within `span`."""
        return cues().any(name, self.words, span)

    def says(self, span: range) -> bool:
        """Whether something is stated there of now ("I have", "he is"); "did I have", "ai-je eu" state nothing."""
        i = span.start
        while i < span.stop:
            turned = cues().at("inverted", self.words, i, span.stop)
            if not turned and cues().at("states", self.words, i, span.stop):
                return True
            i += turned or 1
        return False


def asks_the_record(one: Said, scene: Scene) -> bool:
    """True when `one` is named by a question about the past or about what the record holds."""
    if scene.any("verbs", range(one.first, one.last)):  # "my throat is closing" is said of now, whatever is asked
        return False
    if one.concept in lexicon().never_asked and one.concept not in lexicon().asked_by_date:
        return False
    whole = scene.span(scene.sentence, one.first)
    if scene.any("urging", whole):
        return False
    if _dated_question(one, scene, whole):
        return True
    return one.concept not in lexicon().never_asked and (_of_a_thing(one, scene, whole) or _recalled(one, scene, whole))


def _dated_question(one: Said, scene: Scene, whole: range) -> bool:
    """ "When was …", "how many times …" before it, or "… in my record" beside it, with nothing stated of now."""
    around = scene.span(scene.clause, one.first)
    if scene.any("on_record", around) and not scene.says(around):
        return True
    return _led(one, scene, whole, "recorded") and not scene.says(whole)


def _led(one: Said, scene: Scene, whole: range, name: str) -> bool:
    """Whether an entry of the list stands before `one`, in its clause or in one joined to it ("and my stroke").

    Past an "and" only an illness is still asked about: "show my ECG and crushing chest pain" tells of the pain.
    """
    around = scene.span(scene.clause, one.first)
    carried = _joined(scene, around)
    after = 0
    for i in range(whole.start if carried else around.start, one.first):
        after = max(after, i + size if (size := cues().at(name, scene.words, i, one.first)) else 0)
    if not after:
        return False
    between = range(after, one.first)
    if not scene.any("joins", between):
        return True
    return one.concept in lexicon().illnesses and not scene.any("verbs", between)


def _joined(scene: Scene, clause: range) -> bool:
    """Whether the clause goes on with the one before and states nothing by itself."""
    return (
        clause.start > 0
        and any(scene.any(name, range(clause.start - 1, clause.start + 1)) for name in ("joins", "alternatives"))
        and not scene.any("verbs", clause)
    )


def _of_a_thing(one: Said, scene: Scene, whole: range) -> bool:
    """ "… prescription", "vaccine against …": a thing of the record that names what it is for.

    A vaccine is one whatever is said of it; another thing only where the record is asked for it.
    """
    if _names(one, scene, "shots"):
        return True
    asked = scene.any("holds", whole) or scene.any("recorded", whole) or scene.any("recalled", whole)
    if not asked or scene.says(whole):
        return False
    illness = one.concept in lexicon().illnesses
    return _names(one, scene, "things") or (illness and _names(one, scene, "treatments"))


def _names(one: Said, scene: Scene, name: str) -> bool:
    around = scene.span(scene.clause, one.first)
    if scene.any(name, range(one.last, min(one.last + 2, around.stop))):
        return True
    for i in range(max(around.start, one.first - 4), one.first):
        size = cues().at(name, scene.words, i, one.first)
        if size and i + size < one.first and cues().at("links", scene.words, i + size):
            return True
    return False


def _recalled(one: Said, scene: Scene, whole: range) -> bool:
    """ "Have I had …": only where nothing in the whole text tells how the person is now."""
    everything = range(len(scene.words))
    if scene.any("now", whole) or scene.any("urging", everything) or scene.says(everything):
        return False
    if not _led(one, scene, whole, "recalled"):
        return False
    own = scene.span(scene.clause, one.first)
    at = 0
    while at < len(scene.words):
        part = scene.span(scene.clause, at)
        if part != own and not _tells_nothing(scene, part):
            return False
        at = part.stop
    return True


def _tells_nothing(scene: Scene, part: range) -> bool:
    """Whether a clause is a question itself, a time, a greeting, or goes on with a question."""
    asks = any(scene.any(name, part) for name in ("recorded", "on_record", "recalled", "holds", "long_ago"))
    return asks or len(part) <= _SHORT or _joined(scene, part)
