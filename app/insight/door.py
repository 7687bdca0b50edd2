"""What other rooms may call of this room; nothing else of it may be called from outside.

A room below hands scores and sentences over by a handler that this room registers when the application is made:
`keep_scores` takes the scores of answers, `keep_sentences` where a sentence stands (never the sentence itself).
"""

from __future__ import annotations

from app.insight.scores.sources import note as keep_scores
from app.insight.scores.store import NewScore

__all__ = ["NewScore", "keep_scores"]
