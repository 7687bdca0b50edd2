"""How a refusal, a wrong address or a bug is shown: problem+json to API clients, a page to people."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

import structlog
from flask import Flask, Response, current_app, g, jsonify, render_template, request
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from pydantic import ValidationError
from sqlalchemy.exc import DataError, DBAPIError
from werkzeug.exceptions import HTTPException, SecurityError, ServiceUnavailable, UnprocessableEntity

from app.hall import limits
from app.hall.db.base import db
from app.hall.db.engine import out_of_service
from app.hall.errors import Reason, Refusal
from app.hall.logs import shown_path
from app.hall.text import language
from app.hall.web.answers import sentences
from app.hall.web.guards import is_api
from app.hall.web.kept_form import expired_again, shown_again, sign_in_again

log = structlog.get_logger(__name__)


def init_app(app: Flask) -> None:
    app.register_error_handler(Refusal, _show_refusal)
    app.register_error_handler(HTTPException, _show_http_error)
    app.register_error_handler(OverflowError, _show_too_large)
    app.register_error_handler(DataError, _show_too_large)
    app.register_error_handler(DBAPIError, _show_database)
    app.register_error_handler(Exception, _show_bug)
    app.after_request(_say_when)


def problem(
    status: int,
    detail: str,
    reasons: Iterable[Reason] = (),
    extra: Mapping[str, Any] | None = None,
    code: str = "about:blank",
) -> Response:
    """An `application/problem+json` answer (RFC 9457) with every reason."""
    body: dict[str, Any] = {
        "type": code if code == "about:blank" else f"urn:parklink:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    listed_reasons = [
        {"code": reason.code, "message": language.message(reason.code, reason.params)} for reason in reasons
    ]
    if listed_reasons:
        body["reasons"] = listed_reasons
    body.update(extra or {})
    response = jsonify(body)
    response.status_code = status
    response.mimetype = "application/problem+json"
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def validation_problem(error: ValidationError) -> Response:
    """422 with one reason per wrong field: where it is and what was expected."""
    body = problem(422, _("提交的内容有误。"), code="invalid_input")
    data = body.get_json()
    data["reasons"] = [
        {
            "code": str(item["type"]),
            "field": ".".join(str(part) for part in item["loc"]),
            "message": _("请求正文须为 JSON 对象（Content-Type: application/json）。")
            if item["type"] == "model_type"
            else ": ".join(filter(None, [".".join(str(part) for part in item["loc"]), item["msg"]])),
        }
        for item in error.errors(include_url=False, include_context=False, include_input=False)[:50]
    ]
    body.set_data(json.dumps(data, ensure_ascii=False))
    return body


def _say_when(answer: Response) -> Response:
    """Who is told to come back later is told when, on pages and on the API."""
    refusal: Refusal | None = g.get("refusal")
    if refusal is not None and answer.status_code == refusal.status and "retry_after" in refusal.params:
        answer.headers["Retry-After"] = str(refusal.params["retry_after"])
    return answer


def _show_refusal(refusal: Refusal) -> Any:
    g.refusal = refusal
    if is_api():
        return problem(refusal.status, _detail(refusal), refusal.reasons, refusal.extra, code=refusal.code)
    if request.method == "POST" and (page := shown_again(refusal)) is not None:
        return page
    return _error_page(
        refusal.status, _detail(refusal), sentences(refusal) if refusal.reasons else [], refusal
    )


def _detail(refusal: Refusal) -> str:
    known = refusal.code in language.known_codes()
    if known or not refusal.reasons:
        return language.message(refusal.code, refusal.params)
    return _("；").join(sentences(refusal))


def _show_http_error(error: HTTPException) -> Any:
    if error.code is None or error.code < 400 or error.response is not None:
        return error  # a limit may bring its own friendly page
    if isinstance(error, SecurityError):  # a foreign host: no page of ours can be built for it
        return Response(http_sentence(400), 400, mimetype="text/plain")
    if isinstance(error, CSRFError) and not is_api():
        again = expired_again() if current_user.is_authenticated else sign_in_again()
        if again is not None:
            return again
    if is_api():
        answer = problem(error.code, http_sentence(error.code))
        for name, value in error.get_headers():
            if name.lower() in ("allow", "retry-after", "www-authenticate"):
                answer.headers[name] = value
        return answer
    return _error_page(error.code, http_sentence(error.code), [])


def _show_too_large(error: Exception) -> Any:
    """A number or day beyond what any column or calendar holds is wrong input wherever it was typed."""
    db.session.rollback()
    log.warning("input_too_large", path=shown_path(), error=str(error)[:200])
    return _show_http_error(UnprocessableEntity())


def _show_database(error: DBAPIError) -> Any:
    """A database that is full, read-only, locked for long or away: nothing happened, and a retry may succeed."""
    if not out_of_service(error):
        return _show_bug(error)
    with contextlib.suppress(DBAPIError):
        db.session.rollback()
    log.error("database_out_of_service", path=shown_path(), error=" ".join(str(error.orig).split())[:200])
    answer = current_app.make_response(_show_http_error(ServiceUnavailable()))
    answer.headers["Retry-After"] = str(limits.RETRY_SECONDS)
    return answer


def _show_bug(error: Exception) -> Any:
    db.session.rollback()
    log.exception("unexpected_error", path=shown_path())
    if current_app.config["SETTINGS"].testing:
        raise error
    if is_api():
        return problem(500, http_sentence(500))
    return _error_page(500, http_sentence(500), [])


def http_sentence(status: int) -> str:
    return {
        400: _("请求不完整或表单已过期，请返回刷新后再试。"),
        401: _("请先登录。"),
        403: _("您的角色不能进行此操作。"),
        404: _("没有找到该页面，或您无权查看。"),
        405: _("此地址不支持这种请求方式。"),
        409: _("当前状态不允许此操作。"),
        410: _("该链接已失效。"),
        413: _("上传的内容过大。"),
        415: _("不支持这种内容类型。"),
        422: _("提交的内容有误。"),
        429: _("操作过于频繁，请稍后再试。"),
        503: _("数据库暂时不可写入，您的操作没有生效，请稍后重试。"),
        500: _("系统出错，已记录。请凭请求编号联系园区。"),
    }.get(status, _("请求无法完成。"))


def _error_page(status: int, detail: str, reasons: Sequence[str], refusal: Refusal | None = None) -> Any:
    context = {
        "status": status,
        "detail": detail,
        "reasons": reasons,
        "request_id": g.get("request_id", ""),
        "refusal": refusal,
    }
    if status >= 500:
        return render_template("errors/500.html", **context), status
    template = "errors/fragment.html" if request.headers.get("HX-Request") else "errors/page.html"
    return render_template(template, **context), status
