"""The editor's fields to a file of `parklink-survey/1` and back: one block a question, nothing of the format to be learnt."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import cast

from werkzeug.datastructures import MultiDict

from app.hall.errors import Invalid, Reason
from app.voice.surveys.content import Written
from app.voice.surveys.reading import FORMAT, MOST_QUESTIONS

FIELDS = (
    "id",
    "kind",
    "text",
    "text_en",
    "options",
    "unit",
    "scenario",
    "dimension",
    "best",
    "worst",
    "good",
    "if_id",
    "if_value",
    "required",
    "purpose",
)
Block = dict[str, str]
_NUMBER = re.compile(r"-?[0-9]{1,9}(?:\.[0-9]{1,4})?")


def number(text: str) -> float | int | str:
    """A number as typed; what is none stays text, so that the reader of files says what is wrong.

    >>> number("30"), number("0.5"), number("lots")
    (30, 0.5, 'lots')
    """
    text = text.strip()
    if not _NUMBER.fullmatch(text):
        return text
    return float(text) if "." in text else int(text)


def blocks_of(form: MultiDict[str, str]) -> list[Block]:
    """The blocks of the editor as they were sent."""
    count = number(form.get("count", "0"))
    count = min(count, MOST_QUESTIONS) if isinstance(count, int) else 0
    return [{name: form.get(f"q{at}-{name}", "").strip() for name in FIELDS} for at in range(count)]


def options_of(text: str) -> tuple[list[str], dict[str, float | int | str]]:
    """Options, one a line, with the points of those that have any: `5分钟内 | 100`.

    >>> options_of("5分钟内 | 100\\n没遇到")
    (['5分钟内', '没遇到'], {'5分钟内': 100})
    """
    options: list[str] = []
    scores: dict[str, float | int | str] = {}
    for line in text.splitlines():
        option, bar, points = line.partition("|")
        if not option.strip():
            continue
        options.append(option.strip())
        if bar and points.strip():
            scores[option.strip()] = number(points)
    return options, scores


def question(block: Block) -> Written:
    """One block as the file says it."""
    kind = block["kind"]
    found: Written = {
        "id": block["id"],
        "kind": kind,
        "text": block["text"],
        "text_en": block["text_en"],
        "unit": block["unit"] if kind == "number" else "",
        "scenario": block["scenario"],
        "dimension": block["dimension"],
        "personal_purpose": block["purpose"],
        "required": block["required"] == "1" or None,
    }
    options, scores = options_of(block["options"])
    if kind in ("choice", "multi"):
        found["options"] = options
    if kind == "choice" and scores:
        found["metric"] = {"kind": "choice", "scores": scores}
    if kind == "yes_no" and block["good"]:
        found["metric"] = {"kind": "yes_no", "good": block["good"]}
    if kind in ("number", "scale") and (block["best"] or block["worst"]):
        found["metric"] = {"kind": "linear", "best": number(block["best"]), "worst": number(block["worst"])}
    if block["if_id"]:
        found["show_if"] = {block["if_id"]: block["if_value"]}
    return {name: value for name, value in found.items() if value not in ("", None)}


def file_from(form: MultiDict[str, str], blocks: list[Block]) -> Written:
    """The whole editor as a file."""
    limit = form.get("limit_seconds", "").strip()
    found: Written = {
        "format": FORMAT,
        "id": form.get("id", "").strip(),
        "version": number(form.get("version", "1")),
        "questions": [question(one) for one in blocks],
    }
    return found | ({"limit_seconds": number(limit)} if limit else {})


def check_written(content: Written) -> Written:
    """The file, unless a question has no text yet: said by its place on the page, not by its place in a file."""
    questions = cast("list[Mapping[str, object]]", content["questions"])
    bare = [n for n, one in enumerate(questions, start=1) if not str(one.get("text") or "").strip()]
    if bare:
        raise Invalid("voice_survey_file_refused", [Reason("voice_no_text", {"number": n}) for n in bare])
    return content


def block_from(content: Mapping[str, object], name: str = "") -> Block:
    """A question of a file or of the bank as a block."""
    block: Block = dict.fromkeys(FIELDS, "")
    for field in ("id", "kind", "text", "text_en", "unit", "scenario", "dimension"):
        block[field] = str(content.get(field) or "")
    block["id"] = block["id"] or name
    block["purpose"] = str(content.get("personal_purpose") or "")
    block["required"] = "1" if content.get("required") else ""
    metric = cast("Mapping[str, object]", content.get("metric") or {})
    scores = cast("Mapping[str, object]", metric.get("scores") or {})
    for field in ("best", "worst", "good"):
        block[field] = _plain(metric.get(field))
    options = cast("list[str]", content.get("options") or [])
    block["options"] = "\n".join(
        f"{one} | {_plain(scores[one])}" if one in scores else one for one in options
    )
    for earlier, wanted in cast("Mapping[str, object]", content.get("show_if") or {}).items():
        block["if_id"], block["if_value"] = earlier, str(wanted)
        break
    return block


def _plain(value: object) -> str:
    return f"{value:g}" if isinstance(value, (int, float)) else str(value or "")


def moved(blocks: list[Block], act: str) -> list[Block]:
    """The blocks after a button: one more, one less, one place up."""
    what, _dash, where = act.partition("-")
    at = number(where) if where else 0
    found = list(blocks)
    if what == "add" and len(found) < MOST_QUESTIONS:
        found.append(dict.fromkeys(FIELDS, "") | {"kind": "yes_no", "id": _free(found)})
    elif isinstance(at, int) and 0 <= at < len(found):
        if what == "drop":
            del found[at]
        elif what == "up" and at:
            found[at - 1], found[at] = found[at], found[at - 1]
    return found


def _free(blocks: list[Block]) -> str:
    """An id that no block has."""
    taken = {one["id"] for one in blocks}
    return next(name for at in range(1, len(blocks) + 2) if (name := f"q{at}") not in taken)
