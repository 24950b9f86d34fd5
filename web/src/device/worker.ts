import '../lib/trusted.ts';
// The model, in a thread of its own. It asks nothing of any server: what it needs is handed to it.
import * as ort from 'onnxruntime-web/wasm';
import type { Answer } from '../lib/answer.ts';
import { filterOf, frameOf, obstacles } from './card.ts';
import type { DeviceCard } from './card.ts';
import { Fault } from './fault.ts';
import type { FaultCode } from './fault.ts';
import { readModelFile } from './model_file.ts';
import type { ModelFile } from './model_file.ts';
import { read } from './picture.ts';
import { Judge } from './quality/quality.ts';
import { Resizer } from './resize.ts';
import type { Rgb } from './resize.ts';
import { glowOver, saliencyOf } from './saliency.ts';
import { answerOf } from './verdict.ts';

export interface Start {
  kind: 'start';
  model: ArrayBuffer;
  name: string;
  version: string;
  runtime: ArrayBuffer; ///< ONNX Runtime's WebAssembly
  glue: string; ///< the address of the script that belongs to it
}
interface LookAt {
  kind: 'look';
  picture: Blob;
}
interface ShowSaliency {
  kind: 'saliency';
  picture: Blob;
  name: string;
}
export type Task = Start | LookAt | ShowSaliency;
export type Asked = Task & { id: number };
export interface Told {
  id: number;
  result?: unknown;
  fault?: { code: FaultCode; values: Record<string, string> };
}

interface Loaded extends ModelFile {
  session: ort.InferenceSession;
  input: string;
  name: string;
  version: string;
}
let loaded: Loaded | undefined;

async function start({ model, name, version, runtime, glue }: Start): Promise<DeviceCard> {
  let file: ModelFile;
  try {
    file = readModelFile(new Uint8Array(model));
  } catch {
    throw new Fault('model');
  }
  const wanting = obstacles(file.card);
  if (wanting.length) throw new Fault('preparation', { steps: wanting.join(', ') });
  ort.env.wasm.wasmBinary = runtime;
  ort.env.wasm.wasmPaths = { mjs: glue };
  ort.env.wasm.numThreads = crossOriginIsolated ? Math.min(navigator.hardwareConcurrency, 4) : 1;
  ort.env.logLevel = 'error';
  try {
    const session = await ort.InferenceSession.create(new Uint8Array(model), { executionProviders: ['wasm'] });
    loaded = { ...file, session, input: session.inputNames[0] ?? '', name, version };
  } catch (error) {
    throw new Fault('runtime', { why: error instanceof Error ? error.message : String(error) });
  }
  return { ...file.card, seen: [] }; // the hashes of thousands of pictures are of no use to the page
}

function model(): Loaded {
  if (!loaded) throw new Fault('no_model');
  return loaded;
}

/** @throws Fault where a number is none */
async function infer({ session, input }: Loaded, picture: Rgb, outputs: string[]): Promise<Record<string, ort.Tensor>> {
  const tensor = new ort.Tensor('uint8', picture.pixels, [1, picture.height, picture.width, 3]);
  return session.run({ [input]: tensor }, outputs);
}

function floats(outputs: Record<string, ort.Tensor>, name: string): Float32Array {
  const values = outputs[name]?.data;
  if (!(values instanceof Float32Array) || values.some((value) => !Number.isFinite(value)))
    throw new Fault('no_number');
  return values;
}

async function look({ picture }: LookAt): Promise<Answer> {
  const begin = performance.now();
  const here = model();
  const { card } = here;
  const { format, takers } = await read(
    picture,
    (width, height) =>
      [
        new Resizer(frameOf(card, width, height), card.width, card.height, filterOf(card)),
        new Judge(width, height),
      ] as const,
  );
  const [resizer, judge] = takers;
  const outputs = await infer(here, resizer.out, ['probabilities', 'ood_score']);
  const said = {
    probabilities: floats(outputs, 'probabilities'),
    ood_score: floats(outputs, 'ood_score')[0] as number,
  };
  return {
    ...answerOf(card, said, judge.quality()),
    model: { name: here.name, version: here.version },
    picture_format: format,
    milliseconds: performance.now() - begin,
  };
}

async function saliency({ picture, name }: ShowSaliency): Promise<Blob> {
  const here = model();
  const { card, head } = here;
  if (!head) throw new Fault('no_map');
  const { takers } = await read(
    picture,
    (width, height) => [new Resizer(frameOf(card, width, height), card.width, card.height, filterOf(card))] as const,
  );
  const prepared = takers[0].out;
  const outputs = await infer(here, prepared, ['features']);
  const [, , mapHeight = 0, mapWidth = 0] = outputs['features']?.dims ?? [];
  const size = [card.width, card.height] as const;
  const strength = saliencyOf(
    head,
    floats(outputs, 'features'),
    [mapWidth, mapHeight],
    card.classes.indexOf(name),
    size,
  );
  const canvas = new OffscreenCanvas(...size);
  canvas.getContext('2d')?.putImageData(new ImageData(glowOver(prepared, strength), ...size), 0, 0);
  return canvas.convertToBlob({ type: 'image/png' });
}

function done(task: Task): Promise<unknown> {
  switch (task.kind) {
    case 'start':
      return start(task);
    case 'look':
      return look(task);
    case 'saliency':
      return saliency(task);
  }
}

/** One after the other: a session runs one picture at a time. */
let last: Promise<unknown> = Promise.resolve();

addEventListener('message', ({ data }: MessageEvent<Asked>) => {
  last = last
    .then(() => done(data))
    .then(
      (result) => postMessage({ id: data.id, result } satisfies Told),
      (error: unknown) => {
        const fault = error instanceof Fault ? error : new Fault('worker', { why: String(error) });
        postMessage({ id: data.id, fault: { code: fault.code, values: fault.values } } satisfies Told);
      },
    );
});
