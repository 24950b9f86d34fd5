import type { DeviceCard } from './card.ts';
import { fields, packed } from './protobuf.ts';

// Field numbers of onnx.proto.
const inModel = { graph: 7, metadata: 14 };
const inGraph = { node: 1, initialiser: 5 };
const inNode = { input: 1, output: 2, kind: 4 };
const inTensor = { dims: 1, type: 2, name: 8, raw: 9 };
const float32 = 1;

interface Node {
  inputs: string[];
  outputs: string[];
  kind: string;
}

interface Tensor {
  dims: number[];
  type: number;
  name: string;
  raw: Uint8Array;
}

/** The linear layer behind the mean of the last feature map. */
export interface PooledHead {
  channels: number;
  weight: Float32Array; ///< [classes, channels]
}

export interface ModelFile {
  card: DeviceCard;
  head: PooledHead | undefined; ///< nothing where the network's head is another
}

const decoder = new TextDecoder();
const text = (bytes: Uint8Array): string => decoder.decode(bytes);

function readNode(message: Uint8Array): Node {
  const node: Node = { inputs: [], outputs: [], kind: '' };
  for (const { number, bytes } of fields(message)) {
    if (number === inNode.input) node.inputs.push(text(bytes));
    else if (number === inNode.output) node.outputs.push(text(bytes));
    else if (number === inNode.kind) node.kind = text(bytes);
  }
  return node;
}

function readTensor(message: Uint8Array): Tensor {
  const tensor: Tensor = { dims: [], type: 0, name: '', raw: new Uint8Array() };
  for (const { number, value, bytes } of fields(message)) {
    if (number === inTensor.dims) tensor.dims.push(...(bytes.length ? packed(bytes) : [value]));
    else if (number === inTensor.type) tensor.type = value;
    else if (number === inTensor.name) tensor.name = text(bytes);
    else if (number === inTensor.raw) tensor.raw = bytes;
  }
  return tensor;
}

function readHead(graph: Uint8Array, classes: number): PooledHead | undefined {
  const nodes: Node[] = [];
  const tensors = new Map<string, Tensor>();
  for (const { number, bytes } of fields(graph)) {
    if (number === inGraph.node) nodes.push(readNode(bytes));
    if (number !== inGraph.initialiser) continue;
    const tensor = readTensor(bytes);
    tensors.set(tensor.name, tensor);
  }
  const maker = (value: string) => nodes.find((node) => node.outputs.includes(value));
  /** What the value comes from, past what changes no number here. */
  const source = (value: string): string => {
    const node = maker(value);
    return node && ['Flatten', 'Dropout', 'Identity'].includes(node.kind) ? source(node.inputs[0] ?? '') : value;
  };
  const linear = maker('logits');
  if (linear?.kind !== 'Gemm') return undefined;
  const pool = maker(source(linear.inputs[0] ?? ''));
  if (pool?.kind !== 'GlobalAveragePool' || source(pool.inputs[0] ?? '') !== source('features')) return undefined;
  const weight = tensors.get(linear.inputs[1] ?? '');
  const channels = weight?.dims[1] ?? 0;
  if (weight?.type !== float32 || weight.dims[0] !== classes || weight.raw.length !== 4 * classes * channels)
    return undefined;
  return { channels, weight: new Float32Array(Uint8Array.from(weight.raw).buffer) };
}

/**
 * What an ONNX file of naevus says of itself, and its last layer.
 * @throws RangeError where it is damaged or not one of naevus
 */
export function readModelFile(file: Uint8Array): ModelFile {
  let card: DeviceCard | undefined;
  let graph = new Uint8Array();
  for (const { number, bytes } of fields(file)) {
    if (number === inModel.graph) graph = bytes as Uint8Array<ArrayBuffer>;
    if (number !== inModel.metadata) continue;
    const [key, value] = [...fields(bytes)].map((entry) => text(entry.bytes));
    if (key === 'naevus.card') card = JSON.parse(value ?? '') as DeviceCard;
  }
  if (!card) throw new RangeError('the file has no card of naevus');
  return { card, head: readHead(graph, card.classes.length) };
}
