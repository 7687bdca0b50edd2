"""Chinese first, English second: which language a reader gets, and how the catalogues are kept.

The sentences in the code are Chinese; `translations/en` of the hall and of each room holds the English.
`python -m app.hall.text.language update ROOM` extracts, `python -m app.hall.text.language compile` writes the .mo files.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir, extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from flask import Flask, g, has_request_context, request, session
from flask_babel import Babel, get_locale

from app.hall.rooms import room_folders
from app.hall.text.units import wan_figure

APP = Path(__file__).resolve().parents[2]
LANGUAGES = ("zh", "en")
KEYWORDS = {"_": None, "N_": None, "_l": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}

_messages: dict[str, Any] = {}


def init_app(app: Flask) -> None:
    app.config["BABEL_DEFAULT_LOCALE"] = "zh"
    app.config["BABEL_DEFAULT_TIMEZONE"] = "Asia/Shanghai"
    folders = [APP / "translations"] + [folder / "translations" for folder in room_folders().values()]
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = ";".join(str(folder) for folder in folders)
    Babel(app, locale_selector=choose_language)


def choose_language() -> str:
    """The reader's choice, then the session's, then the browser's; Chinese when nothing is said."""
    if not has_request_context():
        wanted = os.environ.get("PARKLINK_LANG") or os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
        return "en" if wanted.lower().startswith("en") else "zh"
    asked = g.get("language") or session.get("language")
    if asked in LANGUAGES:
        return str(asked)
    return (request.accept_languages.best_match(("zh", "zh-CN", "en")) == "en" and "en") or "zh"


def lang() -> str:
    """`zh` or `en`: the language of this request (or of `force_locale`)."""
    locale = get_locale()
    return "en" if locale is not None and locale.language == "en" else "zh"


def add_messages(messages: Mapping[str, Any]) -> None:
    _messages.update(messages)


def message(code: str, params: Mapping[str, Any] | None = None) -> str:
    """The sentence for a refusal or notification `code` in the reader's language.

    A parameter that is a name in two languages, ``{"zh": …, "en": …}``, or a sentence of its own,
    ``{"code": …, …}``, is filled in likewise; an amount of 万元, whose name ends on `_wan`, is told in the reader's unit.
    """
    sentence = _messages.get(code)
    if sentence is None:
        return code
    text = str(sentence)
    try:
        filled = {name: _told(name, value) for name, value in (params or {}).items()}
        return text % filled if params or "%(" in text else text
    except (KeyError, TypeError, ValueError):
        return text


def _told(name: str, value: Any) -> Any:
    if not name.endswith("_wan"):
        return _own_name(value)
    try:
        return wan_figure(float(value.replace(",", "") if isinstance(value, str) else value), lang())
    except (TypeError, ValueError):
        return value


def _own_name(value: Any) -> Any:
    if isinstance(value, dict) and "code" in value:
        return message(value["code"], {name: part for name, part in value.items() if name != "code"})
    if not isinstance(value, dict) or not {"zh", "en"} >= value.keys():
        return value
    return value.get(lang()) or value.get("zh", "")


def known_codes() -> set[str]:
    return set(_messages)


# --- keeping the catalogues ------------------------------------------------------------------------------


def catalogue_path(room: str) -> Path:
    base = APP if room == "hall" else room_folders()[room]
    return base / "translations" / "en" / "LC_MESSAGES" / "messages.po"


def _found(room: str) -> Iterator[tuple[str, int, Any, Any, Any]]:
    options = {"encoding": "utf-8"}
    if room == "hall":
        files = [*sorted(APP.glob("*.py")), *sorted((APP / "hall").rglob("*.py"))]
        files += sorted((APP / "templates").glob("*.html"))
        files += sorted((APP / "templates" / "errors").glob("*.html"))
        for file in files:
            method = "python" if file.suffix == ".py" else "jinja2.ext:babel_extract"
            for line, text, comments, context in extract_from_file(
                method, file, KEYWORDS, ("NOTE",), options
            ):
                yield str(file.relative_to(APP.parent)), line, text, comments, context
        return
    methods = [("**.py", "python"), ("**.html", "jinja2.ext:babel_extract")]
    for folder in (APP / room, APP / "templates" / room):
        if folder.exists():
            for name, line, text, comments, context in extract_from_dir(
                folder, methods, None, KEYWORDS, ("NOTE",)
            ):
                yield str((folder / name).relative_to(APP.parent)), line, text, comments, context


def extract(room: str) -> Catalog:
    catalog = Catalog(locale="en", project="ParkLink", charset="utf-8", fuzzy=False)
    for name, _line, text, comments, context in _found(room):
        catalog.add(text, None, [(name, None)], auto_comments=comments, context=context)  # type: ignore[list-item]
    return catalog


def load(room: str) -> Catalog:
    path = catalogue_path(room)
    if not path.exists():
        return Catalog(locale="en", charset="utf-8", fuzzy=False)
    return read_po(io.BytesIO(path.read_bytes()), locale="en", charset="utf-8")


def update(room: str) -> int:
    """Bring ROOM's catalogue up to date; answers how many sentences still lack their English."""
    old, new = load(room), extract(room)
    for entry in new:
        before = old.get(entry.id, entry.context) if entry.id else None
        if before is not None and not before.fuzzy:
            entry.string = before.string
    path = catalogue_path(room)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as out:
        write_po(out, new, width=110, omit_header=False, sort_output=True, include_lineno=False)
    return len(untranslated(new))


def untranslated(catalog: Catalog) -> list[str]:
    missing = []
    for entry in catalog:
        strings = entry.string if isinstance(entry.string, (tuple, list)) else (entry.string,)
        if entry.id and (entry.fuzzy or not all(strings)):
            missing.append(entry.id if isinstance(entry.id, str) else entry.id[0])
    return missing


def compile_all() -> None:
    for room in ("hall", *room_folders()):
        path = catalogue_path(room)
        if path.exists():
            with path.with_suffix(".mo").open("wb") as out:
                write_mo(out, load(room))


def main(arguments: list[str]) -> int:
    if arguments[:1] == ["compile"]:
        compile_all()
        return 0
    if arguments[:1] == ["update"]:
        for room in arguments[1:] or ("hall", *room_folders()):
            print(f"{room}: {update(room)} to translate")
        compile_all()
        return 0
    print("usage: python -m app.hall.text.language update [ROOM …] | compile")
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
