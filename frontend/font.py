"""Cuts Noto Sans SC down to what PDFs of the park need, so that the repository carries 2 MB per weight instead of 10.

    .venv/bin/python frontend/font.py node_modules/@expo-google-fonts/noto-sans-sc

Kept: GB 2312, Latin with diacritics, Greek, punctuation, arrows, signs, full-width forms and the rarer characters of personal
names and of materials listed below.
"""

import shutil
import sys
from pathlib import Path

from fontTools import subset

WEIGHTS = {
    "400Regular/NotoSansSC_400Regular.ttf": "NotoSansSC-Regular.ttf",
    "700Bold/NotoSansSC_700Bold.ttf": "NotoSansSC-Bold.ttf",
}
BLOCKS = [
    (0x20, 0x7E), (0xA0, 0x17F), (0x370, 0x3FF), (0x2010, 0x203F), (0x2070, 0x20BF), (0x2100, 0x2189), (0x2190, 0x226F),
    (0x2460, 0x24FF), (0x25A0, 0x271F), (0x3000, 0x303F), (0xFF00, 0xFFEF),
]  # fmt: skip
RARE = (
    "镕堃喆玥珺翀昉旻暄烨煊瑄瑢甯祎赟钰铖锴闫頔颢骐骞麒麟龑昇昊晗晞晟垚垟埕塬嫄嬿孖宓岚峣崟嵘嶷彧忞恺懿斐旸昶晔晖晢朏桉桢梓楠槿榷樾泓洺浔涵淏淼湉湲"
    "溍滢漪潇澍濛灏炘炜烜焜焱燊爔玘玟珈珞珩琎琛琦琪琬琮瑀瑗瑜瑭瑷璇璟璠瓒畇皓睿瞳砚硕祺禛禹秭稷竑笙筠箐篪綦纾绮缇翊翎翥翯耘聿肇胤芃芊芮苒苓茉茗茜荀"
    "荃莘莙菁菡萱葳蒗蓁蓓蔚蔺薇薏藜虓蘅蠡衍袆裕訸诃谌豫贇赫轩轶迩逯遐邝邬邰郦郗鄄酩釉鈊鋆鑫铉铠铭锜锦镝閟闿陌隽雯霁霂霆霖靓靖韬韫韵頊颀飏馥骁骅"
    "骋骏魏鹄鹍鹏麓黛齐龢"
)


def wanted() -> set[int]:
    points = {ord(c) for c in RARE}
    points.update(p for first, last in BLOCKS for p in range(first, last + 1))
    for row in range(0xA1, 0xF8):
        for cell in range(0xA1, 0xFF):
            points.update(ord(c) for c in bytes([row, cell]).decode("gb2312", errors="ignore"))
    return points


def cut(source: Path, target: Path) -> None:
    options = subset.Options(layout_features=["kern", "ccmp", "locl", "mark", "mkmk"], hinting=False)
    options.drop_tables += ["vhea", "vmtx", "VORG", "BASE"]
    font = subset.load_font(str(source), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=wanted())
    subsetter.subset(font)
    subset.save_font(font, str(target), options)


if __name__ == "__main__":
    package = Path(sys.argv[1])
    fonts = Path(__file__).parent.parent / "app" / "static" / "fonts"
    fonts.mkdir(parents=True, exist_ok=True)
    for source, target in WEIGHTS.items():
        cut(package / source, fonts / target)
    shutil.copy(package / "LICENSE_FONT", fonts / "LICENSE")
