"""The hub as a web application: the way of the kiosks (/v1) and the desk (/desk)."""

from fastapi import FastAPI
from fastapi.responses import RedirectResponse

from hub import (
    api,
    contact_api,
    described,
    drafts_api,
    metrics,
    problems,
    publishing_api,
    staff_api,
    uploads,
)
from hub.city import City
from hub.desk import pages, staff_pages


def create_app(city: City) -> FastAPI:
    """Return the application of one hub."""
    app = FastAPI(title="Yimen hub", version="1", docs_url=None, redoc_url=None)
    app.state.city = city
    problems.install(app)
    described.install(app)
    app.include_router(api.router)
    app.include_router(contact_api.router)
    app.include_router(drafts_api.router)
    app.include_router(metrics.router)
    app.include_router(staff_api.router)
    app.include_router(publishing_api.router)
    app.include_router(uploads.router)
    pages.install(app)
    app.include_router(staff_pages.router)

    @app.get("/", include_in_schema=False)
    def front() -> RedirectResponse:
        return RedirectResponse("/desk/cases", 303)

    return app
