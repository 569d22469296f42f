"""From a person's words to a triage level with its reasons and the number to call. Rules can only raise the level.

Knows the words alone: no record, no reading, no age. `none` means that no red flag was said, never that all is well.
"""

from __future__ import annotations

from collections.abc import Sequence

from salus.knowledge.emergency_numbers import Numbers, numbers
from salus.knowledge.red_flags.reading import read
from salus.knowledge.red_flags.rules import Rule, rules
from salus.records.finding import LEVELS, Level, Reason, Triage, higher
from salus.records.text import Named, T


def triage(text: str, *, lang: str, country: str | None = None, before: Sequence[str] = ()) -> Triage:
    """The triage of what the text says. `lang` ("en", "fr") is the words' own; `country` (ISO 3166-1 alpha-2)
    chooses the numbers, 112 "or your local emergency number" when it is unknown. `before`: what the person told
    earlier in the conversation, each read by itself; what it names counts with the text.
    """
    heard = frozenset(one.concept for told in (*before, text) for one in read(told, lang) if one.counts)
    fired = [rule for rule in rules().values() if rule.fires(heard)]
    if not fired:
        return Triage()
    fired.sort(key=lambda rule: (-LEVELS.index(rule.level), rule.kind != "crisis"))
    level: Level = "none"
    for rule in fired:
        level = higher(level, rule.level)
    known = numbers(country)
    spoken = [Named(_advice(rule, known, "en"), _advice(rule, known, "fr")) for rule in fired if rule.level == level]
    return Triage(
        level=level,
        reasons=tuple(
            Reason(rule.id, T("{words}", words=Named(rule.text("en"), rule.text("fr"))), rule.cited) for rule in fired
        ),
        call=_call(fired, known) if level == "emergency" else None,
        advice=tuple(T("{words}", words=words) for words in dict.fromkeys(spoken)),
    )


def _call(fired: list[Rule], known: Numbers) -> str:
    """The crisis line when the only emergency is a crisis and the line is known; else the emergency number."""
    emergencies = [rule for rule in fired if rule.level == "emergency"]
    if known.suicide and all(rule.kind == "crisis" for rule in emergencies):
        return known.suicide
    return known.emergency


def _advice(rule: Rule, known: Numbers, lang: str) -> str:
    french = lang == "fr"
    call = known.emergency
    if not known.known:
        call += " ou votre numéro d'urgence local" if french else " or your local emergency number"
    crisis = known.suicide
    if crisis is None:
        crisis = "une ligne d'écoute suicide de votre pays" if french else "a suicide crisis line in your country"
    elif french:
        crisis = f"le {crisis}"
    else:
        crisis = f"call {crisis}"
    poison = ""
    if known.poison:
        centre = ", ou le centre antipoison au " if french else ", or the poison centre on "
        poison = centre + known.poison
    return rule.advice(lang).format(call=call, crisis=crisis, poison=poison)
