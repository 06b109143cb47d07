"""What a form of a personal page asks for, and whether it came from one of our pages."""

from collections.abc import Mapping
from datetime import date
from urllib.parse import parse_qsl, urlsplit

from starlette.requests import Request

from scheduler.web.intake import Refused, read_body

FORM = "application/x-www-form-urlencoded"
MOST_FIELDS = 20
# A code or a link with the full stop of the sentence that it stood in, or quotes around it.
ROUND_ABOUT = " .,;:!?)(\"'<>*"
LONGEST_SECRET = 64


async def form_of(request: Request) -> Mapping[str, str]:
    """The fields of a form that one of our own pages sent.

    Raises:
        Refused: it comes from elsewhere, or is no form, or is too large or too slow.
    """
    if not comes_from_here(request):
        raise Refused(403, "This was not sent from a page of ours; open the page and try again.")
    body = await read_body(request, FORM)
    try:
        return dict(parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=MOST_FIELDS))
    except ValueError as fault:
        raise Refused(400, "This is not a form of ours.") from fault


def comes_from_here(request: Request) -> bool:
    """Whether no other site can have made the browser send this.

    Browsers that say where a request comes from are believed. The older ones send an Origin, which is "null"
    on pages that tell others nothing of their address; then the token in the form decides.
    """
    sites = request.headers.getlist("Sec-Fetch-Site")
    if sites:
        return sites in (["same-origin"], ["none"])
    origins = request.headers.getlist("Origin")
    if origins in ([], ["null"]):
        return True
    return len(origins) == 1 and urlsplit(origins[0]).netloc == request.headers.get("Host")


def secret_in(text: str) -> str:
    """A link or code as it may be, of what came in an address or was typed."""
    return text.strip(ROUND_ABOUT)[:LONGEST_SECRET]


def number_in(form: Mapping[str, str], name: str) -> int:
    """A number of the form, 0 where there is none."""
    text = form.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def date_in(form: Mapping[str, str], name: str) -> date | None:
    """A date of the form, as browsers send it or as people here type it (24/12/2026)."""
    text = form.get(name, "").strip()
    try:
        if "/" in text:
            day, month, year = map(int, text.split("/"))
            return date(year, month, day)
        return date.fromisoformat(text)
    except ValueError:
        return None
