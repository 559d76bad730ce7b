import { checkTensor, type ExternalPart, elementTypes } from './tensors.ts';
import { bytesOf, type Field, fieldsOf, invalid, numberOf, textOf } from './wire.ts';

/** An input or output of the graph. A size is a number, a name (any size), or '?' where the file says nothing; null: no shape at all. */
export interface GraphValue {
  name: string;
  /** Element type ('float32'), or what it is instead of a tensor. */
  type: string;
  shape: (number | string)[] | null;
}
export interface OnnxHeader {
  /** Of the standard operators. */
  opset: number;
  inputs: GraphValue[];
  outputs: GraphValue[];
  external: ExternalPart[];
}

/** Graphs within graphs (loops, branches), and things a network of this kind has at most. */
const deepest = 12;
const mostValues = 64;
const mostTensors = 200_000;

interface Found {
  external: ExternalPart[];
  tensors: number;
}

/**
 * Reads what an ONNX file says of itself and holds every tensor's shape against the numbers it brings, so that the runtime never makes
 * room for what is not there. Own reader: bounded, copies nothing but names.
 * Source: onnx.proto of the ONNX standard (IR version 13).
 * @param bytes the whole file
 * @throws Refusal INVALID_MODEL
 */
export function readOnnxHeader(bytes: Uint8Array): OnnxHeader {
  if (bytes.length === 0) throw invalid('the file is empty');
  let graph: Uint8Array | null = null;
  let opset: number | null = null;
  const found: Found = { external: [], tensors: 0 };
  for (const field of fieldsOf(bytes)) {
    if (field.number === 7) {
      // Readers of protobuf would join two graphs; what was checked must be what runs.
      if (graph) throw invalid('it holds two graphs');
      graph = bytesOf(field);
    } else if (field.number === 8) {
      const set = readOpset(field);
      if (set.domain === '' || set.domain === 'ai.onnx') {
        if (opset !== null && opset !== set.version) throw invalid('it names two versions of the standard operators');
        opset = set.version;
      }
    } else if (field.number === 20) throw invalid('it holds a training part; export it for use only');
    else if (field.number === 25) walkNodes(bytesOf(field), 7, found, 1);
  }
  if (!graph) throw invalid('it holds no graph');
  if (opset === null) throw invalid('it does not name its version of the standard operators');
  return { opset, ...readGraph(graph, found) };
}

function readOpset(field: Field): { domain: string; version: number } {
  let domain = '';
  let version = 0n;
  for (const part of fieldsOf(bytesOf(field))) {
    if (part.number === 1) domain = textOf(part);
    else if (part.number === 2) version = numberOf(part);
  }
  if (version < 0n || version > 1_000_000n) throw invalid('its operator version is no version');
  return { domain, version: Number(version) };
}

function readGraph(message: Uint8Array, found: Found): Omit<OnnxHeader, 'opset'> {
  const inputs: GraphValue[] = [];
  const outputs: GraphValue[] = [];
  const initialised = walkGraph(message, found, 0, (field) => {
    const list = field.number === 11 ? inputs : outputs;
    if (list.push(readValue(bytesOf(field))) > mostValues) throw invalid('it has too many inputs or outputs');
  });
  // Files of old count their weights among the inputs.
  return { inputs: inputs.filter((i) => !initialised.has(i.name)), outputs, external: found.external };
}

/** Checks every tensor of a graph and of the graphs within it. Returns the names of its initialisers. */
function walkGraph(message: Uint8Array, found: Found, depth: number, onValue: (field: Field) => void = () => {}): Set<string> {
  if (depth > deepest) throw invalid('its graphs are nested too deeply');
  const names = new Set<string>();
  for (const field of fieldsOf(message)) {
    if (field.number === 1) walkNode(bytesOf(field), found, depth);
    else if (field.number === 5) names.add(takeTensor(bytesOf(field), found));
    else if (field.number === 15) names.add(takeSparse(bytesOf(field), found));
    else if (field.number === 11 || field.number === 12) onValue(field);
  }
  return names;
}

function walkNodes(message: Uint8Array, nodeField: number, found: Found, depth: number): void {
  for (const field of fieldsOf(message)) if (field.number === nodeField) walkNode(bytesOf(field), found, depth);
}

function walkNode(message: Uint8Array, found: Found, depth: number): void {
  for (const field of fieldsOf(message)) {
    if (field.number !== 5) continue;
    for (const part of fieldsOf(bytesOf(field))) {
      if (part.number === 5 || part.number === 10) takeTensor(bytesOf(part), found);
      else if (part.number === 6 || part.number === 11) walkGraph(bytesOf(part), found, depth + 1);
      else if (part.number === 22 || part.number === 23) takeSparse(bytesOf(part), found);
    }
  }
}

function takeTensor(message: Uint8Array, found: Found): string {
  if (++found.tensors > mostTensors) throw invalid('it holds too many tensors');
  const { name, external } = checkTensor(message);
  if (external) found.external.push(external);
  return name;
}

/** A sparse tensor may stand for far more than it brings; networks of this kind have none. */
function takeSparse(message: Uint8Array, found: Found): string {
  for (const field of fieldsOf(message)) if (field.number === 1 || field.number === 2) takeTensor(bytesOf(field), found);
  throw invalid('it holds a sparse tensor; export it with dense ones');
}

function readValue(message: Uint8Array): GraphValue {
  let name = '';
  let type: Uint8Array | null = null;
  for (const field of fieldsOf(message)) {
    if (field.number === 1) name = textOf(field);
    else if (field.number === 2) {
      if (type) throw invalid(`the value ${name} has two types`);
      type = bytesOf(field);
    }
  }
  return { name, ...(type ? readType(type) : { type: 'unknown', shape: null }) };
}

function readType(message: Uint8Array): Pick<GraphValue, 'type' | 'shape'> {
  let result: Pick<GraphValue, 'type' | 'shape'> = { type: 'unknown', shape: null };
  let kinds = 0;
  for (const field of fieldsOf(message)) {
    if (field.number === 6) continue;
    if (++kinds > 1) throw invalid('a value in it has two types');
    result = field.number === 1 ? readTensorType(bytesOf(field)) : { type: 'no tensor', shape: null };
  }
  return result;
}

function readTensorType(message: Uint8Array): Pick<GraphValue, 'type' | 'shape'> {
  let type = 'unknown';
  let shape: (number | string)[] | null = null;
  for (const field of fieldsOf(message)) {
    if (field.number === 1) type = elementTypes[Number(numberOf(field))]?.name ?? 'unknown';
    else if (field.number === 2) {
      if (shape) throw invalid('a value in it has two shapes');
      shape = [];
      for (const part of fieldsOf(bytesOf(field))) {
        if (part.number !== 1) continue;
        if (shape.push(readSize(bytesOf(part))) > mostValues) throw invalid('a value in it has too many axes');
      }
    }
  }
  return { type, shape };
}

function readSize(message: Uint8Array): number | string {
  let size: number | string = '?';
  for (const field of fieldsOf(message)) {
    if (field.number === 1) {
      const value = numberOf(field);
      // Some exporters write 0 or -1 for 'any'.
      if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw invalid('a size in it is too large');
      size = value > 0n ? Number(value) : '?';
    } else if (field.number === 2) size = textOf(field) || '?';
  }
  return size;
}
