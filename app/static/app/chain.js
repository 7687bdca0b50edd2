/* The chain's canvas: places come from the server, this file only draws them and follows the selection. */
const data = JSON.parse(document.getElementById("pl-chain-data").textContent);
const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const FONT = "PingFang SC, HarmonyOS Sans SC, Microsoft YaHei, Noto Sans CJK SC, sans-serif";
const CARDS = 150;
const GROUPS = 2000;
const reduced = matchMedia("(prefers-reduced-motion: reduce)").matches;

let cy = null;
let filter = "";
let chosen = data.chosen;

const colours = () => ({
  strong: token("--ch-ok"), weak: token("--ch-warn"), missing: token("--ch-bad"), empty: token("--ink3"), plain: token("--pri"),
});

function caption(node) {
  if (node.firms) return `${node.name}\n${data.words.firms.replace("{n}", node.firms)}`;
  return `${node.name}\n${node.mark === "missing" ? data.words.gone : data.words.empty}`;
}

/* Above two thousand segments a column shows one card per mark; below that every segment is drawn. */
function grouped(map) {
  if (map.nodes.length <= GROUPS) return map;
  const groups = new Map();
  const of = map.nodes.map((node) => {
    const key = `${node.column}/${node.mark}`;
    if (!groups.has(key)) groups.set(key, { column: node.column, mark: node.mark, size: 0, firms: 0, code: "", name: "" });
    const group = groups.get(key);
    group.size += 1;
    group.firms += node.firms;
    return key;
  });
  const keys = [...groups.keys()];
  const rows = {};
  const nodes = keys.map((key) => {
    const group = groups.get(key);
    rows[group.column] = (rows[group.column] ?? -1) + 1;
    return { ...group, row: rows[group.column], name: data.words.group.replace("{n}", group.size) };
  });
  const seen = new Set();
  const links = [];
  for (const link of map.links) {
    const pair = `${of[link.s]}>${of[link.t]}`;
    if (of[link.s] !== of[link.t] && !seen.has(pair)) {
      seen.add(pair);
      links.push({ s: keys.indexOf(of[link.s]), t: keys.indexOf(of[link.t]), mark: link.mark });
    }
  }
  return { stages: map.stages, nodes, links };
}

function positions(map, width, height, tall) {
  const columns = map.stages.map((_, c) => map.nodes.filter((n) => n.column === c).sort((a, b) => a.row - b.row));
  const wide = width / map.stages.length;
  const at = new Map();
  columns.forEach((column, c) => column.forEach((node, r) => {
    const step = Math.min(74, Math.max(tall, (height - 20) / column.length));
    at.set(node, { x: wide * (c + 0.5), y: height / 2 + (r - (column.length - 1) / 2) * step });
  }));
  return at;
}

/* Ports spread along a card's side, ordered by the other end, keep lines apart. */
function ports(map, at, high) {
  const spread = map.links.map(() => ({ s: 0, t: 0 }));
  for (const side of ["s", "t"]) {
    const other = side === "s" ? "t" : "s";
    const byNode = new Map();
    map.links.forEach((link, i) => byNode.set(link[side], [...(byNode.get(link[side]) ?? []), i]));
    for (const ids of byNode.values()) {
      ids.sort((a, b) => at.get(map.nodes[map.links[a][other]]).y - at.get(map.nodes[map.links[b][other]]).y);
      const gap = Math.min(7, (high - 12) / ids.length);
      ids.forEach((id, k) => { spread[id][side] = (k - (ids.length - 1) / 2) * gap; });
    }
  }
  return spread;
}

function curve(a, b, port, wide) {
  const back = b.x <= a.x + 1;
  const x1 = a.x + wide / 2, y1 = a.y + port.s;
  const x2 = Math.abs(a.x - b.x) < 1 ? b.x + wide / 2 : b.x - wide / 2 - 1, y2 = b.y + port.t;
  const dx = x2 - x1, dy = y2 - y1, square = dx * dx + dy * dy || 1, length = Math.sqrt(square);
  const same = Math.abs(a.x - b.x) < 1;
  const bow = same ? 16 : back ? Math.max(40, Math.abs(dx) * 0.18) : dx * 0.5;
  const lift = back && !same ? -Math.max(60, Math.abs(dx) * 0.16) : 0;
  const one = { x: bow, y: lift };
  const two = same ? { x: dx + bow, y: dy } : { x: dx - bow, y: dy + lift };
  const weight = (p) => (p.x * dx + p.y * dy) / square;
  const away = (p) => (-p.x * dy + p.y * dx) / length;
  return {
    se: `${wide / 2}px ${port.s}px`, te: `${same ? wide / 2 : -wide / 2 - 1}px ${port.t}px`,
    cw: [weight(one), weight(two)], cd: [away(one), away(two)],
  };
}

