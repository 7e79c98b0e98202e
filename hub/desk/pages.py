"""The desk's pages: sign in, list of cases, one case, accept."""

import hmac
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import APIRouter, FastAPI, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from sqlalchemy import select

from hub import cases, enrolment, filing
from hub.city import City
from hub.desk import accounts, views
from hub.desk.accounts import Desk
from hub.desk.words import STATES, WORDS
from hub.gate import CityOf
from hub.tables import Case

COOKIE = "yimen_desk"
HERE = Path(__file__).parent
_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": _POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_TEMPLATES = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=select_autoescape(),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
router = APIRouter(prefix="/desk", include_in_schema=False)


class NotSignedIn(Exception):
    """Nobody is signed in on this browser."""


def install(app: FastAPI) -> None:
    """Put the desk into the hub's application."""
    app.include_router(router)
    app.mount("/desk/static", StaticFiles(directory=HERE / "static"))
    app.add_exception_handler(NotSignedIn, lambda _r, _e: RedirectResponse("/desk/sign-in", 303))


@router.get("/sign-in")
def sign_in_page() -> Response:
    """Ask for name and password."""
    return page("sign_in.html", error="", name="")


@router.post("/sign-in")
def sign_in(
    request: Request,
    city: CityOf,
    name: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
) -> Response:
    """Sign in, or say that it did not work."""
    if not _from_here(request):
        return page("sign_in.html", 403, error=WORDS["stale"], name="")
    now = city.clock()
    wait = accounts.check(city.database, name, password, now)
    if wait is not None:
        error = WORDS["wait"].format(seconds=wait) if wait else WORDS["wrong"]
        return page("sign_in.html", 429 if wait else 403, error=error, name=name)
    with city.database.transaction() as session:
        token = accounts.open_session(session, name, now)
    response = RedirectResponse("/desk/cases", 303)
    response.set_cookie(
        COOKIE,
        token,
        path="/desk",
        httponly=True,
        samesite="strict",
        secure=city.public_url.startswith("https:"),
    )
    return response


@router.post("/sign-out")
def sign_out(request: Request, city: CityOf, csrf: Annotated[str, Form()] = "") -> Response:
    """End the session."""
    desk = signed_in(request, city)
    if not hmac.compare_digest(desk.csrf, csrf):
        return message(desk, 403, WORDS["stale"])
    with city.database.transaction() as session:
        accounts.close_session(session, request.cookies[COOKIE])
    response = RedirectResponse("/desk/sign-in", 303)
    response.delete_cookie(COOKIE, path="/desk")
    return response


@router.get("")
def front() -> Response:
    """Go to the list."""
    return RedirectResponse("/desk/cases", 303)


@router.get("/cases")
def list_cases(request: Request, city: CityOf, state: str = "") -> Response:
    """List the newest 200 cases, optionally of one state."""
    desk = signed_in(request, city)
    with city.database.transaction() as session:
        query = select(Case).order_by(Case.received_at.desc()).limit(200)
        if state in STATES:
            query = query.where(Case.state == state)
        rows = [views.row(session, case) for case in session.scalars(query)]
    return page("cases.html", desk=desk, rows=rows, state=state, states=STATES)


@router.get("/cases/{case_number}")
def show_case(case_number: str, request: Request, city: CityOf, done: bool = False) -> Response:
    """Show one case with its answers, pages and signature."""
    desk = signed_in(request, city)
    with city.database.transaction() as session:
        case = session.get(Case, case_number)
        detail = views.detail(session, case) if case else None
    if detail is None:
        return message(desk, 404, WORDS["not_found"])
    return page("case.html", desk=desk, case=detail, done=done)


@router.get("/cases/{case_number}/pages/{index}.jpg")
def show_page(case_number: str, index: int, request: Request, city: CityOf) -> Response:
    """Open the filed envelope and return one of its pages (from 1)."""
    desk = signed_in(request, city)
    with city.database.transaction() as session:
        case = session.get(Case, case_number)
        key = enrolment.public_key(session, case.kiosk_id) if case else None
    pages = filing.pages_of(city, key, case.envelope) if case and key else []
    if not 1 <= index <= len(pages):
        return message(desk, 404, WORDS["not_found"])
    return Response(pages[index - 1].data, media_type="image/jpeg", headers=HEADERS)


@router.post("/cases/{case_number}/accept")
def accept(
    case_number: str, request: Request, city: CityOf, csrf: Annotated[str, Form()] = ""
) -> Response:
    """Accept a case."""
    desk = signed_in(request, city)
    if not hmac.compare_digest(desk.csrf, csrf):
        return message(desk, 403, WORDS["stale"])
    try:
        with city.database.transaction() as session:
            cases.accept(session, case_number, desk.account, city.clock())
    except cases.NotOpen:
        return message(desk, 409, WORDS["accepted_already"])
    return RedirectResponse(f"/desk/cases/{case_number}?done=1", 303)


def signed_in(request: Request, city: City) -> Desk:
    """Return who is signed in on this browser. Raises NotSignedIn."""
    token = request.cookies.get(COOKIE, "")
    with city.database.transaction() as session:
        desk = accounts.who(session, token, city.clock())
    if desk is None:
        raise NotSignedIn
    return desk


def _from_here(request: Request) -> bool:
    # A sign-in form has no session yet to hold a token: the browser says where it came from.
    origin = request.headers.get("origin")
    return origin in (None, "null") or urlsplit(origin).netloc == request.headers.get("host")


def message(desk: Desk, status: int, text: str) -> Response:
    """Return a page that says one sentence."""
    return page("message.html", status, desk=desk, text=text)


def page(template: str, status: int = 200, **values: Any) -> Response:
    """Return a page made from a template, with the headers every page has."""
    html = _TEMPLATES.get_template(template).render(w=WORDS, **values)
    return HTMLResponse(html, status, HEADERS)
