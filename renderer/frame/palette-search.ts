import type { Command } from '../commands.ts';
import type { Point } from '../stores/viewer.ts';

/** Three numbers in a row are a patient point. */
export function pointIn(text: string): Point | null {
  const parts = text.replaceAll('\u2212', '-').match(/-?\d+(?:\.\d+)?/g);
  if (parts?.length !== 3 || /[a-z]/i.test(text.replace(/lps|mm/gi, ''))) return null;
  return parts.map(Number) as Point;
}

/** Words in any order; a command matches when each begins or is inside one of its words. */
export function matches(command: Pick<Command, 'title' | 'group'>, query: string): boolean {
  const text = `${command.group} ${command.title}`.toLowerCase();
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
