/* What the map and the charts share: the page's data and the colours of the marks in the present theme. */
export const data = JSON.parse(document.getElementById("pl-chain-data").textContent);
export const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
export const FONT = "PingFang SC, HarmonyOS Sans SC, Microsoft YaHei, Noto Sans CJK SC, sans-serif";
export const reduced = matchMedia("(prefers-reduced-motion: reduce)").matches;

export const colours = () => ({
  strong: token("--ch-ok"), weak: token("--ch-warn"), missing: token("--ch-bad"), empty: token("--ink3"), end: token("--ink3"), plain: token("--pri"),
});
