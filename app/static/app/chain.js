/* The chain's canvas: places come from the server, this file only draws them and follows the selection. */
import { FONT, colours, data, reduced, token } from "./chain-ink.js";

const CARDS = 150;
const GROUPS = 2000;

let cy = null;
let filter = "";
let word = "";
let chosen = data.chosen;
let opened = null;
let shown = { map: { nodes: [], links: [] }, ids: [], cards: true };

function caption(node) {
  if (node.firms) return `${node.name}\n${(node.firms === 1 ? data.words.firm : data.words.firms).replace("{n}", node.firms)}`;
  return `${node.name}\n${node.mark === "missing" ? data.words.gone : data.words.empty}`;
}

/* Above two thousand segments a column shows one card per mark, until one of them is opened. */
function grouped(map) {
  if (opened) {
    const column = map.nodes.filter((node) => node.column === opened.column && node.mark === opened.mark);
    return { stages: [map.stages[opened.column]], nodes: column.map((node) => ({ ...node, column: 0 })), links: [] };
  }
  if (map.nodes.length <= GROUPS) return map;
  const groups = new Map();
  const of = map.nodes.map((node) => {
    const key = `${node.column}/${node.mark}`;
    if (!groups.has(key)) groups.set(key, { column: node.column, mark: node.mark, size: 0, firms: 0, code: "", search: "", number: groups.size });
    const group = groups.get(key);
    group.size += 1;
    group.firms += node.firms;
    group.search += ` ${node.name} ${node.code}`;
    return group;
  });
  const rows = {};
  const nodes = [...groups.values()].map((group) => {
    rows[group.column] = (rows[group.column] ?? -1) + 1;
    return { ...group, row: rows[group.column], name: `${data.words[group.mark]} ${group.size}` };
  });
  const seen = new Set();
  const links = [];
  for (const link of map.links) {
    const from = of[link.s], to = of[link.t], pair = `${from.number}>${to.number}`;
    if (from === to || seen.has(pair)) continue;
    seen.add(pair);
    links.push({ s: from.number, t: to.number, mark: link.mark });
  }
  return { stages: map.stages, nodes, links };
}

function columnsOf(map) {
  const columns = map.stages.map(() => []);
  for (const node of map.nodes) columns[node.column].push(node);
  return columns;
}

/* Cards: one under the other in a column. */
function inColumns(map, width, height, tall) {
  const wide = width / map.stages.length;
  const at = new Map();
  columnsOf(map).forEach((column, c) => column.sort((a, b) => a.row - b.row).forEach((node, r) => {
    const step = Math.min(74, Math.max(tall, (height - 20) / column.length));
    at.set(node, { x: wide * (c + 0.5), y: height / 2 + (r - (column.length - 1) / 2) * step });
  }));
  return at;
}

/* An opened group: its cards side by side, by name. */
function inGrid(map, wide, across, tall) {
  const sorted = [...map.nodes].sort((a, b) => a.name.localeCompare(b.name));
  return new Map(sorted.map((node, n) => [node, { x: wide * ((n % across) + 0.5), y: 30 + tall * Math.floor(n / across) }]));
}

/* Dots: every column is a field filled row by row, missing first, so that a glance shows how much is weak. */
const SOLID = new Set(["strong", "plain", "end"]);
const ORDER = ["missing", "weak", "empty", "plain", "end", "strong"];
function inFields(map, width, height) {
  const wide = width / map.stages.length;
  const at = new Map();
  let size = 22;
  const columns = columnsOf(map);
  for (const column of columns) size = Math.min(size, Math.sqrt(((wide - 16) * (height - 24)) / Math.max(1, column.length)) * 0.92);
  const across = Math.max(1, Math.floor((wide - 16) / size));
  columns.forEach((column, c) => column
    .sort((a, b) => ORDER.indexOf(a.mark) - ORDER.indexOf(b.mark) || a.row - b.row)
    .forEach((node, n) => at.set(node, {
      x: wide * c + 8 + size * ((n % across) + 0.5), y: 14 + size * (Math.floor(n / across) + 0.5) })));
  return { at, dot: Math.max(4, Math.min(12, size * 0.62)) };
}