function style(wide, high, cards) {
  const c = colours();
  const ink = token("--ink"), card = token("--card");
  const list = [
    { selector: "node", style: {
      shape: cards ? "round-rectangle" : "ellipse", "corner-radius": 9, width: wide, height: high, "background-color": card,
      "border-width": 1.2, "border-color": c.plain, label: cards ? "data(label)" : "", "text-wrap": "wrap", "text-max-width": wide - 8,
      "text-valign": "center", "font-size": 11.5, "line-height": 1.38, "font-family": FONT, color: ink, "font-weight": 500,
      "overlay-opacity": 0 } },
    { selector: "edge", style: {
      "curve-style": cards ? "unbundled-bezier" : "haystack", "target-arrow-shape": cards ? "triangle" : "none", "arrow-scale": 0.6,
      width: 1.4, "line-color": c.plain, "target-arrow-color": c.plain, opacity: 0.55, "overlay-opacity": 0 } },
  ];
  if (cards) {
    list.push({ selector: "edge", style: {
      "edge-distances": "endpoints", "source-endpoint": "data(se)", "target-endpoint": "data(te)",
      "control-point-weights": "data(cw)", "control-point-distances": "data(cd)" } });
  }
  for (const [mark, colour] of Object.entries(c)) {
    const fill = cards ? {
      missing: { "border-style": "dashed", "background-color": token("--bad-s"), color: token("--bad"), "border-width": 1.6 },
      weak: { "background-color": token("--warn-s") },
      empty: { "border-style": "dotted", color: token("--ink2") },
    }[mark] ?? {} : { "background-color": colour };
    list.push({ selector: `node.${mark}`, style: { "border-color": colour, ...fill } });
    list.push({ selector: `edge.${mark}`, style: {
      "line-color": colour, "target-arrow-color": colour, "line-style": mark === "strong" || mark === "plain" ? "solid" : "dashed",
      "line-dash-pattern": mark === "missing" ? [2, 3] : [6, 4], opacity: mark === "strong" || mark === "plain" ? 0.5 : 0.9,
      "z-index": mark === "strong" ? 1 : 3 } });
  }
  return [...list,
    { selector: "node.dim", style: { opacity: 0.3 } },
    { selector: "edge.dim", style: { opacity: 0.08 } },
    { selector: "edge.lit", style: { width: 2.4, opacity: 1, "z-index": 9 } },
    { selector: "node.chosen", style: {
      "border-width": 2.4, "underlay-color": token("--pri"), "underlay-opacity": 0.16, "underlay-padding": 6,
      "underlay-shape": "round-rectangle" } }];
}

function light() {
  cy.elements().removeClass("lit chosen dim");
  if (filter) cy.elements().not(`.${filter}`).addClass("dim");
  const node = chosen ? cy.nodes().filter((n) => n.data("code") === chosen) : cy.collection();
  if (!node.length) return;
  const up = node.predecessors(), down = node.successors();
  const near = node.closedNeighborhood().union(up).union(down);
  cy.elements().not(near).addClass("dim");
  near.edges().addClass("lit");
  node.addClass("chosen");
}

function draw() {
  const box = document.getElementById("pl-chain-canvas");
  if (!box?.clientWidth || !globalThis.cytoscape) return;
  const map = grouped(data.map);
  const cards = map.nodes.length <= CARDS;
  const width = box.clientWidth, high = cards ? 40 : 10;
  const most = Math.max(...map.stages.map((_, c) => map.nodes.filter((n) => n.column === c).length));
  const height = Math.max(box.clientHeight, most * (cards ? high + 12 : 12) + 20);
  const wide = cards ? Math.min(134, width / map.stages.length - 34) : 10;
  const at = positions(map, width, height, cards ? high + 12 : 12);
  const spread = ports(map, at, high);
  cy?.destroy();
  cy = cytoscape({
    container: box, minZoom: 0.15, maxZoom: 3, autoungrabify: true, boxSelectionEnabled: false,
    layout: { name: "preset", fit: false }, style: style(wide, high, cards),
    elements: [
      ...map.nodes.map((node, i) => ({
        data: { id: `n${i}`, label: caption(node), code: node.code, panel: node.panel }, position: { ...at.get(node) }, classes: node.mark })),
      ...map.links.map((link, i) => ({
        data: { id: `e${i}`, source: `n${link.s}`, target: `n${link.t}`,
          ...(cards ? curve(at.get(map.nodes[link.s]), at.get(map.nodes[link.t]), spread[i], wide) : {}) },
        classes: link.mark })),
    ],
  });
  if (height > box.clientHeight) cy.fit(undefined, 16);
  cy.on("tap", "node", (event) => choose(event.target.data("code"), event.target.data("panel")));
  cy.on("tap", (event) => { if (event.target === cy) { chosen = ""; light(); } });
  cy.on("mouseover", "node", () => { box.style.cursor = "pointer"; });
  cy.on("mouseout", "node", () => { box.style.cursor = ""; });
  light();
  document.documentElement.dataset.chainReady = "1";
}

