"""What the calls of subjects answer, field by field."""

from __future__ import annotations

from app.problems.shapes import About, ProblemCard


class ProblemSubject(ProblemCard):
    about: list[About]
