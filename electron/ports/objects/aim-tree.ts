import { SaxesParser } from 'saxes';
import { Refusal } from '../../../contract/errors.ts';

/** An element of a foreign file, by its local name. */
export interface AimNode {
  name: string;
  /** By local name: 'value', 'root', 'code', 'type' of xsi. */
  attributes: Map<string, string>;
  children: AimNode[];
}

/** Ten thousand outlines of a hundred points are five million; no annotation has as many. */
const limits = { bytes: 2 ** 26, elements: 500_000, depth: 40, attributes: 32 };
const pieceBytes = 2 ** 18;

const damaged = (what: string) => new Refusal('CORRUPT_FILE', `The AIM file is damaged: ${what}. Export it again.`);

/**
 * The elements of an XML file of a stranger: no document type (so no entity is ever declared), bounded in size, depth and count. Throws
 * Refusal CORRUPT_FILE, TOO_LARGE, INVALID_OBJECT.
 */
export function aimTree(bytes: Uint8Array, tick: () => void): AimNode {
  if (bytes.length > limits.bytes)
    throw new Refusal('TOO_LARGE', 'The AIM file is larger than 64 MiB. Export fewer annotations at a time.');
  const parser = new SaxesParser({ xmlns: true, position: false });
  const top: AimNode = { name: '', attributes: new Map(), children: [] };
  const open = [top];
  let count = 0;
  parser.on('doctype', () => {
    throw new Refusal('INVALID_OBJECT', 'The AIM file declares a document type, which is not followed. Export it without one.');
  });
  parser.on('error', () => {
    throw damaged('its XML is not well-formed');
  });
  parser.on('opentag', (tag) => {
    if (++count > limits.elements || open.length > limits.depth)
      throw new Refusal('TOO_LARGE', 'The AIM file holds too many elements. Export fewer annotations at a time.');
    const attributes = new Map<string, string>();
    for (const { local, value } of Object.values(tag.attributes).slice(0, limits.attributes)) attributes.set(local, value);
    const node = { name: tag.local, attributes, children: [] };
    (open.at(-1) as AimNode).children.push(node);
    open.push(node);
  });
  parser.on('closetag', () => {
    open.pop();
  });
  const letters = new TextDecoder('utf-8', { fatal: true });
  const decoded = (piece: Uint8Array | null): string => {
    try {
      return piece ? letters.decode(piece, { stream: true }) : letters.decode();
    } catch {
      throw damaged('its text is not UTF-8');
    }
  };
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    tick();
    parser.write(decoded(bytes.subarray(at, at + pieceBytes)));
  }
  parser.write(decoded(null));
  parser.close();
  const [root] = top.children;
  if (!root) throw damaged('it has no root element');
  return root;
}

/** The first child of that name. */
export const childOf = (node: AimNode | undefined, name: string): AimNode | undefined =>
  node?.children.find((child) => child.name === name);
/** All descendants along a path of names. */
export function allOf(node: AimNode | undefined, ...path: string[]): AimNode[] {
  let found = node ? [node] : [];
  for (const name of path) found = found.flatMap(({ children }) => children.filter((child) => child.name === name));
  return found;
}
/** An attribute of a child; empty where there is none. */
export const said = (node: AimNode | undefined, name: string, attribute = 'value'): string =>
  childOf(node, name)?.attributes.get(attribute) ?? '';