/* Ports spread along a card's side, ordered by the other end, keep lines apart. */
function ports(map, at, high) {
  const spread = map.links.map(() => ({ s: 0, t: 0 }));
  for (const side of ["s", "t"]) {
    const other = side === "s" ? "t" : "s";
    const byNode = new Map();
    map.links.forEach((link, i) => {
      if (!byNode.has(link[side])) byNode.set(link[side], []);
      byNode.get(link[side]).push(i);
    });
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
      shape: cards ? "round-rectangle" : "data(shape)", "corner-radius": 9, width: wide, height: high, "background-color": card,
      "border-width": 1.2, "border-color": c.plain, label: cards ? "data(label)" : "", "text-wrap": "wrap", "text-max-width": wide - 8,
      "text-valign": "center", "font-size": 11.5, "line-height": 1.38, "font-family": FONT, color: ink, "font-weight": 500,
      "overlay-opacity": 0 } },
    { selector: "edge", style: {
      "curve-style": cards ? "unbundled-bezier" : "haystack", "target-arrow-shape": cards ? "triangle" : "none", "arrow-scale": 0.6,
      width: 1.4, "line-color": c.plain, "target-arrow-color": c.plain, opacity: 0.55, "overlay-opacity": 0,
      events: "no" } },
  ];
  if (cards) {
    list.push({ selector: "edge", style: {
      "edge-distances": "endpoints", "source-endpoint": "data(se)", "target-endpoint": "data(te)",
      "control-point-weights": "data(cw)", "control-point-distances": "data(cd)" } });
  }
  for (const [mark, colour] of Object.entries(c)) {
    const fill = cards ? {
      missing: { "border-style": "dotted", "background-color": token("--bad-s"), color: token("--bad"), "border-width": 1.6 },
      weak: { "border-style": "dashed", "background-color": token("--warn-s") },
      empty: { "border-style": "double", "border-width": 3, color: token("--ink2") },
    }[mark] ?? {} : { "background-color": colour };
    list.push({ selector: `node.${mark}`, style: { "border-color": colour, ...fill } });
    list.push({ selector: `edge.${mark}`, style: {
      "line-color": colour, "target-arrow-color": colour, "line-style": SOLID.has(mark) ? "solid" : "dashed",
      "line-dash-pattern": mark === "missing" ? [2, 3] : [6, 4], opacity: SOLID.has(mark) ? 0.5 : 0.9,
      "z-index": mark === "strong" ? 1 : 3 } });
  }
  return [...list,
    { selector: "node.dim", style: { opacity: cards ? 0.3 : 0.14 } },
    { selector: "edge.dim", style: { opacity: 0.08 } },
    { selector: "edge.lit", style: { width: cards ? 2.4 : 1.4, opacity: cards ? 1 : 0.7, "z-index": 9 } },
    { selector: "node.chosen", style: {
      "border-width": 2.4, "underlay-color": token("--pri"), "underlay-opacity": 0.16, "underlay-padding": 6,
      "underlay-shape": "round-rectangle" } }];
}

/* Everything up and down the chain from one segment, with the number of steps; lines only where they are few. */
const STEPS = 2;
const LINES = 400;
function path(map, start) {
  const steps = new Map([[start, 0]]);
  const lines = [];
  for (const [from, to] of [["s", "t"], ["t", "s"]]) {
    const out = new Map();
    for (const link of map.links) {
      if (!out.has(link[from])) out.set(link[from], []);
      out.get(link[from]).push(link);
    }
    let front = [start];
    const seen = new Set(front);
    for (let step = 1; front.length; step += 1) {
      const next = [];
      for (const at of front) {
        for (const link of out.get(at) ?? []) {
          if (step <= STEPS && lines.length < LINES) lines.push(link);
          if (seen.has(link[to])) continue;
          seen.add(link[to]);
          steps.set(link[to], step);
          next.push(link[to]);
        }
      }
      front = next;
    }
  }
  return { steps, lines };
}

/* Dots have no lines of their own: the chosen one's are drawn when it is chosen. */
function lightDots(node) {
  cy.edges().remove();
  const start = shown.map.nodes.findIndex((row) => row.code === chosen);
  if (start < 0) return;
  const { steps, lines } = path(shown.map, start);
  cy.nodes().addClass("dim");
  for (const at of steps.keys()) cy.getElementById(shown.ids[at]).removeClass("dim");
  cy.add(lines.map((link, i) => ({ group: "edges", classes: `${link.mark} lit`,
    data: { id: `e${i}`, source: shown.ids[link.s], target: shown.ids[link.t] } })));
  node.addClass("chosen");
}

function light() {
  cy.batch(() => {
    cy.elements().removeClass("lit chosen dim");
    if (!shown.cards) cy.edges().remove();
    if (filter) cy.nodes().not(`.${filter}`).addClass("dim");
    if (word) cy.nodes().filter((node) => !node.data("search").includes(word)).addClass("dim");
    const node = chosen ? cy.getElementById(`c${chosen}`) : cy.collection();
    if (!node.length || word) return;
    if (!shown.cards) { lightDots(node); return; }
    const near = node.union(node.predecessors()).union(node.successors());
    if (!filter) cy.elements().not(near).addClass("dim");
    near.edges().addClass("lit");
    near.removeClass("dim");
    node.addClass("chosen");
  });
}

const SHAPES = { missing: "diamond", weak: "triangle", strong: "ellipse", end: "ellipse", empty: "rectangle", plain: "ellipse" };

