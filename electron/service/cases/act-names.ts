import type { ActParameters } from './act-parameters.ts';

const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);

export function strokeName(stroke: { tool: 'brush' | 'eraser'; shape: 'circle' | 'sphere'; diameterMm: number }): string {
  return `${capital(stroke.tool)} ${Number(stroke.diameterMm.toFixed(2))} mm${stroke.shape === 'sphere' ? ' sphere' : ''}`;
}

export const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

/** What was taken out of a file: one thing by its name, several counted. */
export function loadName({ source, changes, markups }: ActParameters['load']): string {
  const changed = changes.every(({ into }) => into !== null);
  if (markups.length === 0 && changes.length > 0 && changed) {
    const what = changes.length === 1 ? changes[0]!.name : counted(changes.length, 'segment');
    return `Take over ${what} as changed in ${source.name}`;
  }
  const names = [...changes.map((one) => one.name), ...markups.map((one) => one.markup?.name ?? 'a markup')];
  const counts = [
    ...(changes.length > 0 ? [counted(changes.length, 'segment')] : []),
    ...(markups.length > 0 ? [counted(markups.length, 'markup')] : []),
  ];
  return `Load ${names.length === 1 ? names[0] : counts.join(' and ')} from ${source.name}`;
}
