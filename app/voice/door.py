"""What other rooms may call of this room; nothing else of it may be called from outside."""

from __future__ import annotations

from app.voice.feedback.said import REMARK_HEARD, Remark, remarks, shown_words
from app.voice.gatherings.ratings import RATED as ACTIVITY_RATED
from app.voice.gatherings.ratings import ActivityScore, activity_scores
from app.voice.gatherings.service import NewGathering, prepare
from app.voice.queries import last_contacts, last_heard, layer_of
from app.voice.results.queries import SURVEY_CLOSED, SurveyScore, survey_scores
from app.voice.visits.rules import layer

__all__ = [
    "ACTIVITY_RATED",
    "REMARK_HEARD",
    "SURVEY_CLOSED",
    "ActivityScore",
    "NewGathering",
    "Remark",
    "SurveyScore",
    "activity_scores",
    "last_contacts",
    "last_heard",
    "layer",
    "layer_of",
    "prepare",
    "remarks",
    "shown_words",
    "survey_scores",
]
