// A running `naevus serve` with a real model, synthetic pictures, and Chromium on its page.
//
// NAEVUS_BIN: the folder of the programs (default: build/ci/bin).
// NAEVUS_PAGE=vite: the page as `npm run build` left it in web/dist, instead of the one in the program.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createRequire } from 'node:module';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';

export const repository = resolve(import.meta.dirname, '../..');
const programs = resolve(process.env['NAEVUS_BIN'] ?? join(repository, 'build/ci/bin'));
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** A folder that is gone when the test's process ends. */
export function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'naevus-page-'));
  process.on('exit', () => rmSync(made, { recursive: true, force: true }));
  return made;
}

/** Runs `naevus` and gives what it printed. */
export function naevus(args: string[], input = ''): string {
  const ran = spawnSync(join(programs, 'naevus'), args, { input, encoding: 'utf8' });
  assert.equal(ran.status, 0, `naevus ${args.join(' ')}: ${ran.stderr}`);
  return ran.stdout;
}

/** Runs one of the Python programs beside the tests, with the packages that scripts/install-deps brings. */
export function python(program: string, ...args: string[]): void {
  const own = join(repository, '.deps/venv/bin/python');
  const ran = spawnSync(existsSync(own) ? own : 'python3', [join(import.meta.dirname, program), ...args], {
    encoding: 'utf8',
  });
  assert.equal(ran.status, 0, `${program} ${args.join(' ')}: ${ran.stderr}`);
}

/** Synthetic pictures with their manifest: `${folder}/images`, `${folder}/manifest.csv`. */
export function synthetic(images: number, { size = '448x336', seed = 1 } = {}): { folder: string; pictures: string[] } {
  const made = join(folder(), 'pictures');
  naevus(['synth', made, '--images', String(images), '--seed', String(seed), '--size', size]);
  const pictures = readdirSync(join(made, 'images')).sort();
  return { folder: made, pictures: pictures.map((name) => join(made, 'images', name)) };
}

/** A line of a program's output that matches. */
async function lineOf(program: ChildProcess, wanted: RegExp): Promise<RegExpExecArray> {
  assert(program.stdout);
  for await (const line of createInterface({ input: program.stdout })) {
    const found = wanted.exec(line);
    if (found) return found;
  }
  throw new Error(`the program ended without ${wanted}`);
}

export interface ServeOptions {
  data?: string; ///< its data folder; left out: a new one
  port?: number;
  options?: string[]; ///< more of the command line
}

/** `naevus serve` on a free port, with the model that comes with naevus. */
export class Server {
  readonly data: string;
  address = '';
  port = 0;
  private program: ChildProcess | undefined;

  private page: ChildProcess | undefined;
  private readonly how: ServeOptions;

  private constructor(how: ServeOptions) {
    this.how = how;
    this.data = how.data ?? join(folder(), 'data');
  }

  static async start(how: ServeOptions = {}): Promise<Server> {
    const server = new Server(how);
    await server.again();
    return server;
  }

  /** Starts it again, on the same port as before. */
  async again(): Promise<void> {
    const port = String(this.port || (this.how.port ?? 0));
    const args = ['serve', '--port', port, '--data', this.data, ...(this.how.options ?? [])];
    this.program = spawn(join(programs, 'naevus'), args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const [, address, bound] = await lineOf(this.program, /(https?:\/\/\S+:(\d+))/);
    this.port = Number(bound);
    if (!this.page)
      this.address = process.env['NAEVUS_PAGE'] === 'vite' ? await this.fromVite(address ?? '') : (address ?? '');
    for (let tries = 0; !(await this.ready()); ++tries) {
      assert(tries < 600, 'the model does not answer');
      await new Promise((done) => setTimeout(done, 100));
    }
  }

  private async ready(): Promise<boolean> {
    return fetch(`${this.address}/v2/health/ready`).then(
      (answer) => answer.ok,
      () => false,
    );
  }

  private async fromVite(address: string): Promise<string> {
    const web = join(repository, 'web');
    const port = String(20000 + (process.pid % 20000));
    const args = ['node_modules/vite/bin/vite.js', 'preview', '--host', '127.0.0.1', '--port', port];
    const env = { ...process.env, NAEVUS_SERVER: address, NO_COLOR: '1' };
    this.page = spawn(process.execPath, args, { cwd: web, env, stdio: ['ignore', 'pipe', 'inherit'] });
    process.on('exit', () => this.page?.kill());
    this.page.unref(); // the tests end without it
    const [, found] = await lineOf(this.page, /(http:\/\/127\.0\.0\.1:\d+)/);
    (this.page.stdout as Socket).unref();
    return found ?? '';
  }

  /** Ends it, at once or when it has answered what it was asked. */
  async end(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    const program = this.program;
    this.program = undefined;
    if (!program || program.exitCode !== null) return;
    const ended = new Promise((done) => program.once('exit', done));
    program.kill(signal);
    await ended;
  }

  /** The API from outside the browser. */
  async ask(path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(this.address + path, init);
  }
}

/** Chromium, with a camera that shows a file (Y4M or MJPEG) where one is named. */
export async function browser({ camera }: { camera?: string } = {}): Promise<Browser> {
  const args = ['--no-sandbox', '--disable-gpu', '--force-color-profile=srgb', '--lang=en-US'];
  if (camera)
    args.push(
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream',
      `--use-file-for-fake-video-capture=${camera}`,
    );
  return chromium.launch({ executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium', args });
}

/** What went wrong in a page unheard: refused by the policy, thrown and not caught. Empty at a test's end. */
export interface Watched {
  context: BrowserContext;
  page: Page;
  complaints: string[];
}

/** A page of its own, with nothing kept from others. */
export async function open(
  opened: Browser,
  server: Server,
  path = '/',
  options: BrowserContextOptions = {},
): Promise<Watched> {
  const context = await opened.newContext({ locale: 'en-US', serviceWorkers: 'block', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    const refused = /^Failed to load resource/.test(message.text()); // the page itself says so, and is tested for it
    if (message.type() === 'error' && !refused) complaints.push(message.text());
  });
  await page.goto(server.address + path);
  return { context, page, complaints };
}

/** What axe finds against WCAG 2.2 A and AA, as "rule: element"; empty where the page is in order. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  return page.evaluate(async () => {
    const axe = (window as unknown as { axe: { run: (context: unknown, options: unknown) => Promise<AxeResults> } })
      .axe;
    interface AxeResults {
      violations: { id: string; nodes: { html: string; failureSummary: string }[] }[];
    }
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    const results = await axe.run(document, { runOnly: { type: 'tag', values: tags } });
    return results.violations.flatMap(({ id, nodes }) =>
      nodes.map((node) => `${id}: ${node.html.slice(0, 200)} — ${node.failureSummary}`),
    );
  });
}
