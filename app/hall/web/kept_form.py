"""A refused form comes back as it was typed, with each reason at its field, on the page it stood on.

One mechanism for every form of every room. A view that shows its own form again (`refusals_to`) needs nothing of
this. For all others the page that the browser came from is rendered once more, and the form that was sent is found
on it by its address: typed values are put back, reasons stand at their fields. The same happens after signing in
again when the session had ended meanwhile: what was typed travels, signed, through the sign-in page.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from bs4 import BeautifulSoup
from flask import Response, current_app, g, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.exceptions import HTTPException

from app.hall import limits
from app.hall.errors import Refusal
from app.hall.text import language

if TYPE_CHECKING:
    from bs4 import Tag


NEVER_KEPT = ("csrf_token", "password", "next", "kept")
TYPED = (
    "text",
    "search",
    "email",
    "tel",
    "url",
    "number",
    "date",
    "time",
    "datetime-local",
    "month",
    "hidden",
    "",
)


@dataclass(frozen=True)
class Typed:
    """A form as it was sent: where to, from which page, and what stood in it."""

    action: str
    page: str
    values: dict[str, list[str]]
    errors: dict[str, list[str]] = field(default_factory=dict)  # by field; "" for what concerns the form


def typed_now(page: str = "") -> Typed | None:
    """The form of this request; nothing where it cannot be shown again (no page of ours it came from).

    `page` is where it stood if the browser does not say.
    """
    page = _page_of_origin() or page
    if request.method != "POST" or not page:
        return None
    values = {
        name: request.form.getlist(name)
        for name in request.form
        if not any(word in name for word in NEVER_KEPT)
    }
    return Typed(request.full_path.rstrip("?"), page, values)


def _page_of_origin() -> str:
    origin = urlsplit(request.headers.get("Referer", ""))
    if origin.netloc != request.host:
        return ""
    return origin.path + (f"?{origin.query}" if origin.query else "")


def _own_page() -> str:
    """The address of the form itself: for a browser that does not say where it comes from, and for a form fetched into another page."""
    return request.full_path.rstrip("?")


def reasons_by_field(refusal: Refusal) -> dict[str, list[str]]:
    """Every reason in the reader's language, under the field that it names."""
    if not refusal.reasons:
        return {str(refusal.params.get("at", "")): [language.message(refusal.code, refusal.params)]}
    found: dict[str, list[str]] = {}
    for reason in refusal.reasons:
        sentence = language.message(reason.code, reason.params)
        found.setdefault(str(reason.params.get("at", "")), []).append(sentence)
    return found


def shown_again(refusal: Refusal) -> Response | None:
    """The page of the refused form with what was typed and why it was refused; nothing where that is not possible."""
    typed = typed_now(_own_page())
    if typed is None or request.headers.get("HX-Request"):
        return None
    refused = replace(typed, errors=reasons_by_field(refusal))
    page = page_with(refused, refusal.status)
    if page is None and typed.page != _own_page():
        return page_with(replace(refused, page=_own_page()), refusal.status)
    return page


def page_with(typed: Typed, status: int) -> Response | None:
    """The page that a form stood on, with its values put back; nothing where the page or the form is gone."""
    html = _rendered(typed.page)
    if html is None:
        return None
    soup = BeautifulSoup(html, "html.parser")
    form = _form_on(soup, typed)
    if form is None:
        return None
    _fill(form, typed.values)
    for name, sentences in typed.errors.items():
        _say_at(soup, form, name, sentences)
    for folded in form.find_parents(("details", "dialog")):
        folded["open"] = ""
    return Response(str(soup), status, mimetype="text/html")


def _rendered(page: str) -> str | None:
    """This page as the same reader would get it now."""
    generate_csrf()  # before the inner request: its session is not the one that is saved
    asked = {
        **{
            key: value
            for key, value in request.environ.items()
            if not key.startswith(("werkzeug.", "CONTENT_"))
        },
        "REQUEST_METHOD": "GET",
        "PATH_INFO": urlsplit(page).path,
        "QUERY_STRING": urlsplit(page).query,
    }
    with current_app.request_context(asked):
        g.pop("refusal", None)
        try:
            answer = current_app.make_response(current_app.dispatch_request())
        except (
            Refusal,
            HTTPException,
            LookupError,
            RuntimeError,
        ):  # the page itself says no: nothing to show
            return None
        return (
            answer.get_data(as_text=True)
            if answer.status_code == 200 and answer.mimetype == "text/html"
            else None
        )