async function choose(code, url) {
  if (!code) return;
  chosen = code;
  light();
  const here = new URL(location.href);
  here.searchParams.set("segment", code);
  history.replaceState(null, "", here);
  const panel = document.getElementById("pl-panel");
  panel.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(url, { headers: { "X-Requested-With": "fetch" } });
    if (answer.ok && chosen === code) panel.innerHTML = await answer.text();
  } finally {
    panel.removeAttribute("aria-busy");
  }
}

function zoom(how) {
  if (!cy) return;
  if (how === "fit") { cy.animate({ fit: { padding: 16 } }, { duration: reduced ? 0 : 200 }); return; }
  const box = cy.container();
  cy.zoom({ level: cy.zoom() * (how === "in" ? 1.25 : 0.8), renderedPosition: { x: box.clientWidth / 2, y: box.clientHeight / 2 } });
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.zoom) zoom(button.dataset.zoom);
  if ("panelClose" in button.dataset && cy) { chosen = ""; light(); }
  if ("mark" in button.dataset) {
    filter = button.dataset.mark;
    chosen = "";
    for (const other of document.querySelectorAll("[data-chain-filter] button")) other.setAttribute("aria-pressed", String(other === button));
    if (cy) light();
  }
});

const shades = () => (document.documentElement.dataset.bsTheme === "dark"
  ? ["#5b2a33", "#5a4724", "#245345", "#2f8f6f"] : ["#fde2e4", "#fff1d6", "#d8f3e8", "#7fd3b3"]);

function chart() {
  const box = document.getElementById("pl-sankey") ?? document.getElementById("pl-heat");
  if (!box || !globalThis.echarts) return;
  echarts.getInstanceByDom(box)?.dispose();
  const show = echarts.init(box);
  const ink = token("--ink"), soft = token("--ink2");
  if (data.view === "sankey") {
    const c = colours();
    const marks = new Map(data.chart.map((row) => [row.source, row.mark]));
    const names = [...new Set(data.chart.flatMap((row) => [row.source, row.target]))];
    show.setOption({ animation: false, textStyle: { fontFamily: FONT }, tooltip: { renderMode: "richText" }, series: [{
      type: "sankey", left: 16, right: 110, top: 14, bottom: 14, nodeGap: 14, nodeWidth: 12, emphasis: { focus: "adjacency" },
      data: names.map((name) => ({ name, itemStyle: { color: c[marks.get(name) ?? "plain"], borderWidth: 0 } })),
      links: data.chart.map(({ source, target, value }) => ({ source, target, value })),
      lineStyle: { color: "gradient", opacity: 0.3, curveness: 0.5 }, label: { color: ink, fontSize: 12, textBorderWidth: 0 } }] });
  } else {
    const heads = JSON.parse(box.dataset.heads);
    const rows = data.chart.rows;
    box.style.height = `${Math.max(260, rows.length * 30 + 90)}px`;
    show.resize();
    const cells = rows.flatMap((row, y) => row.values.map((value, x) => [x, y, value ?? "-"]));
    show.setOption({ animation: false, textStyle: { fontFamily: FONT }, grid: { left: 120, right: 20, top: 12, bottom: 60 },
      tooltip: { renderMode: "richText" },
      xAxis: { type: "category", data: heads, axisLine: { show: false }, axisTick: { show: false }, axisLabel: { color: soft } },
      yAxis: { type: "category", data: rows.map((row) => row.name), inverse: true, axisLine: { show: false }, axisTick: { show: false }, axisLabel: { color: soft } },
      visualMap: { min: 0, max: 100, orient: "horizontal", left: "center", bottom: 6, itemHeight: 160, itemWidth: 10,
        text: [data.words.strong, data.words.weak], textStyle: { color: soft }, inRange: { color: shades() } },
      series: [{ type: "heatmap", data: cells, label: { show: true, fontSize: 12, color: ink, textBorderWidth: 0 },
        itemStyle: { borderColor: token("--card"), borderWidth: 3, borderRadius: 6 } }] });
  }
  document.documentElement.dataset.chainReady = "1";
}

const redraw = () => (data.view === "map" ? draw() : chart());
redraw();
addEventListener("themechange", redraw);
let timer = 0;
addEventListener("resize", () => { clearTimeout(timer); timer = setTimeout(redraw, 150); });
