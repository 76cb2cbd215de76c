// build.mjs DIR: the bundle. Every name but index.html carries a hash of its content, so that it may be
// kept for ever; what is text is also there compressed, so that no server has to do it again.
import { build } from "esbuild";
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { gzipSync } from "node:zlib";

const out = process.argv[2];
const GZIP_LIMIT = 60 * 1024; // of what the first page loads: script, style, words
const LANGUAGES = ["en", "es"];
const fresh = `${out}.new`;

rmSync(fresh, { recursive: true, force: true });
mkdirSync(fresh, { recursive: true });
const result = await build({
  entryPoints: ["src/main.tsx", "src/styles/main.css"],
  outdir: fresh,
  entryNames: "assets/[name]-[hash]",
  assetNames: "assets/[name]-[hash]",
  chunkNames: "assets/[name]-[hash]",
  splitting: true,
  bundle: true,
  minify: true,
  format: "esm",
  target: ["es2022"],
  jsx: "automatic",
  jsxImportSource: "preact",
  legalComments: "none",
  metafile: true,
  logLevel: "warning",
});

const names = Object.keys(result.metafile.outputs).map((path) => basename(path));
const entry = (suffix) => names.find((name) => name.startsWith("main-") && name.endsWith(suffix));
const page = readFileSync("src/index.html", "utf8")
  .replace("MAIN_JS", `/assets/${entry(".js")}`)
  .replace("MAIN_CSS", `/assets/${entry(".css")}`);
writeFileSync(join(fresh, "index.html"), page);

const small = {};
for (const folder of [fresh, join(fresh, "assets")]) {
  for (const file of readdirSync(folder, { withFileTypes: true })) {
    if (file.isFile()) {
      small[file.name] = gzipSync(readFileSync(join(folder, file.name)), { level: 9 });
      writeFileSync(join(folder, `${file.name}.gz`), small[file.name]);
    }
  }
}

// The script with what it imports at once; other screens travel when they are opened.
function loadedWith(path, seen = new Set()) {
  if (!seen.has(path)) {
    seen.add(path);
    for (const { path: other, kind } of result.metafile.outputs[path].imports) {
      if (kind === "import-statement") {
        loadedWith(other, seen);
      }
    }
  }
  return seen;
}
const script = Object.keys(result.metafile.outputs).find((path) => basename(path) === entry(".js"));
const words = Math.max(...LANGUAGES.map((word) => small[names.find((name) => name.startsWith(`${word}-`))].length));
const first = [...loadedWith(script)].map((path) => basename(path)).concat(entry(".css"));
const total = first.reduce((sum, name) => sum + small[name].length, words);
if (total > GZIP_LIMIT) {
  console.error(`build.mjs: the first page loads ${total} bytes compressed, more than ${GZIP_LIMIT}`);
  process.exit(1);
}
rmSync(out, { recursive: true, force: true });
renameSync(fresh, out);
console.log(`web: ${names.length} files, ${(total / 1024).toFixed(1)} KB compressed on the first page, in ${out}`);
