"""What the calls of the room take."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from app.hall.api.fields import ApiModel, Day, PageQuery
from app.policy.rules.yaml_tree import LARGEST_FILE


class IdPath(ApiModel):
    id: int = Field(ge=1, le=2**63 - 1)


class FitQuery(PageQuery):
    enterprise: str = Field("", max_length=40)
    state: Literal["", "push", "ask", "near", "no", "ineligible"] = ""


class FactBody(ApiModel):
    enterprise: str = Field("", max_length=40, description="One's own firm where nothing is said")
    fact: str = Field(min_length=1, max_length=64)
    period: str = Field("", pattern=r"^(\d{4}-(0[1-9]|1[0-2]))?$", description="YYYY-MM, or empty")
    value: str | int | float = Field(description="Empty: the fact is taken back")
    source: Literal["monthly_report", "document", "self_declared"] = "self_declared"


class FactsBody(ApiModel):
    facts: list[FactBody] = Field(min_length=1, max_length=1000)


class FactQuery(PageQuery):
    enterprise: str = Field("", max_length=40)


class VersionBody(ApiModel):
    text: str = Field(min_length=1, max_length=LARGEST_FILE, description="A rule file, parklink-policy/1")


class VersionQuery(PageQuery):
    state: Literal["", "draft", "tested", "approved", "in_force", "ended"] = ""


class DeclineBody(ApiModel):
    reason: str = Field(min_length=1, max_length=500)


class CaseBody(ApiModel):
    push: int | None = Field(
        None, ge=1, le=2**63 - 1, description="The push it answers; else name the policy"
    )
    policy: str = Field("", max_length=64)
    automatic: bool = False
    consent: bool = False


class CaseQuery(PageQuery):
    state: Literal["", "started", "filed", "granted", "paid", "refused", "withdrawn"] = ""


class StepBody(ApiModel):
    state: Literal["filed", "granted", "paid", "refused", "withdrawn"]
    on: Day | None = Field(None, description="Today where nothing is said")
    reason: str = Field("", max_length=500)
    amount_fen: int | None = Field(None, ge=0, le=10**15)
