import { Refusal } from '../../../contract/errors.ts';
import type { DicomItem } from './dicom-dataset.ts';
import { itemsOf, numberOf, numbersOf, textOf } from './dicom-dataset-read.ts';
import { inWords } from './measure-terms.ts';

/** A content item of a foreign report. */
export interface SrNode {
  type: string;
  /** Code value of its concept name. */
  concept: string;
  item: DicomItem;
  children: SrNode[];
}

const limits = { depth: 16, items: 200_000 };

/** The content tree of a report, bounded in depth and count. Throws Refusal TOO_LARGE. */
export function srTree(root: DicomItem, tick: () => void): SrNode {
  let count = 0;
  const visit = (item: DicomItem, depth: number): SrNode => {
    if (++count > limits.items || depth > limits.depth)
      throw new Refusal('TOO_LARGE', 'The report holds too many items, or items too deep within others. Export a smaller report.');
    if (count % 1000 === 0) tick();
    return {
      type: textOf(item, 'ValueType'),
      concept: textOf(itemsOf(item, 'ConceptNameCodeSequence')[0], 'CodeValue'),
      item,
      children: itemsOf(item, 'ContentSequence').map((child) => visit(child, depth + 1)),
    };
  };
  return visit(root, 0);
}

/** All items below one, itself first. */
export function* allItems(node: SrNode): Generator<SrNode> {
  yield node;
  for (const child of node.children) yield* allItems(child);
}

/** The text, UID or meaning of the first child of that concept; empty where there is none. */
export function saidOf(node: SrNode, concept: string): string {
  const child = node.children.find((one) => one.concept === concept);
  if (!child) return '';
  if (child.type === 'CODE') return textOf(itemsOf(child.item, 'ConceptCodeSequence')[0], 'CodeMeaning');
  return textOf(child.item, child.type === 'UIDREF' ? 'UID' : 'TextValue');
}

/** A coded child of a scheme: its value; null where there is none. */
export function codeOf(node: SrNode, concept: string, scheme: string): string | null {
  const value = itemsOf(node.children.find((one) => one.concept === concept)?.item, 'ConceptCodeSequence')[0];
  return textOf(value, 'CodingSchemeDesignator') === scheme ? textOf(value, 'CodeValue') : null;
}

/** A number in words, with what it is and its unit. */
export function numberWords({ item }: SrNode): string {
  const [measured] = itemsOf(item, 'MeasuredValueSequence');
  const value = numberOf(measured, 'FloatingPointValue') ?? numberOf(measured, 'NumericValue');
  const unit = textOf(itemsOf(measured, 'MeasurementUnitsCodeSequence')[0], 'CodeValue');
  const what = textOf(itemsOf(item, 'ConceptNameCodeSequence')[0], 'CodeMeaning');
  return `${what.slice(0, 64)} ${value === null ? 'without a value' : inWords(value)} ${unit.slice(0, 16)}`.trim();
}

/** The coordinates of an item in tuples; null where they are none. */
export function tuplesOf({ item }: SrNode, size: 2 | 3): number[][] | null {
  const numbers = numbersOf(item, 'GraphicData');
  if (!numbers || numbers.length === 0 || numbers.length % size !== 0) return null;
  return Array.from({ length: numbers.length / size }, (_, n) => numbers.slice(n * size, n * size + size));
}
