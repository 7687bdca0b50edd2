// Copies the pinned front-end packages into the tree and builds the icon sprite, so that running ParkLink needs no Node.
// `npm install && npm run build`. With a folder as argument it reads <folder>/node_modules instead of ./node_modules.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(resolve(process.argv[2] ?? root), "node_modules");
const read = (path) => readFileSync(join(modules, path), "utf8");
const manifest = (name) => JSON.parse(read(`${name}/package.json`));

const MIT_TERMS = `Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in
all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN
THE SOFTWARE.
`;
// Some packages name their licence without shipping its text; a bundle also carries the licences of what it bundles.
const mit = (...holders) => `The MIT License (MIT)\n\n${holders.join("\n")}\n\n${MIT_TERMS}`;
const bundled = (name, text) => `\n\n----- bundled: ${name} -----\n\n${text}`;

const PACKAGES = [
  {
    folder: "htmx",
    name: "htmx.org",
    files: { "dist/htmx.min.js": "htmx.min.js" },
    licence: () => read("htmx.org/LICENSE"),
  },
  {
    folder: "event-calendar",
    name: "@event-calendar/build",
    files: {
      "dist/event-calendar.min.css": "event-calendar.min.css",
      "dist/event-calendar.min.js": "event-calendar.min.js",
    },
    licence: () =>
      mit("Copyright (c) 2021 vkurko") +
      bundled("Svelte", mit("Copyright (c) 2016-2026 the Svelte contributors")),
  },
  {
    folder: "cytoscape",
    name: "cytoscape",
    files: { "dist/cytoscape.min.js": "cytoscape.min.js" },
    licence: () => read("cytoscape/LICENSE"),
  },
  {
    folder: "echarts",
    name: "echarts",
    files: { "dist/echarts.min.js": "echarts.min.js", NOTICE: "NOTICE", "licenses/LICENSE-d3": "LICENSE-d3" },
    licence: () => read("echarts/LICENSE") + bundled("ZRender", read("zrender/LICENSE")),
  },
  {
    folder: "tom-select",
    name: "tom-select",
    files: {
      "dist/css/tom-select.bootstrap5.min.css": "tom-select.min.css",
      "dist/js/tom-select.complete.min.js": "tom-select.min.js",
    },
    licence: () => read("tom-select/LICENSE"),
  },
  {
    folder: "axe",
    name: "axe-core",
    target: "tests/browser/vendor",
    files: { "axe.min.js": "axe.min.js", "LICENSE-3RD-PARTY.txt": "LICENSE-3RD-PARTY.txt" },
    licence: () => read("axe-core/LICENSE"),
  },
];

// The maps are not shipped; without the pointer a developer console asks for nothing that is not there.
const withoutMapPointer = (text) => text.replace(/\n?\/\/# sourceMappingURL=\S+\s*$|\/\*# sourceMappingURL=\S+ \*\/\s*$/, "\n");

function vendor() {
  const rows = [];
  for (const { folder, name, target, files, licence } of PACKAGES) {
    const into = join(root, target ?? "app/static/vendor", target ? "" : folder);
    rmSync(into, { recursive: true, force: true });
    mkdirSync(into, { recursive: true });
    for (const [from, to] of Object.entries(files)) {
      writeFileSync(join(into, to), withoutMapPointer(read(`${name}/${from}`)));
    }
    writeFileSync(join(into, "LICENSE"), licence());
    const { version, license } = manifest(name);
    rows.push(`| ${target ? `../../../${target}` : folder} | ${name} | ${version} | ${license} |`);
  }
  const head = "# Front-end packages, copied unchanged but for the pointer to their source maps\n\nMade by `npm install && npm run build` (`frontend/build.mjs`); do not edit by hand.\n\n| folder | package | version | licence |\n|---|---|---|---|\n";
  writeFileSync(join(root, "app/static/vendor/README.md"), `${head}${rows.join("\n")}\n`);
}

// One symbol per icon. The stroke width is left to the page (`svg.pl-icon { stroke-width: … }`), everything else is set here.
function sprite() {
  const folder = "@tabler/icons/icons/outline";
  const names = [...new Set(readFileSync(join(root, "app/static/app/icons.txt"), "utf8").split(/\s+/).filter(Boolean))].sort();
  const missing = names.filter((name) => !existsSync(join(modules, folder, `${name}.svg`)));
  if (missing.length > 0) {
    console.error(`icons.txt names icons that do not exist: ${missing.join(" ")}`);
    process.exit(2);
  }
  const symbols = names.map((name) => {
    const inner = read(`${folder}/${name}.svg`)
      .replace(/^[\s\S]*?<svg[\s\S]*?>/, "")
      .replace(/<\/svg>[\s\S]*$/, "")
      .replace(/<path stroke="none"[^>]*\/>/, "")
      .replace(/\s*\n\s*/g, "");
    return `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-linecap="round" stroke-linejoin="round">${inner}</symbol>`;
  });
  const comment = `<!-- Tabler Icons ${manifest("@tabler/icons").version}, MIT, Copyright (c) 2020-2026 Paweł Kuna; made from icons.txt by frontend/build.mjs -->`;
  writeFileSync(join(root, "app/static/app/icons.svg"), `<svg xmlns="http://www.w3.org/2000/svg">\n${comment}\n${symbols.join("\n")}\n</svg>\n`);
  return names.length;
}

vendor();
console.log(`vendor: ${PACKAGES.length} packages; sprite: ${sprite()} icons`);
