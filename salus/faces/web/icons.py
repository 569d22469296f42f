"""The line drawings beside words: 24 × 24, drawn by strokes in the colour of the text. Knows no page."""

from __future__ import annotations

from markupsafe import Markup

PATHS = {
    "home": "M4 11l8-7 8 7v8a1 1 0 0 1-1 1h-4v-6H9v6H5a1 1 0 0 1-1-1z",
    "ask": "M5 5h14a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1h-7l-5 4v-4H5a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1zM8 9.5h8M8 12.5h5",
    "timeline": "M6 4v16M6 7h.01M6 12h.01M6 17h.01M10 7h9M10 12h6M10 17h8",
    "results": "M4 20h16M5 16l4-5 4 3 6-8",
    "memory": "M6 4h11a1 1 0 0 1 1 1v15l-6.5-4L5 20V5a1 1 0 0 1 1-1zM9 8h5M9 11h5",
    "documents": "M7 3h7l5 5v12a1 1 0 0 1-1 1H7a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zM14 3v5h5M9 13h6M9 16.5h4",
    "add": "M12 5v14M5 12h14",
    "less": "M5 12h14",
    "import": "M12 4v11M7.5 10.5L12 15l4.5-4.5M5 19h14",
    "connections": "M9 12h6M8 8H7a4 4 0 0 0 0 8h1M16 8h1a4 4 0 0 1 0 8h-1",
    "settings": "M4 7h9M17 7h3M4 17h3M11 17h9M15 4.5v5M9 14.5v5",
    "more": "M4 7h16M4 12h16M4 17h16",
    "lock": "M7 10V7.5a5 5 0 0 1 10 0V10M6 10h12a1 1 0 0 1 1 1v8a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1v-8a1 1 0 0 1 1-1z",
    "close": "M6 6l12 12M18 6L6 18",
    "bin": "M5 7h14M10 4h4M7 7l1 12a1 1 0 0 0 1 1h6a1 1 0 0 0 1-1l1-12M10.5 11v5M13.5 11v5",
    "up": "M12 19V5M6 11l6-6 6 6",
    "down": "M12 5v14M6 13l6 6 6-6",
    "right": "M9 5l7 7-7 7",
    "left": "M15 5l-7 7 7 7",
    "search": "M11 4a7 7 0 1 1 0 14 7 7 0 0 1 0-14zM16 16l4.5 4.5",
    "copy": "M9 8h10a1 1 0 0 1 1 1v10a1 1 0 0 1-1 1H9a1 1 0 0 1-1-1V9a1 1 0 0 1 1-1zM16 5V4H5a1 1 0 0 0-1 1v11h1",
    "print": "M7 9V4h10v5M7 17H4v-8h16v8h-3M7 14h10v6H7z",
    "download": "M12 4v11M7.5 10.5L12 15l4.5-4.5M5 19h14",
    "keyboard": "M3 7h18v10H3zM7 10.5h.01M11 10.5h.01M15 10.5h.01M8 14h8",
    "heart": "M12 20C5 15 3.5 11.5 4.5 8.5 5.5 5.5 10 5 12 8.5c2-3.5 6.5-3 7.5 0 1 3-.5 6.5-7.5 11.5z",
    "scale": "M5 4h14l1 1v14l-1 1H5l-1-1V5zM8 9a5.5 5.5 0 0 1 8 0M12 11l1.5-2.5",
    "pill": "M10.5 4.5l9 9a4.2 4.2 0 0 1-6 6l-9-9a4.2 4.2 0 0 1 6-6zM7.5 13.5l6-6",
    "note": "M5 4h14v11l-5 5H5zM14 20v-5h5M8.5 8.5h7M8.5 12h4",
    "drop": "M12 4c4 4.5 6 7.5 6 10a6 6 0 0 1-12 0c0-2.5 2-5.5 6-10z",
    "warning": "M12 4l9 16H3zM12 10v4.5M12 17.2h.01",
    "check": "M5 12.5l4.5 4.5L19 7.5",
    "temporary": "M12 4a8 8 0 1 1-8 8M12 8v4.5l3 2M4 4l1.5 3M9 4.5L7.5 6",
    "person": "M12 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM4.5 20c1-4 4-5.5 7.5-5.5s6.5 1.5 7.5 5.5",
    "new": "M5 5h9M5 5v14h14v-9M18 3.5l2.5 2.5-8 8H10v-2.5z",
}


def icon(name: str) -> Markup:
    """The drawing of that name, hidden from screen readers: the words beside it say what it is."""
    return Markup('<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="{}"/></svg>').format(PATHS[name])