function draw() {
  const box = document.getElementById("pl-chain-canvas");
  if (!box?.clientWidth || !globalThis.cytoscape) return;
  const map = grouped(data.map);
  const cards = map.nodes.length <= CARDS;
  const width = box.clientWidth, high = cards ? 40 : 10;
  const most = Math.max(...columnsOf(map).map((column) => column.length));
  const across = Math.floor(width / 148);
  const rows = opened ? Math.ceil(most / across) : most;
  const height = cards ? Math.max(box.clientHeight, rows * (high + 12) + 20) : box.clientHeight;
  const field = cards ? null : inFields(map, width, height);
  const wide = cards ? Math.min(134, width / map.stages.length - 34) : field.dot;
  const at = field?.at ?? (opened ? inGrid(map, width / across, across, high + 14) : inColumns(map, width, height, high + 12));
  const spread = cards ? ports(map, at, high) : null;
  const ids = map.nodes.map((node, i) => (node.code ? `c${node.code}` : `g${i}`));
  shown = { map, ids, cards };
  cy?.destroy();
  cy = cytoscape({
    container: box, minZoom: 0.15, maxZoom: 6, autoungrabify: true, boxSelectionEnabled: false,
    layout: { name: "preset", fit: false }, style: style(wide, cards ? high : field.dot, cards),
    elements: [
      ...map.nodes.map((node, i) => ({
        data: { id: ids[i], label: caption(node), code: node.code, column: node.column, mark: node.mark, shape: SHAPES[node.mark],
          search: (node.search ?? `${node.name} ${node.code}`).toLowerCase() },
        position: { ...at.get(node) }, classes: node.mark })),
      ...(cards ? map.links : []).map((link, i) => ({
        data: { id: `e${i}`, source: ids[link.s], target: ids[link.t],
          ...curve(at.get(map.nodes[link.s]), at.get(map.nodes[link.t]), spread[i], wide) },
        classes: link.mark })),
    ],
  });
  if (height > box.clientHeight) cy.fit(undefined, 16);
  const hint = document.querySelector("[data-chain-hint]");
  cy.on("tap", "node", (event) => {
    const node = event.target;
    if (node.data("code")) choose(node.data("code"));
    else open({ column: node.data("column"), mark: node.data("mark") });
  });
  cy.on("tap", (event) => { if (event.target === cy) { chosen = ""; light(); } });
  cy.on("mouseover", "node", (event) => {
    box.style.cursor = "pointer";
    if (cards) return;
    const spot = event.target.renderedPosition();
    hint.textContent = event.target.data("label").replace("\n", " · ");
    hint.style.left = `${Math.min(spot.x + 12, box.clientWidth - 200)}px`;
    hint.style.top = `${box.offsetTop + spot.y - 12}px`;
    hint.hidden = false;
  });
  cy.on("mouseout", "node", () => { box.style.cursor = ""; hint.hidden = true; });
  light();
  const stages = document.querySelector("[data-stages]");
  if (stages) stages.replaceChildren(...map.stages.map((stage) => Object.assign(document.createElement("span"), { textContent: stage.name })));
  document.querySelector("[data-chain-back]").hidden = !opened;
  document.documentElement.dataset.chainReady = String(map.nodes.length);
}

/* A group opens into its segments; the button beside the zoom goes back. */
function open(group) {
  opened = group;
  chosen = "";
  draw();
}

async function choose(code) {
  if (!code) return;
  chosen = code;
  light();
  const here = new URL(location.href);
  here.searchParams.set("segment", code);
  history.replaceState(null, "", here);
  const panel = document.getElementById("pl-panel");
  panel.setAttribute("aria-busy", "true");
  try {
    const url = data.panel.replace("__code__", encodeURIComponent(code));
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
  if ("chainBack" in button.dataset) open(null);
  if ("panelClose" in button.dataset && cy) { chosen = ""; light(); }
  if ("mark" in button.dataset) {
    filter = button.dataset.mark;
    chosen = "";
    for (const other of document.querySelectorAll("[data-chain-filter] button")) other.setAttribute("aria-pressed", String(other === button));
    if (cy) light();
  }
});

/* Search dims what does not match, on the canvas and in the list; Enter chooses the first match. */
const find = document.querySelector("[data-chain-find]");
const named = (wanted) => data.map.nodes.filter((node) => `${node.name} ${node.code}`.toLowerCase().includes(wanted));
find?.addEventListener("input", () => {
  word = find.value.trim().toLowerCase();
  const hits = new Set(word ? named(word).map((node) => node.code) : []);
  for (const cell of document.querySelectorAll("[data-chain-list] [data-code]")) cell.hidden = Boolean(word) && !hits.has(cell.dataset.code);
  for (const box of document.querySelectorAll("[data-chain-list] details")) box.open = word ? Boolean(box.querySelector("[data-code]:not([hidden])")) : box.dataset.open === "1";
  if (cy) light();
});
find?.form.addEventListener("submit", (event) => {
  const hit = word ? named(word)[0] : null;
  if (!hit || !cy) return;
  event.preventDefault();
  word = find.value = "";
  find.dispatchEvent(new Event("input"));
  if (data.map.nodes.length > GROUPS) open({ column: hit.column, mark: hit.mark });
  choose(hit.code);
});

draw();
addEventListener("themechange", draw);
let timer = 0;
addEventListener("resize", () => { clearTimeout(timer); timer = setTimeout(draw, 150); });
