"""Walks the pages as a member, finds their forms, and knows every argument a page listens to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient

APP = Path(__file__).resolve().parents[2] / "app"
LINK = re.compile(r'(?:href|hx-get|action|src)="(/[^"#]*)')
NEVER = ("/static/", "/identity/language", "/identity/sign-out", "/api/")


@dataclass
class Form:
    """One form of a page: where it goes and what it asks."""

    page: str
    action: str = ""
    method: str = "get"
    fields: dict[str, str] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)

    @property
    def shape(self) -> tuple[Any, ...]:
        return (shape(self.action), tuple(sorted({*self.fields, *self.files} - {"csrf_token", "next"})))


class _Forms(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.page = page
        self.found: list[Form] = []
        self._form: Form | None = None
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            action = given.get("action") or self.page
            self._form = Form(self.page, action, given.get("method", "get").lower())
            self.found.append(self._form)
        if self._form is None:
            return
        name = given.get("name", "")
        if tag == "select":
            self._select = name
            self._form.fields.setdefault(name, "")
        elif tag == "option" and self._select and given.get("value"):
            if not self._form.fields.get(self._select) or "selected" in given:
                self._form.fields[self._select] = given["value"]
        elif tag == "textarea" and name:
            self._form.fields.setdefault(name, "")
            self._form.texts.append(name)
        elif tag == "input" and name:
            self._input(given.get("type", "text"), name, given)
        elif tag == "button" and name:
            self._form.fields.setdefault(name, given.get("value", ""))

    def _input(self, kind: str, name: str, given: dict[str, str]) -> None:
        assert self._form is not None
        if kind == "file":
            self._form.files.append(name)
            return
        if kind in ("checkbox", "radio") and "checked" not in given and name in self._form.fields:
            return
        self._form.fields[name] = given.get("value", "")
        if kind in ("text", "search"):
            self._form.texts.append(name)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        if tag == "select":
            self._select = ""


def forms_of(html: str, page: str) -> list[Form]:
    parser = _Forms(page)
    parser.feed(html)
    return parser.found


def shape(path: str) -> str:
    """Pages that differ only by a number are one kind of page."""
    parts = urlsplit(path)
    names = "&".join(sorted(part.split("=")[0] for part in parts.query.split("&")))
    return re.sub(r"/(\d+|[A-Z]+\d+)(?=/|$)", "/#", parts.path) + "?" + names


@dataclass
class Walk:
    """What one member sees: the answers by path, the forms by shape."""

    pages: dict[str, str] = field(default_factory=dict)
    forms: dict[tuple[Any, ...], Form] = field(default_factory=dict)
    other: dict[str, Any] = field(default_factory=dict)


def walk(client: FlaskClient, per_shape: int = 2, limit: int = 300) -> Walk:
    """Follow the links from the home page; a few pages of every kind."""
    done = Walk()
    waiting, seen = ["/"], {"/"}
    shapes: dict[str, int] = {}
    while waiting and len(done.pages) + len(done.other) < limit:
        path = waiting.pop(0)
        answer = client.get(path)
        if answer.location:
            targets = [answer.location]
        elif answer.mimetype == "text/html":
            html = answer.get_data(as_text=True)
            done.pages[path] = html
            targets = [found.replace("&amp;", "&") for found in LINK.findall(html)]
            for form in forms_of(html, path):
                if form.method == "post" and form.action.startswith("/"):
                    done.forms.setdefault(form.shape, form)
        else:
            done.other[path] = answer
            continue
        for target in targets:
            kind = shape(target)
            if target in seen or target.startswith(NEVER) or shapes.get(kind, 0) >= per_shape:
                continue
            shapes[kind] = shapes.get(kind, 0) + 1
            seen.add(target)
            waiting.append(target)
    return done


def arguments() -> list[str]:
    """Every query argument some page reads, found in the source, and those of every list."""
    names = {"q", "sort", "desc", "page", "per_page", "next", "nonsense"}
    for path in APP.rglob("views*.py"):
        text = path.read_text("utf-8")
        names.update(re.findall(r'args(?:\.get|\.getlist)?[(\[]\s*"(\w+)"', text))
        for filters in re.findall(r"\(((?:\"\w+\",? ?)+)\)", text):
            names.update(re.findall(r'"(\w+)"', filters))
    return sorted(names)


def paths_of(app: Flask, method: str, ids: tuple[Any, ...], word: str = "x") -> Iterator[tuple[str, str]]:
    """(endpoint, path) for every page rule, its numbers filled with each of `ids`, its texts with `word`."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda one: one.rule):
        if method not in (rule.methods or ()) or rule.rule.startswith(("/api/", "/static/")):
            continue
        choice = re.sub(r"<any\((\w+)[^>]*>", r"\1", rule.rule)
        if "<" not in choice:
            yield rule.endpoint, choice
            continue
        for one in ids:
            path = re.sub(r"<int:\w+>", str(one), choice)
            yield rule.endpoint, re.sub(r"<(?:\w+:)?\w+>", word, path)
            if "<int:" not in choice:
                break
