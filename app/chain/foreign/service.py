"""A foreign file to an import that waits for its confirmation: its columns are asked about, its rows added to the chain."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any, BinaryIO

from app.chain.exchange import drafts, graphfile
from app.chain.exchange import service as imports
from app.chain.exchange.friendly import Rows
from app.chain.exchange.models import ImportBatch, ImportDraft
from app.chain.exchange.reading import read_chain
from app.chain.exchange.rules import FIELDS, KEYS
from app.chain.exchange.tables import BY_NAME
from app.chain.foreign import reading, words
from app.chain.foreign.rules import SEGMENTS, Foreign, Said, faults, tables, words_of
from app.chain.register import facts
from app.chain.register import service as chains
from app.chain.register.models import IndustryChain
from app.chain.sector_tables.rules import Sector, offer
from app.hall.db.transaction import transaction
from app.hall.errors import Invalid, Reason
from app.hall.files.commands import problem_line
from app.identity import door as identity

KIND = "graph"
MOST_REASONS = 50


def keep_if_foreign(
    actor: identity.Actor, chain: IndustryChain | None, new: Mapping[str, Any], name: str, content: bytes
) -> int | None:
    """Keep a file that is a graph or a list of firms but no chain of ours; nothing where it is neither."""
    read = reading.graph if name.lower().endswith(graphfile.SUFFIXES) else reading.facilities
    found = read(name, content)
    if found is None:
        return None
    body = {"nodes": list(found.nodes), "edges": [list(edge) for edge in found.edges], "new": dict(new)}
    return drafts.keep(actor, KIND, chain, name, body)


def foreign_of(draft: ImportDraft) -> Foreign:
    content = draft.content
    return Foreign(tuple(content["nodes"]), tuple((a, b, row) for a, b, row in content["edges"]))


def make_import(actor: identity.Actor, draft: ImportDraft, said: Said, make_segments: bool) -> ImportBatch:
    """The rows of the file, added to those of the chain, as an import to look at; the strict reader judges them."""
    foreign, chain = foreign_of(draft), drafts.chain_of(draft)
    if wrong := faults(said):
        raise Invalid("foreign_wrong", reasons=[Reason(code, _worded(params)) for code, params in wrong])
    current = chains.chain_facts(chain) if chain else facts.Chain()
    code_of, fresh = _segments(foreign, said, current, make_segments)
    rows = tables(foreign, said, code_of)
    if fresh:
        rows["segments"] = [[code, code, "", ""] for code in fresh]
    known = current.segment_codes | set(fresh) | {str(row[0]) for row in rows.get("segments", ())}
    streams: dict[str, BinaryIO | Rows] = {
        name: graphfile.csv_of(BY_NAME[name].header, listed) for name, listed in rows.items()
    }
    found = read_chain(
        {n: s for n, s in streams.items() if n != "segments"}, (), f"{draft.file_name}/", known=known
    )
    problems = list(found.problems)
    segments = facts.Chain()
    if "segments" in streams:
        read = read_chain({"segments": streams["segments"]}, (), f"{draft.file_name}/")
        segments, problems = read.chain, [*read.problems, *problems]
    if problems:
        lines = [Reason("foreign_problem", {"line": problem_line(one)}) for one in problems[:MOST_REASONS]]
        raise Invalid("foreign_wrong", reasons=lines)
    read_now = dataclasses.replace(found.chain, segments=segments.segments)
    merged = _added(current, read_now, rows)
    brought = sorted({*rows} | ({"segments"} if chain is None else set()))
    with transaction():
        chain = drafts.chain_for(actor, draft)
        batch = imports.preview(actor, chain, merged, brought, draft.file_name)
        drafts.drop(draft)
        return batch


def _worded(params: Mapping[str, str]) -> dict[str, str]:
    return {k: str(words.MEANINGS.get(v, v)) if k == "meaning" else v for k, v in params.items()}


def _segments(
    foreign: Foreign, said: Said, current: facts.Chain, make: bool
) -> tuple[dict[str, str], list[str]]:
    """The segment each word stands for, by code or name alike; and the words that become segments."""
    if said.nodes_are == SEGMENTS:
        return {}, []
    spelled = words_of(foreign, said)
    known = {s.code: (s.name_zh, s.name_en) for s in current.segments}
    code_of: dict[str, str] = {}
    if known:
        found = offer([Sector(word, word) for word in spelled], known)
        code_of = {word: found[at] for at, word in enumerate(spelled) if found[at]}
    fresh = [word for word in spelled if word not in code_of]
    if fresh and known and not make:
        shown = "、".join(fresh[:10])
        raise Invalid("foreign_wrong", reasons=[Reason("foreign_unknown", {"values": shown})])
    return code_of, [word[:64] for word in fresh]


def _added(current: facts.Chain, read: facts.Chain, names: Iterable[str]) -> facts.Chain:
    """The chain with these rows added; a row with the key of one that is there takes its place."""
    merged = {}
    for table in {*names, "segments"}:
        field = FIELDS[table]
        rows = {
            tuple(getattr(row, key) for key in KEYS[table]): row
            for row in (*getattr(current, field), *getattr(read, field))
        }
        merged[field] = tuple(rows.values())
    return dataclasses.replace(current, **merged)
