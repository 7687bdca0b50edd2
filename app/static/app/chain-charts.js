/* The sankey of supply and the heat map of strength. Tooltips are drawn on the canvas: the CSP allows no inline style. */
import { FONT, colours, data, token } from "./chain-ink.js";

const shades = () => (document.documentElement.dataset.bsTheme === "dark"
  ? ["#5b2a33", "#5a4724", "#245345", "#2f8f6f"] : ["#fde2e4", "#fff1d6", "#d8f3e8", "#7fd3b3"]);

/* How wide the longest of these labels is, so that none is cut at the edge. */
function widest(names, size, most) {
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = `${size}px ${FONT}`;
  return Math.min(most, Math.max(0, ...names.map((name) => pen.measureText(name).width)));
}

function chart() {
  const box = document.getElementById("pl-sankey") ?? document.getElementById("pl-heat");
  if (!box || !globalThis.echarts) return;
  echarts.getInstanceByDom(box)?.dispose();
  const show = echarts.init(box);
  const ink = token("--ink"), soft = token("--ink2");
  if (data.view === "sankey") {
    const c = colours();
    const marks = new Map(data.chart.flatMap((row) => [[row.source, row.mark], [row.target, row.target_mark]]));
    const narrow = box.clientWidth < 600;
    const names = [...new Set(data.chart.flatMap((row) => [row.source, row.target]))];
    const sources = new Set(data.chart.map((row) => row.source));
    const right = widest(names.filter((name) => !sources.has(name)), 12, box.clientWidth / 3) + 20;
    show.setOption({ animation: false, textStyle: { fontFamily: FONT }, tooltip: { renderMode: "richText" }, series: [{
      type: "sankey", left: narrow ? 4 : 16, right: narrow ? 64 : right, top: 14, bottom: 14, nodeGap: narrow ? 8 : 14, nodeWidth: narrow ? 8 : 12, emphasis: { focus: "adjacency" },
      data: names.map((name) => ({ name, itemStyle: { color: c[marks.get(name) ?? "plain"], borderWidth: 0 } })),
      links: data.chart.map(({ source, target, value }) => ({ source, target, value })),
      lineStyle: { color: "gradient", opacity: 0.3, curveness: 0.5 }, label: { color: ink, fontSize: narrow ? 11 : 12, textBorderWidth: 0, ...(narrow ? { width: 76, overflow: "break" } : {}) } }] });
  } else {
    const heads = JSON.parse(box.dataset.heads);
    const rows = data.chart.rows;
    box.style.height = `${Math.max(260, rows.length * 30 + 90)}px`;
    show.resize();
    const cells = rows.flatMap((row, y) => row.values.map((value, x) => [x, y, value ?? "-"]));
    show.setOption({ animation: false, textStyle: { fontFamily: FONT }, grid: { left: widest(rows.map((row) => row.name), 12, 240) + 20, right: 20, top: 12, bottom: 60 },
      tooltip: { renderMode: "richText" },
      xAxis: { type: "category", data: heads, axisLine: { show: false }, axisTick: { show: false }, axisLabel: { color: soft, interval: 0 } },
      yAxis: { type: "category", data: rows.map((row) => row.name), inverse: true, axisLine: { show: false }, axisTick: { show: false }, axisLabel: { color: soft } },
      visualMap: { min: 0, max: 100, orient: "horizontal", left: "center", bottom: 6, itemHeight: 160, itemWidth: 10,
        text: [data.words.most, data.words.least], textStyle: { color: soft }, inRange: { color: shades() } },
      series: [{ type: "heatmap", data: cells, label: { show: true, fontSize: 12, color: ink, textBorderWidth: 0 },
        itemStyle: { borderColor: token("--card"), borderWidth: 3, borderRadius: 6 } }] });
  }
  document.documentElement.dataset.chainReady = "1";
}

chart();
addEventListener("themechange", chart);
let timer = 0;
addEventListener("resize", () => { clearTimeout(timer); timer = setTimeout(chart, 150); });
