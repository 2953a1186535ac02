"""Serves the built front end: its files, and its one page for every other address."""

from pathlib import Path

from fastapi import APIRouter, FastAPI
from fastapi.responses import FileResponse, PlainTextResponse, Response
from fastapi.staticfiles import StaticFiles

from app.errors import NotFound

_NOT_BUILT = "The front end is not built yet. Run `make run`, or `npm run build` in frontend/.\n"
_FOR_EVER = "public, max-age=31536000, immutable"


class _HashedFiles(StaticFiles):
    """Files whose names carry the hash of their content."""

    def file_response(self, *args: object, **kwargs: object) -> Response:
        response = super().file_response(*args, **kwargs)  # type: ignore[arg-type]
        response.headers["Cache-Control"] = _FOR_EVER
        return response


def install_frontend(app: FastAPI, folder: Path) -> None:
    """Serve the folder; addresses of pages give its index.html, which reads the address itself.

    Call it last: its page answers every GET that nothing before it took.
    """
    for name in ("assets", "fonts"):
        app.mount(f"/{name}", _HashedFiles(directory=folder / name, check_dir=False), name=name)
    router = APIRouter(include_in_schema=False)

    @router.api_route("/{path:path}", methods=["GET", "HEAD"])
    def page(path: str) -> Response:
        if path.startswith(("api/", "live/")):
            raise NotFound("There is nothing at this address.")
        own = (folder / path).resolve()
        if path and own.is_file() and own.is_relative_to(folder.resolve()):
            return FileResponse(own)
        if "." in path.rpartition("/")[2]:
            raise NotFound("There is nothing at this address.")
        index = folder / "index.html"
        if not index.is_file():
            return PlainTextResponse(_NOT_BUILT, 503)
        return FileResponse(index, headers={"Cache-Control": "no-cache"})

    app.include_router(router)
