"""Where an instrument stands: chosen from the park's buildings and rooms, kept as it is where it is none of them."""

from __future__ import annotations

from flask_babel import gettext as _

from app.hall.text.numbers import whole
from app.identity import door as identity

AS_IT_IS = "as-it-is"
Choices = dict[str, list[tuple[str, str]]]


def choices(building: str = "", place: str = "") -> tuple[Choices, str, str]:
    """What can be chosen, by building; the choice that is `building` and `place`, and what it leaves of the place."""
    found: Choices = {"": [("", _("请选择"))]}
    chosen, rest = "", place
    houses = identity.list_buildings()
    for house in houses:
        found[house.name] = [(f"b{house.id}", house.name)]
        if building and building in (house.name_zh, house.name_en, house.code):
            chosen = f"b{house.id}"
    for room in identity.list_rooms():
        label = " · ".join(filter(None, (room.building.name, room.label)))
        found[room.building.name].append((f"r{room.id}", label))
        if place and chosen == f"b{room.building.id}" and place in (room.code, room.name_zh):
            chosen, rest = f"r{room.id}", ""
    if building and not chosen:
        found[_("现在登记的位置")] = [(AS_IT_IS, building)]
        chosen = AS_IT_IS
    return found, chosen, rest


def said(choice: str, place: str, building: str = "") -> dict[str, str]:
    """The texts of a choice as a resource holds them; `building` is what stood there before."""
    number = whole(choice[1:]) if choice else None
    if choice.startswith("r"):
        for room in identity.list_rooms():
            if room.id == number:
                return {
                    "building": room.building.name_zh,
                    "place": " ".join(filter(None, (room.code, place))),
                }
    if choice.startswith("b"):
        for house in identity.list_buildings():
            if house.id == number:
                return {"building": house.name_zh, "place": place}
    return {"building": building if choice == AS_IT_IS else "", "place": place}
