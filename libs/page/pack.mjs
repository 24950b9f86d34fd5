// node pack.mjs DIST OUT: packs the page that Vite built in DIST for the program: OUT/page.bin, each file compressed, one
// behind the other, and OUT/files.cpp, which takes it in and tells what lies where.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { extname, join, relative, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';

const contentTypes = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};
const hashed = /^assets\/[^/]+-[\w-]{8}\.\w+$/; // as Vite names what may be kept for ever

const [dist, out] = process.argv.slice(2).map((path) => resolve(path));
const paths = readdirSync(dist, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => relative(dist, join(entry.parentPath, entry.name)))
  .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
if (!paths.includes('index.html')) throw new Error(`${dist} holds no index.html`);

const packed = [];
let rows = '';
let offset = 0;
for (const path of paths) {
  if (!/^[\w./-]+$/.test(path)) throw new Error(`${path}: no name for an address`);
  const contentType = contentTypes[extname(path)];
  if (!contentType) throw new Error(`${path}: pack.mjs knows no content type for it`);
  const bytes = readFileSync(join(dist, path));
  const gzip = gzipSync(bytes, { level: 9 });
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  rows += `    {"${path}", "${contentType}", {bytes + ${offset}, ${gzip.length}}, ${bytes.length},\n     "${sha256}", ${hashed.test(path)}},\n`;
  packed.push(gzip);
  offset += gzip.length;
}
writeFileSync(join(out, 'page.bin'), Buffer.concat(packed));
writeFileSync(
  join(out, 'files.cpp'),
  `// Made by pack.mjs.
#include "naevus/page/page.hpp"

asm(R"(
  .pushsection .rodata
  .hidden naevus_page_bytes
  .global naevus_page_bytes
naevus_page_bytes:
  .incbin "${join(out, 'page.bin')}"
  .popsection
)");
extern "C" const char bytes[${offset}] asm("naevus_page_bytes");

namespace naevus::page {

std::span<const File> files() {
  static constexpr File all[] = {
${rows}  };
  return all;
}

}  // namespace naevus::page
`,
);
