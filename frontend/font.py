"""Cuts the type of the park's papers from Noto Sans CJK (Debian's fonts-noto-cjk), so that no character disappears.

    .venv/bin/python frontend/font.py /usr/share/fonts/opentype/noto

Regular keeps every character the simplified Chinese face has a shape for: GB 18030 level 2, traditional names, rare names of
the supplementary planes, kana and hangul. Bold keeps GB 2312 and what is named below; what it lacks is printed in regular.
Beside them stands `covered.txt`, the ranges that have a shape: all else is printed as a box with its code point.
"""

import sys
from itertools import pairwise
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTCollection, TTFont

TARGET = Path(__file__).parent.parent / "app" / "hall" / "files" / "paper" / "fonts"
FACE = "Noto Sans CJK SC"
BLOCKS = [
    (0x20, 0x7E),
    (0xA0, 0x17F),
    (0x370, 0x3FF),
    (0x2010, 0x203F),
    (0x2070, 0x20BF),
    (0x2100, 0x2189),
    (0x2190, 0x226F),
    (0x2460, 0x24FF),
    (0x25A0, 0x271F),
    (0x3000, 0x303F),
    (0xFF00, 0xFFEF),
]
RARE = (
    "镕堃喆玥珺翀昉旻暄烨煊瑄瑢甯祎赟钰铖锴闫頔颢骐骞麒麟龑昇昊晗晞晟垚垟埕塬嫄嬿孖宓岚峣崟嵘嶷彧忞恺懿斐旸昶晔晖晢朏桉桢梓楠槿榷樾泓洺浔涵淏淼湉湲"
    "溍滢漪潇澍濛灏炘炜烜焜焱燊爔玘玟珈珞珩琎琛琦琪琬琮瑀瑗瑜瑭瑷璇璟璠瓒畇皓睿瞳砚硕祺禛禹秭稷竑笙筠箐篪綦纾绮缇翊翎翥翯耘聿肇胤芃芊芮苒苓茉茗茜荀"
    "荃莘莙菁菡萱葳蒗蓁蓓蔚蔺薇薏藜虓蘅蠡衍袆裕訸诃谌豫贇赫轩轶迩逯遐邝邬邰郦郗鄄酩釉鈊鋆鑫铉铠铭锜锦镝閟闿陌隽雯霁霂霆霖靓靖韬韫韵頊颀飏馥骁骅"
    "骋骏魏鹄鹍鹏麓黛齐龢"
)
# Private characters mean nothing to the reader, and marks that turn the direction of a line could forge a name.
NEVER_SHOWN = {*range(0xE000, 0xF900), *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C}


def wanted_in_bold() -> set[int]:
    points = {ord(c) for c in RARE}
    points.update(p for first, last in BLOCKS for p in range(first, last + 1))
    for row in range(0xA1, 0xF8):
        for cell in range(0xA1, 0xFF):
            points.update(ord(c) for c in bytes([row, cell]).decode("gb2312", errors="ignore"))
    return points


def place_of_face(source: Path) -> int:
    for place, font in enumerate(TTCollection(str(source)).fonts):
        if font["name"].getDebugName(1) == FACE:
            return place
    raise SystemExit(f"{source} holds no {FACE}")


def cut(source: Path, target: Path, family: str, points: set[int] | None) -> None:
    options = subset.Options(layout_features=["kern", "ccmp", "mark", "mkmk"], hinting=False)
    options.font_number = place_of_face(source)
    options.drop_tables += ["vhea", "vmtx", "VORG", "BASE"]
    options.notdef_outline = True
    font = subset.load_font(str(source), options)
    has = set(font.getBestCmap()) - NEVER_SHOWN
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=has if points is None else has & points)
    subsetter.subset(font)
    font["head"].modified = font["head"].created  # the same cut twice is the same file
    for record in font["name"].names:
        if record.nameID in (1, 4, 16):
            font["name"].setName(family, record.nameID, record.platformID, record.platEncID, record.langID)
    font.recalcTimestamp = False
    subset.save_font(font, str(target), options)


def ranges(points: set[int]) -> list[str]:
    """`["20-7e", "a0", …]`, ascending."""
    ordered = sorted(points)
    breaks = [n for n, (here, after) in enumerate(pairwise(ordered), start=1) if after != here + 1]
    runs = [ordered[a:b] for a, b in pairwise([0, *breaks, len(ordered)])]
    return [f"{run[0]:x}-{run[-1]:x}" if len(run) > 1 else f"{run[0]:x}" for run in runs]


if __name__ == "__main__":
    fonts = Path(sys.argv[1])
    TARGET.mkdir(parents=True, exist_ok=True)
    regular = TARGET / "ParkSans.otf"
    cut(fonts / "NotoSansCJK-Regular.ttc", regular, "Park Sans", None)
    cut(fonts / "NotoSansCJK-Bold.ttc", TARGET / "ParkDisplay.otf", "Park Display", wanted_in_bold())
    found = ranges(set(TTFont(str(regular)).getBestCmap()))
    (TARGET / "covered.txt").write_text("\n".join(found) + "\n", "ascii")
