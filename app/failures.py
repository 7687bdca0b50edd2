"""How a refusal, a wrong address or a bug is shown: problem+json to API clients, a page to people."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

import structlog
from flask import Flask, Response, current_app, g, jsonify, render_template, request
from flask_babel import gettext as _
from pydantic import ValidationError
from sqlalchemy.exc import DataError
from werkzeug.exceptions import HTTPException, UnprocessableEntity

from app import language
from app.db import db
from app.errors import Reason, Refusal
from app.web import is_api, sentences

log = structlog.get_logger(__name__)


def init_app(app: Flask) -> None:
    app.register_error_handler(Refusal, _show_refusal)
    app.register_error_handler(HTTPException, _show_http_error)
    app.register_error_handler(OverflowError, _show_too_large)
    app.register_error_handler(DataError, _show_too_large)
    app.register_error_handler(Exception, _show_bug)


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


def _show_refusal(refusal: Refusal) -> Any:
    if is_api():
        return problem(refusal.status, _detail(refusal), refusal.reasons, refusal.extra, code=refusal.code)
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
    log.warning("input_too_large", request_id=g.get("request_id"), path=request.path, error=str(error)[:200])
    return _show_http_error(UnprocessableEntity())


def _show_bug(error: Exception) -> Any:
    db.session.rollback()
    log.exception("unexpected_error", request_id=g.get("request_id"), path=request.path)
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
        413: _("上传的内容过大。"),
        415: _("不支持这种内容类型。"),
        422: _("提交的内容有误。"),
        429: _("操作过于频繁，请稍后再试。"),
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
