import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContext } from 'playwright-core';
import type { Server } from './harness.ts';

const path = /\/api\/v1\/models\/([0-9a-f]{64})\/file$/;

/** Models' files from the server's own folder, for a program that does not have the route to them yet. */
export async function handOutModels(context: BrowserContext, server: Server): Promise<void> {
  await context.route(path, async (route) => {
    const answer = await route.fetch();
    if (answer.ok()) return route.fulfill({ response: answer });
    const id = path.exec(route.request().url())?.[1] ?? '';
    return route.fulfill({ body: readFileSync(join(server.data, 'models', `${id}.onnx`)) });
  });
}
