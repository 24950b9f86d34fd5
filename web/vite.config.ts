import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defaultClientConditions, defineConfig } from 'vite';
import type { ProxyOptions } from 'vite';
import { serviceWorker } from './vite/service_worker.ts';

const runtime = fileURLToPath(import.meta.resolve('onnxruntime-web/ort-wasm-simd-threaded.wasm'));

// While the page is worked on, Vite serves it and hands the rest to a server that was started by hand. The server takes
// requests of its own page alone, so that theirs are said to come from there.
const server = process.env['NAEVUS_SERVER'] ?? 'http://127.0.0.1:8080';
const handed: ProxyOptions = {
  target: server,
  changeOrigin: true,
  ws: true,
  configure: (proxy) => {
    proxy.on('proxyReq', (request) => request.setHeader('Origin', server));
    proxy.on('proxyReqWs', (request) => request.setHeader('Origin', server));
  },
};
const proxy = { '/api': handed, '/v2': handed, '/metrics': handed };

export default defineConfig({
  plugins: [svelte(), serviceWorker()],
  // ONNX Runtime's script and WebAssembly are files of their own, loaded when private mode asks for them.
  resolve: { conditions: ['onnxruntime-web-use-extern-wasm', ...defaultClientConditions] },
  define: { runtimeBytes: statSync(runtime).size },
  worker: { format: 'es' },
  build: {
    target: 'es2023',
    assetsInlineLimit: 0, // the page's policy takes scripts, styles and pictures from files alone
    modulePreload: { polyfill: false },
  },
  server: { proxy },
  preview: {
    proxy,
    headers: {
      'Content-Security-Policy':
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; media-src 'self' blob:; worker-src 'self'; manifest-src 'self'; font-src 'self'; frame-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for 'script'; trusted-types default svelte-trusted-html",
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Embedder-Policy': 'require-corp',
      'Cross-Origin-Resource-Policy': 'same-origin',
    },
  },
});
