// The page bench/page, built and served beside a running server.
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

/** @param server  the address of `naevus serve` */
export async function showAnswerers(server: string): Promise<Shown> {
  const how = { cwd: web, env: { ...process.env, NAEVUS_SERVER: server, NO_COLOR: '1' } };
  const built = spawnSync(process.execPath, [vite, 'build', '--config', config], { ...how, encoding: 'utf8' });
  assert.equal(built.status, 0, built.stderr);
  const port = String(40000 + (process.pid % 20000));
  const preview = spawn(
    process.execPath,
    [vite, 'preview', '--config', config, '--host', '127.0.0.1', '--port', port],
    {
      ...how,
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  for await (const line of createInterface({ input: preview.stdout })) {
    const address = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0];
    if (address) return { address, stop: () => preview.kill() };
  }
  throw new Error('the page is not served');
}
