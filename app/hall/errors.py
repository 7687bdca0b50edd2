"""The ways to say no; views never catch them, one handler answers all (see `web` and `api`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar


@dataclass(frozen=True)
class Reason:
    """One reason of a refusal: a message id and what to fill in."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


class Refusal(Exception):
    """A use case says no: `code` and `params` name the sentence, `reasons` all that stands in the way.

    >>> raise Conflict("sold_out", stock=0)
    Traceback (most recent call last):
    ...
    app.hall.errors.Conflict: sold_out {'stock': 0}
    """

    status: ClassVar[int] = 500

    def __init__(
        self,
        code: str,
        /,
        reasons: Iterable[Reason] = (),
        extra: Mapping[str, Any] | None = None,
        **params: Any,
    ) -> None:
        self.code = code
        self.reasons = tuple(reasons)
        self.extra = dict(extra or {})
        self.params = params
        super().__init__(f"{code} {params}" if params else code)


class Invalid(Refusal):
    """The input is wrong."""

    status = 422


class NotAllowed(Refusal):
    """The actor may know of it but not do it."""

    status = 403


class NotFound(Refusal):
    """It does not exist, or the actor may not know that it does."""

    status = 404


class Conflict(Refusal):
    """The state of things, or somebody faster, stands in the way."""

    status = 409


class Gone(Refusal):
    """It was there and is over for good: a link that was used, a survey that is closed."""

    status = 410


class TooSoon(Refusal):
    """Too many attempts: `retry_after` says in how many seconds the next one counts."""

    status = 429


class Busy(Refusal):
    """The house has its hands full: `retry_after` says in how many seconds to come back."""

    status = 503
