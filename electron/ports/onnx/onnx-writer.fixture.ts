/** A minimal writer of ONNX files for tests: just enough protobuf to describe a graph of a few operators. */
type Bytes = number[];

function varint(value: bigint | number): Bytes {
  let rest = BigInt.asUintN(64, BigInt(value));
  const out: Bytes = [];
  for (; rest > 0x7fn; rest >>= 7n) out.push(Number(rest & 0x7fn) | 0x80);
  out.push(Number(rest));
  return out;
}
export const integer = (field: number, value: bigint | number): Bytes => [...varint(field * 8), ...varint(value)];
export const block = (field: number, content: ArrayLike<number>): Bytes => [
  ...varint(field * 8 + 2),
  ...varint(content.length),
  ...Array.from(content),
];
export const text = (field: number, value: string): Bytes => block(field, new TextEncoder().encode(value));
const floatBytes = (values: number[]): Uint8Array => new Uint8Array(Float32Array.from(values).buffer);

export interface TensorSpec {
  name: string;
  dimensions: (number | bigint)[];
  values?: number[];
  external?: Record<string, string>;
  /** ONNX element type; 1 is float32. */
  type?: number;
}
export function tensor({ name, dimensions, values, external, type = 1 }: TensorSpec): Bytes {
  return [
    ...dimensions.flatMap((size) => integer(1, size)),
    ...integer(2, type),
    ...text(8, name),
    ...(values ? block(9, floatBytes(values)) : []),
    ...Object.entries(external ?? {}).flatMap(([key, value]) => block(13, [...text(1, key), ...text(2, value)])),
    ...(external ? integer(14, 1) : []),
  ];
}

export function value(name: string, shape: (number | string)[], type = 1): Bytes {
  const sizes = shape.flatMap((size) => block(1, typeof size === 'number' ? integer(1, size) : text(2, size)));
  return [...text(1, name), ...block(2, block(1, [...integer(1, type), ...block(2, sizes)]))];
}

export interface NodeSpec {
  type: string;
  inputs: string[];
  outputs: string[];
  integers?: Record<string, number[]>;
  tensors?: Record<string, TensorSpec>;
}
function node({ type, inputs, outputs, integers = {}, tensors = {} }: NodeSpec): Bytes {
  return [
    ...inputs.flatMap((name) => text(1, name)),
    ...outputs.flatMap((name) => text(2, name)),
    ...text(4, type),
    ...Object.entries(integers).flatMap(([name, values]) =>
      block(5, [...text(1, name), ...values.flatMap((one) => integer(8, one)), ...integer(20, 7)]),
    ),
    ...Object.entries(tensors).flatMap(([name, one]) => block(5, [...text(1, name), ...block(5, tensor(one)), ...integer(20, 4)])),
  ];
}

export interface ModelSpec {
  opset?: number;
  nodes: NodeSpec[];
  initialisers?: TensorSpec[];
  inputs?: Bytes[];
  outputs?: Bytes[];
}
export const grid = ['D', 'H', 'W'];

export function onnxModel(spec: ModelSpec): Uint8Array {
  const { opset = 17, nodes, initialisers = [], inputs = [value('hu', [1, 1, ...grid])], outputs = [value('y', [1, 1, ...grid])] } = spec;
  const graph = [
    ...nodes.flatMap((one) => block(1, node(one))),
    ...text(2, 'test'),
    ...initialisers.flatMap((one) => block(5, tensor(one))),
    ...inputs.flatMap((one) => block(11, one)),
    ...outputs.flatMap((one) => block(12, one)),
  ];
  return Uint8Array.from([...integer(1, 8), ...block(7, graph), ...block(8, [...text(1, ''), ...integer(2, opset)])]);
}

/** y = hu x 1. */
export const identityModel = (): Uint8Array =>
  onnxModel({
    nodes: [{ type: 'Mul', inputs: ['hu', 's'], outputs: ['y'] }],
    initialisers: [{ name: 's', dimensions: [1], values: [1] }],
  });

/** Two classes out of one convolution over 3 x 3 x 3: class 1 is a weighted mean of the neighbours, class 0 is one minus that. No normalisation. */
export function convolutionModel(): Uint8Array {
  const weights = Array.from({ length: 27 }, (_, n) => ((n % 5) + 1) / 79);
  return onnxModel({
    nodes: [{ type: 'Conv', inputs: ['hu', 'w', 'b'], outputs: ['probability'], integers: { pads: [1, 1, 1, 1, 1, 1] } }],
    initialisers: [
      { name: 'w', dimensions: [2, 1, 3, 3, 3], values: [...weights.map((v) => -v), ...weights] },
      { name: 'b', dimensions: [2], values: [1, 0] },
    ],
    outputs: [value('probability', [1, 2, ...grid])],
  });
}

/** y = hu + the sum of a constant of so many float32, which is made only when the model runs. */
export const greedyModel = (floats: bigint): Uint8Array =>
  onnxModel({
    nodes: [
      { type: 'ConstantOfShape', inputs: ['size'], outputs: ['large'] },
      { type: 'ReduceSum', inputs: ['large'], outputs: ['zero'], integers: {} },
      { type: 'Add', inputs: ['hu', 'zero'], outputs: ['y'] },
    ],
    // An int64, as its two halves in float bits.
    initialisers: [{ name: 'size', dimensions: [1], values: [...new Float32Array(new BigInt64Array([floats]).buffer)], type: 7 }],
  });
