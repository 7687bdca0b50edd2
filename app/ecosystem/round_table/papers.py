"""The minutes as a paper to sign and stamp: PDF from the park's press, Word for whoever must still add a line."""

from __future__ import annotations

import io
from dataclasses import dataclass

from flask_babel import gettext as _

from app.ecosystem import sight
from app.ecosystem.committee import service as committee
from app.ecosystem.round_table import queries, words
from app.ecosystem.round_table.arranging import attendance_of
from app.ecosystem.round_table.models import AgendaItem, Meeting
from app.ecosystem.round_table.sight import Reader, reader_of
from app.hall import clock, park
from app.hall.errors import NotFound
from app.hall.files.paper.document import Block, Heading, Pair, Paper, Paragraph
from app.hall.files.paper.press import press
from app.hall.text import language, units
from app.hall.text.normalise import writable
from app.identity.door import Actor


@dataclass(frozen=True)
class Subject:
    """One subject of the minutes: its number and title, what was said, how it was voted, what was resolved."""

    title: str
    said: str
    vote: str
    resolved: tuple[str, ...]


@dataclass(frozen=True)
class Minutes:
    """Everything both papers say, in the reader's language."""

    row: Meeting
    title: str
    facts: tuple[Pair, ...]
    subjects: tuple[Subject, ...]


def gather(actor: Actor, meeting_id: int) -> Minutes:
    """Of a meeting that was held, for whoever may read its minutes; else not found."""
    row = queries.get_meeting(meeting_id)
    if row.state != "held" or not committee.reads_minutes(actor):
        raise NotFound("meeting_not_found")
    board = committee.get_committee()
    seats = committee.seats(board.id)
    rows = queries.items(row.id)
    votes, resolved = queries.votes_of(row.id), queries.resolutions_of([one.id for one in rows])
    owners = {one.owner_id for found in resolved.values() for one in found}
    who = sight.organisations({seat.organisation_id for seat in seats} | owners)
    came = attendance_of(row.id)
    facts: list[Pair] = [
        (_("时间"), units.span(row.starts_at, row.ends_at, language.lang())),
        (_("地点"), row.place or "—"),
    ]
    for state, label in words.PRESENCE_NAMES.items():
        names = [who[seat.organisation_id].name for seat in seats if came.get(seat.id) == state]
        if names:
            facts.append((str(label), _("、").join(names)))
    subjects = []
    reader = reader_of(actor)
    for number, item in enumerate(rows, 1):
        tally = queries.tally_of(board, item, votes.get(item.id, {}), len(seats))
        voted = tally.yes or tally.no or tally.abstain
        subjects.append(
            Subject(
                f"{number}. {reader.title(item, item.title)}",
                "\n".join(x for x in (reader.note(item), *_around(reader, item), item.minutes) if x),
                _(
                    "赞成 %(yes)s，反对 %(no)s，弃权 %(abstain)s",
                    yes=tally.yes,
                    no=tally.no,
                    abstain=tally.abstain,
                )
                if voted
                else "",
                tuple(
                    _(
                        "决议：%(text)s（%(who)s，%(day)s 前）",
                        text=one.text,
                        who=who[one.owner_id].name,
                        day=units.day(one.due_on),
                    )
                    for one in resolved.get(item.id, [])
                ),
            )
        )
    title = _("第 %(number)s 次圆桌会议纪要", number=row.number)
    return Minutes(row, title, tuple(facts), tuple(subjects))


def _around(reader: Reader, item: AgendaItem) -> list[str]:
    """What was taken into a subject, and who spoke to it."""
    lines = [_("并入：%(title)s", title=title) for title in reader.merged(item)]
    speaker = reader.speaker(item)
    return [*lines, _("发言人：%(name)s", name=speaker)] if speaker else lines


def minutes_pdf(found: Minutes) -> bytes:
    blocks: list[Block] = []
    for subject in found.subjects:
        blocks.append(Heading(subject.title))
        lines = (*subject.said.splitlines(), subject.vote, *subject.resolved)
        blocks += [Paragraph(line) for line in lines if line.strip()]
    blocks.append(Heading(_("会议纪要")))
    blocks += [Paragraph(line) for line in found.row.minutes.splitlines() if line.strip()]
    return press(
        Paper(
            found.title,
            blocks,
            number=f"RT-{found.row.number}",
            period=units.day(clock.local(found.row.starts_at)),
            parties=found.facts,
            stamps=[park.identity().name, _("记录人")],
        )
    )


def minutes_docx(found: Minutes) -> bytes:
    """The same words as a document that can be completed, signed and stamped."""
    from docx import Document

    paper = Document()
    paper.core_properties.title = writable(found.title)
    paper.add_heading(writable(found.title), level=1)
    for label, value in found.facts:
        line = paper.add_paragraph()
        line.add_run(f"{label}  ").bold = True
        line.add_run(writable(value))
    for subject in found.subjects:
        paper.add_heading(writable(subject.title), level=2)
        for text in (*subject.said.splitlines(), subject.vote, *subject.resolved):
            if text.strip():
                paper.add_paragraph(writable(text))
    paper.add_heading(_("会议纪要"), level=2)
    for text in found.row.minutes.splitlines():
        paper.add_paragraph(writable(text))
    signs = paper.add_table(rows=1, cols=2)
    signs.rows[0].cells[0].text = _("主持人（签字）：")
    signs.rows[0].cells[1].text = _("%(park)s（盖章）：", park=park.identity().name)
    out = io.BytesIO()
    paper.save(out)
    return out.getvalue()
