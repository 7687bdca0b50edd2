"""The one door of forms and addresses: every text of a request is cleaned before anybody reads it."""

from __future__ import annotations

from functools import cached_property

from flask import Request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict

from app.hall.text.normalise import clean


def _cleaned(values: MultiDict[str, str]) -> ImmutableMultiDict[str, str]:
    return ImmutableMultiDict([(clean(key), clean(value)) for key, value in values.items(multi=True)])


class ParkRequest(Request):
    """A request whose query and form hold no control characters, surrogates or turned text."""

    @cached_property
    def args(self) -> ImmutableMultiDict[str, str]:
        return _cleaned(super().args)

    @cached_property
    def form(self) -> ImmutableMultiDict[str, str]:
        return _cleaned(super().form)
