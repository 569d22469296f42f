"""Texts: worded later, plain for exceptions."""

from __future__ import annotations

from salus.records.text import TN, Named, T


def test_plain_fills_in_and_nests() -> None:
    inner = T("it is {n} too long", n=3)
    assert T("No: {why}.", why=inner).plain() == "No: it is 3 too long."
    assert T("100 % {of} braces are not formatted without arguments").plain().startswith("100 %")


def test_plural_follows_the_count() -> None:
    assert TN("{n} result", "{n} results", 1).plain() == "1 result"
    assert TN("{n} result", "{n} results", 0).plain() == "0 results"
    assert TN("{n} result", "{n} results", 2).plain() == "2 results"


def test_named_speaks_english_by_default() -> None:
    assert str(Named("heart", "cœur")) == "heart"
