"""The rows of the ecosystem room."""

from app.ecosystem.models.committee import (
    AgendaItem,
    Committee,
    CommitteeSeat,
    JointBase,
    JointBaseFirm,
    Meeting,
    Resolution,
    TransferProject,
    Vote,
)
from app.ecosystem.models.introductions import (
    Appointment,
    Introduction,
    IntroductionFile,
    IntroductionNote,
    Outcome,
)
from app.ecosystem.models.market import (
    FirmLabel,
    Match,
    MatchPolicy,
    MatchRefusal,
    Need,
    Offer,
    Post,
    PostTag,
    Signal,
    SignalTag,
)
from app.ecosystem.models.packs import PackItem, ServicePack

__all__ = [
    "AgendaItem",
    "Appointment",
    "Committee",
    "CommitteeSeat",
    "FirmLabel",
    "Introduction",
    "IntroductionFile",
    "IntroductionNote",
    "JointBase",
    "JointBaseFirm",
    "Match",
    "MatchPolicy",
    "MatchRefusal",
    "Meeting",
    "Need",
    "Offer",
    "Outcome",
    "PackItem",
    "Post",
    "PostTag",
    "Resolution",
    "ServicePack",
    "Signal",
    "SignalTag",
    "TransferProject",
    "Vote",
]
