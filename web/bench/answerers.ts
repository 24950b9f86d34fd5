// Built pages, served by Vite beside a running server; among them bench/page, whose answerers are called from outside.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const web = join(import.meta.dirname, '..');
const vite = join(web, 'node_modules/vite/bin/vite.js');
const config = join(import.meta.dirname, 'page/vite.config.ts');

export interface Shown {
  address: string;
  stop: () => void;
}

/**
 * Serves what Vite has built, on a free port.
 * @param server   the address of `naevus serve`
 * @param options  of `vite preview`
 */
export async function preview(server: string, ...options: string[]): Promise<Shown> {
  const port = String(40000 + Math.floor(Math.random() * 20000));
  const program = spawn(process.execPath, [vite, 'preview', '--host', '127.0.0.1', '--port', port, ...options], {
    cwd: web,
    env: { ...process.env, NAEVUS_SERVER: server, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: program.stdout })) {
    const address = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0];
    if (address) return { address, stop: () => program.kill() };
  }
  throw new Error('the page is not served');
}

export async function showAnswerers(server: string): Promise<Shown> {
  const built = spawnSync(process.execPath, [vite, 'build', '--config', config], { cwd: web, encoding: 'utf8' });
  assert.equal(built.status, 0, built.stderr);
  return preview(server, '--config', config);
}
