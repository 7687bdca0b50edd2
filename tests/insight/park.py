"""Firms that answer, for the tests of the room: all through the calls that people use."""

from __future__ import annotations

from typing import Any

from tests.factories import Park


class Answers:
    """A park with its analyst and vice president, and firms by layer whose scores are handed in over HTTP."""

    def __init__(self, park: Park, **layers: int) -> None:
        self.park = park
        self.staff = park.staff()
        for login, role in (("analyst", "analyst"), ("vp", "vice_president"), ("finance", "department_head")):
            park.member(login, self.staff, role)
        sizes = {"small_micro": "small", "medium": "medium", "large": "large"}
        self.firms = {
            layer: [f"{layer[0].upper()}{n:02d}" for n in range(1, many + 1)]
            for layer, many in layers.items()
        }
        self.ids = {
            code: park.organisation(code, size=sizes[layer])
            for layer, codes in self.firms.items()
            for code in codes
        }
        self.analyst, self.vp = park.api("analyst"), park.api("vp")

    def say(self, month: str, dimension: str, layer: str, scores: list[Any], version: str = "") -> Any:
        """Scores of a layer's first firms, one each."""
        rows = [
            {"month": month, "enterprise": code, "dimension": dimension, "score": score, "version": version}
            for code, score in zip(self.firms[layer], scores, strict=False)
        ]
        return self.analyst.post("/insight/scores", {"scores": rows})
