import type { Coded } from '../../../contract/errors.ts';
import type { ModelCard } from '../../../contract/model.ts';
import type { GraphValue, OnnxHeader } from './header.ts';

type Shape = readonly (number | string)[];
const shown = (shape: Shape | null) => (shape ? `[${shape.join(', ')}]` : 'no stated shape');
const mismatch = (message: string): Coded => ({ code: 'MODEL_SHAPE_MISMATCH', message });

/** [1, 1, D, H, W] with the last three free; the first two may be free as well, since 1 is one of their sizes. */
function inputShapeFits(shape: Shape | null): boolean {
  if (shape?.length !== 5) return false;
  const [n, c, ...grid] = shape;
  return (n === 1 || typeof n === 'string') && (c === 1 || typeof c === 'string') && grid.every((size) => typeof size === 'string');
}

function inputFaults(header: OnnxHeader): Coded[] {
  const [input, ...more] = header.inputs;
  if (!input) return [mismatch('The model has no input. It must have one float32 input [1, 1, D, H, W].')];
  if (more.length)
    return [mismatch(`The model has ${header.inputs.length} inputs (${header.inputs.map((i) => i.name).join(', ')}). It must have one.`)];
  const out: Coded[] = [];
  if (input.type !== 'float32') out.push(mismatch(`The input ${input.name} is ${input.type}. It must be float32: export the model so.`));
  if (!inputShapeFits(input.shape))
    out.push(mismatch(`The input ${input.name} is ${shown(input.shape)}. It must be [1, 1, D, H, W] with free D, H and W.`));
  return out;
}

const outputTypeFaults = (outputs: GraphValue[]): Coded[] =>
  outputs.length === 0
    ? [mismatch('The model has no output.')]
    : outputs
        .filter((o) => o.type !== 'float32')
        .map((o) => mismatch(`The output ${o.name} is ${o.type}. It must be float32: export the model so.`));

/** The general contract, for a model without a card: one float32 input [1, 1, D, H, W] with free D, H, W; float32 out. */
export const generalFaults = (header: OnnxHeader): Coded[] => [...inputFaults(header), ...outputTypeFaults(header.outputs)];

/** A free size in the file takes any; a size that the card leaves free must be free in the file. */
const sizeFits = (graph: number | string, card: number | string) =>
  typeof card === 'number' ? graph === card || typeof graph === 'string' : typeof graph === 'string';

const shapeFits = (graph: Shape | null, card: Shape) =>
  graph === null || (graph.length === card.length && graph.every((size, n) => sizeFits(size, card[n]!)));

function outputFaults(header: OnnxHeader, card: ModelCard): Coded[] {
  const out: Coded[] = [];
  for (const wanted of card.outputs) {
    const found = header.outputs.find((o) => o.name === wanted.name);
    if (!found)
      out.push(mismatch(`The card names the output ${wanted.name}; the model has ${header.outputs.map((o) => o.name).join(', ')}.`));
    else if (!shapeFits(found.shape, wanted.shape))
      out.push(mismatch(`The output ${found.name} is ${shown(found.shape)} in the model and ${shown(wanted.shape)} in the card.`));
    if (wanted.shape.length !== 5 || typeof wanted.shape[1] !== 'number' || (wanted.classes && wanted.classes.length !== wanted.shape[1]))
      out.push(mismatch(`The card gives the output ${wanted.name} as ${shown(wanted.shape)}. It must be [1, classes, D, H, W].`));
  }
  for (const found of header.outputs)
    if (!card.outputs.some((o) => o.name === found.name))
      out.push(mismatch(`The model has an output ${found.name} that the card does not name.`));
  return out;
}

/** What of a model does not fit its card: operators, input, outputs, types and shapes (12-package). */
export function cardFaults(header: OnnxHeader, card: ModelCard): Coded[] {
  const out: Coded[] = [];
  if (header.opset !== card.file.opset)
    out.push({ code: 'INVALID_MODEL', message: `The model uses operator set ${header.opset}; its card says ${card.file.opset}.` });
  out.push(...inputFaults(header), ...outputTypeFaults(header.outputs));
  const [input] = header.inputs;
  if (input && header.inputs.length === 1 && input.name !== card.input.name)
    out.push(mismatch(`The input is called ${input.name} in the model and ${card.input.name} in the card.`));
  if (!inputShapeFits(card.input.shape))
    out.push(mismatch(`The card gives the input as ${shown(card.input.shape)}. It must be [1, 1, D, H, W].`));
  out.push(...outputFaults(header, card));
  return out;
}
