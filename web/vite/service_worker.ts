import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { transformWithOxc } from 'vite';
import type { Plugin } from 'vite';

/** What only private mode needs: the model's thread and ONNX Runtime. */
const ofRuntime = /^\/assets\/(worker|ort-wasm-simd-threaded)-/;

/** Writes sw.js beside the built page: sw/sw.ts with the list of the page's files in front. */
export function serviceWorker(): Plugin {
  const source = resolve(import.meta.dirname, '../sw/sw.ts');
  let folder = '';
  return {
    name: 'naevus-service-worker',
    apply: 'build',
    configResolved(config) {
      folder = resolve(config.root, config.build.outDir);
    },
    async closeBundle() {
      const files = readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && entry.name !== 'sw.js')
        .map((entry) => join(entry.parentPath, entry.name))
        .sort();
      const hash = createHash('sha256');
      for (const file of [...files, source]) hash.update(file.slice(folder.length)).update(readFileSync(file));
      const paths = files.map((file) => file.slice(folder.length).replace(/^\/index\.html$/, '/'));
      const built = {
        version: hash.digest('hex').slice(0, 16),
        page: paths.filter((path) => !ofRuntime.test(path)),
        runtime: paths.filter((path) => ofRuntime.test(path)),
      };
      const { code } = await transformWithOxc(readFileSync(source, 'utf8'), source);
      writeFileSync(join(folder, 'sw.js'), `const built = ${JSON.stringify(built)};\n${code}`);
    },
  };
}