def _form_on(soup: BeautifulSoup, typed: Typed) -> Tag | None:
    """The form with this address; of several the one whose hidden values are those that were sent."""
    forms = [
        form
        for form in soup.find_all("form", method=lambda value: bool(value) and value.lower() == "post")
        if (form.get("action") or typed.page) == typed.action
    ]
    return max(forms, key=lambda form: _likeness(form, typed.values), default=None)


def _likeness(form: Tag, values: dict[str, list[str]]) -> int:
    hidden = form.find_all("input", type="hidden")
    same = sum(values.get(str(one.get("name")), [None])[0] == one.get("value") for one in hidden)
    names = {str(one.get("name")) for one in form.find_all(("input", "select", "textarea"))}
    return 10 * same - len(set(values) - names)


def _fill(form: Tag, values: dict[str, list[str]]) -> None:
    left = {name: list(sent) for name, sent in values.items()}
    for control in form.find_all(("input", "select", "textarea")):
        name = str(control.get("name", ""))
        if any(word in name for word in NEVER_KEPT):
            continue
        kind = str(control.get("type", "text")).lower()
        if control.name == "textarea":
            control.string = left[name].pop(0) if left.get(name) else ""
        elif control.name == "select":
            _choose(control, values.get(name, []))
        elif kind in ("checkbox", "radio"):
            _tick(control, str(control.get("value", "on")) in values.get(name, []))
        elif kind in TYPED and kind != "hidden" and left.get(name):
            control["value"] = left[name].pop(0)


def _choose(select: Tag, chosen: list[str]) -> None:
    for option in select.find_all("option"):
        del option["selected"]
        if str(option.get("value", option.text)) in chosen:
            option["selected"] = ""


def _tick(box: Tag, on: bool) -> None:
    del box["checked"]
    if on:
        box["checked"] = ""


def _say_at(soup: BeautifulSoup, form: Tag, name: str, sentences: list[str]) -> None:
    """Put the reasons under their field; at the head of the form where they name none (or it has but one field)."""
    control = form.find(lambda one: one.get("name") == name) if name else _only_field(form)
    told = soup.new_tag("div", attrs={"class": "pl-error", "role": "alert"})
    for sentence in sentences:
        line = soup.new_tag("p")
        line.string = sentence
        told.append(line)
    if control is None:
        told["class"] = "pl-alert pl-bad"
        form.insert(0, told)
        return
    told["id"] = f"{control.get('id') or control['name']}-refused"
    control["aria-invalid"] = "true"
    control["aria-describedby"] = told["id"]
    control["autofocus"] = ""
    control.insert_after(told)


def _only_field(form: Tag) -> Tag | None:
    shown = [
        one
        for one in form.find_all(("input", "select", "textarea"))
        if str(one.get("type", "")).lower() not in ("hidden", "submit", "button")
    ]
    return shown[0] if len(shown) == 1 else None


# --- through the sign-in page ----------------------------------------------------------------------------


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt="kept form")


def sealed_form() -> str:
    """What was typed, for a hidden field of the sign-in page; empty where there is nothing to keep."""
    typed = typed_now()
    if typed is None:
        return ""
    sealed = _signer().dumps([typed.action, typed.page, typed.values])
    text = sealed if isinstance(sealed, str) else sealed.decode()
    return text if len(text) <= limits.LONGEST_KEPT_FORM else ""


def sign_in_again() -> Response | None:
    """The page that asks to sign in again and keeps what was typed; nothing where there is nothing to keep."""
    sealed = sealed_form()
    return Response(render_template("session_ended.html", kept=sealed), 401) if sealed else None


def expired_again() -> Response | None:
    """A form whose token has expired, as it was typed, with a fresh token."""
    typed = typed_now()
    if typed is None:
        return None
    said = {"": [_("表单已过期，内容已保留，请检查后再次提交。")]}
    return page_with(Typed(typed.action, typed.page, typed.values, said), 400)


def opened_form(sealed: str) -> Typed | None:
    """The form that travelled through the sign-in page, if this server sealed it within the hour."""
    try:
        action, page, values = _signer().loads(sealed, max_age=limits.KEPT_FORM_SECONDS)
    except BadSignature:
        return None
    return Typed(
        action, page, values, {"": [_("您已重新登录。以下是刚才填写的内容，尚未提交，请检查后再次提交。")]}
    )


def continued(sealed: str) -> Any | None:
    """After signing in again: the page with what was typed before the session ended."""
    typed = opened_form(sealed) if sealed else None
    return page_with(typed, 200) if typed else None
