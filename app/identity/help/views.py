"""`/help`: the guides in the reader's language; and the manifest for the home screen."""

from __future__ import annotations

import json
import re

from flask import Response, abort, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.hall import park
from app.hall.text.language import lang
from app.hall.web.guards import public
from app.identity.help.guide_files import guides
from app.identity.pages import bp

# The guide that explains a page: by the beginning of its address, the longest that fits.
EXPLAINED = {
    "/sharing/": "instruments",
    "/sharing/desk": "owner",
    "/sharing/lending": "patents-and-talent",
    "/credits/": "credits",
    "/chain/": "chain",
    "/ecosystem/": "market-and-introductions",
    "/ecosystem/committee": "round-table",
    "/policy/": "policy",
    "/problems/": "problems",
    "/identity/audit": "audit",
    "/identity/organisations": "park-administration",
    "/identity/registrations": "park-administration",
    "/identity/park": "park-administration",
    "/identity/departments": "park-administration",
}


def guide_for(path: str) -> str:
    """The name of the guide that explains this page; the first steps where none is nearer."""
    fitting = [start for start in EXPLAINED if (path.rstrip("/") + "/").startswith(start.rstrip("/") + "/")]
    name = EXPLAINED[max(fitting, key=len)] if fitting else "start"
    return name if name in guides(lang()) else "start"


@bp.app_context_processor
def _help() -> dict[str, object]:
    return {"help_url": lambda: url_for("identity.show_guide", name=guide_for(request.path))}


@bp.get("/help")
@public
def help_index() -> ResponseReturnValue:
    return render_template("identity/help/guide.html", guides=guides(lang()).values(), guide=None)


@bp.get("/help/<name>")
@public
def show_guide(name: str) -> ResponseReturnValue:
    guide = guides(lang()).get(name)
    if guide is None:
        abort(404)
    return render_template("identity/help/guide.html", guides=guides(lang()).values(), guide=guide)


@bp.get("/manifest.webmanifest")
@public
def manifest() -> Response:
    """What a phone needs to put the park on its home screen."""
    name = park.identity().name
    static = [
        {
            "src": url_for("static", filename=f"app/icon-{size}.png"),
            "sizes": f"{size}x{size}",
            "type": "image/png",
        }
        for size in (192, 512)
    ]
    body = {
        "name": name,
        "short_name": re.sub(r"（.*?）|\(.*?\)", "", name).strip()[:12],
        "lang": "en" if lang() == "en" else "zh-CN",
        "start_url": url_for("identity.home"),
        "scope": "/",
        "display": "standalone",
        "background_color": "#f5f7fa",
        "theme_color": "#2456e6",
        "icons": static,
    }
    answer = current_app.response_class(json.dumps(body, ensure_ascii=False))
    answer.mimetype = "application/manifest+json"
    return answer
