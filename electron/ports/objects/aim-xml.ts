import type { CodedTerm } from '../../../contract/labels.ts';

export const aimNamespace = 'gme://caCORE.caCORE/4.4/edu.northwestern.radiology.AIM';

/** An element: its children in the order of the schema. */
export interface XmlElement {
  name: string;
  attributes: Record<string, string>;
  children: XmlElement[];
}

export const element = (
  name: string,
  attributes: Record<string, string> = {},
  ...children: (XmlElement | null | XmlElement[])[]
): XmlElement => ({
  name,
  attributes,
  children: children.flat().filter((child) => child !== null),
});

/** ISO 21090: an identifier, a text or number, and a coded term. */
export const identified = (name: string, uid: string): XmlElement => element(name, { root: uid });
export const valued = (name: string, value: string | number | boolean): XmlElement => element(name, { value: String(value) });
export const coded = (name: string, { value, scheme, meaning }: CodedTerm): XmlElement =>
  element(name, { code: value, codeSystemName: scheme }, element('iso:displayName', { value: meaning }));

// biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 has no way to write these
const noXml = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;
const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};
const escaped = (text: string) =>
  text
    .toWellFormed()
    .replace(noXml, ' ')
    .replace(/[&<>"\t\n\r]/g, (letter) => entities[letter] as string);

function lines({ name, attributes, children }: XmlElement, indent: string, out: string[]): void {
  const tag = `${name}${Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${escaped(value)}"`)
    .join('')}`;
  if (children.length === 0) {
    out.push(`${indent}<${tag}/>`);
    return;
  }
  out.push(`${indent}<${tag}>`);
  for (const child of children) lines(child, `${indent} `, out);
  out.push(`${indent}</${name}>`);
}

/** An XML 1.0 document in UTF-8. Letters that XML cannot hold become blanks. */
export function xmlBytes(root: XmlElement): Uint8Array {
  const out = ['<?xml version="1.0" encoding="UTF-8"?>'];
  lines(root, '', out);
  return Buffer.from(`${out.join('\n')}\n`, 'utf8');
}
