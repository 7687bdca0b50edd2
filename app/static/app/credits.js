// Twelve months of credits as bars; the table beside it says the same without a picture.
import { loadVendor } from "./app.js";

const box = document.querySelector("[data-months]");
const data = document.getElementById("pl-months-data");

if (box && data) {
  const figures = JSON.parse(data.textContent);
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const bars = (name, values, fill) => ({
    name, type: "bar", data: values, barMaxWidth: 12, itemStyle: { color: fill, borderRadius: [3, 3, 0, 0] },
  });
  await loadVendor("echarts/echarts.min.js");
  const chart = window.echarts.init(box);
  const draw = () => chart.setOption({
    animation: false,
    grid: { left: 46, right: 16, top: 10, bottom: 26 },
    tooltip: { trigger: "axis", renderMode: "richText" },
    xAxis: {
      type: "category", data: figures.labels, axisTick: { show: false },
      axisLine: { lineStyle: { color: colour("--line") } }, axisLabel: { color: colour("--ink3"), fontSize: 11.5 },
    },
    yAxis: {
      type: "value", splitNumber: 3, minInterval: 1, axisLabel: { color: colour("--ink3"), fontSize: 11.5 },
      splitLine: { lineStyle: { color: colour("--line2") } },
    },
    series: [bars(box.dataset.first, figures.first, "#1fa97c"), bars(box.dataset.second, figures.second, "#f5a524")],
  });
  draw();
  addEventListener("themechange", draw);
  addEventListener("resize", () => chart.resize());
}
