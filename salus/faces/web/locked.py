"""The page before a vault is open: whom there is to open, the sample person, and the way to a new person."""

from __future__ import annotations

from fastapi.responses import HTMLResponse

from salus.faces import sample_person
from salus.faces.web.page import render
from salus.faces.web.sessions import Session
from salus.faces.web.site import Site


def door(site: Site, session: Session, status: int = 200) -> HTMLResponse:
    """Whoever is listed, by label; nothing of what is inside."""
    html = render(
        "locked.html", session.lang, session=session, persons=site.home.persons(), sample=site.sample is not None,
        sample_label=sample_person.LABEL, sample_passphrase=sample_person.PASSPHRASE,
    )  # fmt: skip
    return HTMLResponse(html, status)
