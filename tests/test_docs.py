"""What the documents mention exists: calls of the API, commands, settings, links, and the labels of the guides."""

import re
from pathlib import Path

import click
import pytest
from babel.messages.pofile import read_po
from flask import Flask

ROOT = Path(__file__).parent.parent
DOCS = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
# What was agreed beforehand, also for what comes later: these say what shall be, not what is there.
AGREED = {
    path.name
    for path in (ROOT / "docs").glob("*.md")
    if path.name.startswith(("contract", "domain", "stories"))
}
AGREED |= {"design.md", "ledger.md"}
DONE = [path for path in DOCS if path.name not in AGREED]
NAMES = [str(path.relative_to(ROOT)) for path in DOCS]
CALL = re.compile(r"\b(GET|POST) +(?:/api/v1)?(/[a-z][^\s`|?&,;)]*)")
COMMAND = re.compile(r"\.venv/bin/flask ([a-z][a-z -]*)")
SETTING = re.compile(r"\bPARKLINK_[A-Z_]+\b")
LINK = re.compile(r"\]\((?!https?:)([^)#\s]+)")


def test_every_call_in_the_documents_is_one_of_the_application(app: Flask) -> None:
    """A path is compared by its shape: `/bookings/7`, `/bookings/{id}` and `/bookings/<int:booking_id>` are one."""

    def shape(path: str) -> str:
        return re.sub(r"<[^>]+>|\{[^}]+\}|(?<=/)\d+(?=/|$)", "*", path.rstrip("/"))

    known = {
        (method, shape(rule.rule.removeprefix("/api/v1")))
        for rule in app.url_map.iter_rules()
        for method in rule.methods or ()
    }
    said = {
        (method, shape(path))
        for file in DONE
        if file.parent.name != "methods"
        for method, path in CALL.findall(file.read_text("utf-8"))
    }
    assert len(said) > 100
    assert said - known == set()


def test_every_call_of_the_api_is_in_its_document(app: Flask) -> None:
    text = (ROOT / "docs" / "api.md").read_text("utf-8")
    told = {(method, re.sub(r"\{[^}]+\}", "{}", path)) for method, path in CALL.findall(text)}
    calls = {
        (method.upper(), re.sub(r"\{[^}]+\}", "{}", path.removeprefix("/api/v1")))
        for path, methods in app.api_doc["paths"].items()  # type: ignore[attr-defined]
        for method in methods
    }
    assert calls - told == set()


def test_every_command_and_setting_in_the_documents_exists(app: Flask) -> None:
    files = [ROOT / "run.py", *(ROOT / "app").rglob("*.py"), *(ROOT / "tests").rglob("*.py")]
    code = "\n".join(path.read_text("utf-8") for path in files)
    for file in DONE:
        text = file.read_text("utf-8")
        for words in COMMAND.findall(text):
            group: click.Command | None = app.cli
            for word in words.split():
                if not isinstance(group, click.Group) or word.startswith("-"):
                    break
                group = group.get_command(click.Context(group), word)
                assert group is not None, f"{file.name}: flask {words}"
        for name in SETTING.findall(text):
            assert name in code, f"{file.name}: {name}"


@pytest.mark.parametrize("file", DOCS, ids=NAMES)
def test_every_link_leads_to_a_file(file: Path) -> None:
    for target in LINK.findall(file.read_text("utf-8")):
        assert (file.parent / target).exists(), target


@pytest.mark.parametrize(("lang", "label"), [("zh", r"「([^」]+)」"), ("en", r"\*\*([^*]+)\*\*")])
def test_the_guides_name_buttons_and_pages_as_they_stand_on_the_screen(lang: str, label: str) -> None:
    """Quoted words (bold ones in English) are labels: sentences of the interface, word for word."""
    shown: set[str] = set()
    for file in (ROOT / "app").rglob("messages.po"):
        with file.open("rb") as stream:
            sentences = [str(one.id if lang == "zh" else one.string) for one in read_po(stream)]
        shown |= {re.sub(r"\s*%\(\w+\)s\s*", "", one) for one in sentences}
    guides = sorted((ROOT / "docs" / "guide" / lang).glob("*.md"))
    assert len(guides) > 5
    for guide in guides:
        unknown = set(re.findall(label, guide.read_text("utf-8"))) - shown
        assert unknown == set(), f"{guide.name}: no such words on the screen (stress in English is *italic*)"


def test_both_languages_have_the_same_sections() -> None:
    headings = {
        lang: {
            file.name: [
                line.split(" ")[0] for line in file.read_text("utf-8").splitlines() if line.startswith("#")
            ]
            for file in (ROOT / "docs" / "guide" / lang).glob("*.md")
        }
        for lang in ("zh", "en")
    }
    assert headings["zh"] == headings["en"]
