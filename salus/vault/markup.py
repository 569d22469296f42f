"""The readable text of HTML, XML and RTF, in one pass however broken or hostile the markup is. Renders nothing."""

from __future__ import annotations

import html
import re

_OPENING = re.compile(r"<(?=[!?]|/?[a-z])", re.I)
_NAME = re.compile(r"/?([a-z][a-z0-9:]*)", re.I)
_HIDDEN = frozenset({"script", "style", "template"})
"""Elements whose content nobody reads."""
_INLINE = frozenset({"b", "i", "u", "em", "strong", "span", "sup", "sub", "font", "a", "small", "mark", "content"})
"""They part no word."""
_BREAKS = frozenset({
    "p", "div", "tr", "li", "table", "section", "paragraph", "item", "title", "br", "h1", "h2", "h3", "h4", "h5", "h6",
    "caption", "dt", "dd", "pre", "blockquote",
})  # fmt: skip
_CELLS = frozenset({"td", "th"})
_CDATA = "<![CDATA["


def text_of_markup(text: str) -> str:
    """HTML or XML without its tags, comments, scripts and styles. A "<" that begins no tag is kept ("LDL < 3")."""
    out: list[str] = []
    lower = text.lower()
    if len(lower) != len(text):  # a letter whose small form is longer: places would not agree
        lower = text
    at = 0
    while True:
        opening = _OPENING.search(text, at)
        if opening is None:
            out.append(html.unescape(text[at:]))
            break
        here = opening.start()
        out.append(html.unescape(text[at:here]))
        at, said = _skip(text, lower, here)
        out.append(said)
    return "".join(out)


def _skip(text: str, lower: str, here: int) -> tuple[int, str]:
    """(where to go on after the "<" at `here`, what stands for what was passed)."""
    if text.startswith("<!--", here):
        return _after(text, "-->", here + 4), " "
    if text.startswith(_CDATA, here):
        end = text.find("]]>", here)
        inside = text[here + len(_CDATA) : end if end >= 0 else len(text)]
        return (end + 3 if end >= 0 else len(text)), inside
    if text[here + 1 : here + 2] in ("!", "?"):
        return _after(text, ">", here + 2), " "
    named = _NAME.match(text, here + 1)
    assert named is not None
    name = named[1].lower()
    after = _after(text, ">", named.end())
    if text[here + 1] != "/" and name in _HIDDEN and text[after - 2 : after] != "/>":
        return _past(text, lower, name, after), " "
    if name in _BREAKS:
        return after, "\n"
    if name in _INLINE:
        return after, ""
    return after, " | " if name in _CELLS and text[here + 1] == "/" else " "


def _past(text: str, lower: str, name: str, after: int) -> int:
    """Behind the end of a hidden element; the end of the text when it is never closed."""
    closing = lower.find(f"</{name}", after)
    return _after(text, ">", closing) if closing >= 0 else len(text)


def _after(text: str, mark: str, start: int) -> int:
    found = text.find(mark, start)
    return found + len(mark) if found >= 0 else len(text)


_WORD = re.compile(r"\\(?:'([0-9a-f]{2})|([a-z]{1,32})(-?\d{1,10})? ?|(.))|([{}])|([^\\{}]+)", re.I | re.S)
_NOT_TEXT = frozenset({
    "fonttbl", "colortbl", "stylesheet", "info", "pict", "object", "themedata", "datastore", "listtable", "xmlnstbl",
    "listoverridetable", "rsidtbl", "generator", "latentstyles", "fldinst", "bkmkstart", "bkmkend",
})  # fmt: skip
_SAID = {"par": "\n", "line": "\n", "row": "\n", "sect": "\n", "page": "\n", "tab": " ", "cell": " | "}
_SIGNS = {
    "emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "bullet": "•",
}  # fmt: skip


def text_of_rtf(text: str) -> str:
    """RTF without its control words and tables of fonts and styles."""
    out: list[str] = []
    hidden, deep, skip = 0, 0, 0  # `hidden`: the depth at which what is no text began
    starred = False
    for match in _WORD.finditer(text):
        byte, word, number, sign, brace, plain = match.groups()
        if brace == "{":
            deep += 1
        elif brace == "}":
            deep -= 1
            hidden = hidden if deep >= hidden else 0
        elif word is not None:
            name = word.lower()
            if not hidden and (starred or name in _NOT_TEXT):
                hidden = max(deep, 1)
            elif not hidden:
                if name == "u" and number:
                    out.append(chr(int(number) % 65536))
                    skip = 1
                else:
                    out.append(_SAID.get(name) or _SIGNS.get(name, ""))
        elif not hidden:
            said = plain or ""
            if byte is not None:
                said = bytes.fromhex(byte).decode("cp1252", "replace")
            elif sign is not None:
                said = {"~": "\u00a0", "*": "", "-": "", "_": "-", "\n": "\n", "\r": "\n"}.get(sign, sign)
            elif skip:
                said = said.lstrip("\r\n")
            if skip and said:  # the character that stands for a \u where it is not known
                said, skip = said[1:], 0
            out.append(said if byte is not None or sign is not None else said.replace("\r", "").replace("\n", ""))
        starred = sign == "*"
    return "".join(out)
