// Bundles one ES module per public widget into tfinterp_widgets/static/.
//
//   node js/build.mjs            minified; fails over budget
//   node js/build.mjs --watch    rebuilds on change
//   node js/build.mjs --dev      the harness of js/dev into output/dev/

import { readFileSync } from "node:fs";
import { cp } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build, context } from "esbuild";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const ENTRIES = {
  explorer: `${ROOT}js/src/explorer/index.tsx`,
  slices: `${ROOT}js/src/slices/index.tsx`,
  stage: `${ROOT}js/src/stage/index.ts`,
  table: `${ROOT}js/src/table/index.tsx`,
};
const STATIC = `${ROOT}tfinterp_widgets/static`;
const DEV = `${ROOT}output/dev`;

// `_esm` is sent and saved with every widget, so each entry stays small.
const BUDGET = { minified: 180_000, gzipped: 60_000 };

const options = {
  entryPoints: ENTRIES,
  outdir: STATIC,
  bundle: true,
  format: "esm",
  target: "es2022",
  jsx: "automatic",
  jsxImportSource: "preact",
  minify: true,
  legalComments: "none",
  logLevel: "warning",
};

function overBudget(name) {
  const code = readFileSync(`${STATIC}/${name}.js`);
  const size = { minified: code.length, gzipped: gzipSync(code).length };
  const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} KB`;
  for (const kind of Object.keys(BUDGET)) {
    console.log(`${name}.js ${kind}: ${kilobytes(size[kind])} of ${kilobytes(BUDGET[kind])}`);
  }
  return Object.keys(BUDGET).some((kind) => size[kind] > BUDGET[kind]);
}

async function bundle() {
  await build(options);
  const over = Object.keys(ENTRIES).filter(overBudget);
  if (over.length > 0) {
    console.error(`Over budget: ${over.join(", ")}. Drop a dependency or shorten the view.`);
    process.exitCode = 1;
  }
}

async function watch() {
  const watcher = await context({ ...options, minify: false, sourcemap: "inline" });
  await watcher.watch();
  console.log("watching js/src");
}

async function harness() {
  const entryPoints = {
    harness: `${ROOT}js/dev/harness.ts`,
    slices: `${ROOT}js/dev/slices/harness.ts`,
  };
  await build({ ...options, entryPoints, outdir: DEV, minify: false });
  for (const page of ["index.html", "slices.html"]) {
    await cp(`${ROOT}js/dev/${page}`, `${DEV}/${page}`);
    console.log(`open ${DEV}/${page}`);
  }
}

if (process.argv.includes("--watch")) await watch();
else if (process.argv.includes("--dev")) await harness();
else await bundle();
