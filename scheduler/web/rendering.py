"""The templates, and how a page is made from one."""

from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files

from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from scheduler.timetable.opening import Board
from scheduler.web.words import words_in

KEEP_SECONDS = 3
"""How long anybody may keep what residents see: a desk that fills up is to be known within five seconds."""


@dataclass(frozen=True, slots=True)
class Pages:
    """Renders templates; the styles and `icon` are served as they are, `version` changes whenever they do."""

    templates: Environment
    style: bytes
    poster_style: bytes
    icon: bytes
    version: str

    def page(
        self,
        template: str,
        board: Board,
        language: str,
        *,
        status: int = 200,
        seconds: int = 0,
        **values: object,
    ) -> HTMLResponse:
        """The answer with `template` filled in; `seconds` is how long anyone may keep it.

        A rehearsal of the `board` stands at the top of the page, whichever it is.
        """
        text = self.templates.get_template(template).render(
            values,
            board=board,
            language=language,
            t=words_in(language),
            version=self.version,
            rehearsal=board.rehearsal.in_language(language) if board.rehearsal else "",
        )
        keep = f"public, max-age={seconds}" if seconds else "no-store"
        headers = {"Cache-Control": keep, "Content-Language": language, "Vary": "Accept-Language"}
        return HTMLResponse(text, status, headers)


def load_pages() -> Pages:
    """Reads the templates, the style and the icon that lie beside this file."""
    static = files("scheduler.web") / "static"
    style, poster, icon = ((static / name).read_bytes() for name in ("style.css", "poster.css", "icon.svg"))
    templates = Environment(
        loader=PackageLoader("scheduler.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return Pages(templates, style, poster, icon, sha256(style + poster + icon).hexdigest()[:12])
