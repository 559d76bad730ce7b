import { parseArgs } from 'node:util';
import { Usage } from './client.ts';

export interface Options {
  positional: string[];
  /** The last value of an option, or null. */
  one(name: string): string | null;
  many(name: string): string[];
  flag(name: string): boolean;
  /** Throws Usage where the option is missing. */
  need(name: string): string;
  /** key=value pairs of --set, with numbers, true/false/null and comma lists read. */
  settings(): Record<string, unknown>;
}

/** Reads a verb's arguments against its own short list; anything else is a usage error. */
export function readOptions(argv: string[], spec: { values?: string[]; flags?: string[] }): Options {
  const values = [...(spec.values ?? [])];
  const flags = ['json', ...(spec.flags ?? [])];
  let parsed: ReturnType<typeof parseArgs>;
  try {
    parsed = parseArgs({
      args: argv,
      allowPositionals: true,
      strict: true,
      options: Object.fromEntries([
        ...values.map((name) => [name, { type: 'string' as const, multiple: true as const }]),
        ...flags.map((name) => [name, { type: 'boolean' as const }]),
      ]),
    });
  } catch (error) {
    throw new Usage((error as Error).message);
  }
  const list = (name: string) => (parsed.values[name] as string[] | undefined) ?? [];
  return {
    positional: parsed.positionals,
    one: (name) => list(name).at(-1) ?? null,
    many: list,
    flag: (name) => parsed.values[name] === true,
    need(name) {
      const value = list(name).at(-1);
      if (value === undefined) throw new Usage(`--${name} is needed`);
      return value;
    },
    settings: () => Object.fromEntries(list('set').map(readSetting)),
  };
}

function readSetting(text: string): [string, unknown] {
  const at = text.indexOf('=');
  if (at < 1) throw new Usage(`--set takes key=value, not '${text}'`);
  const value = text.slice(at + 1);
  return [text.slice(0, at), value.includes(',') ? value.split(',').map(readValue) : readValue(value)];
}

function readValue(text: string): unknown {
  if (text === 'true') return true;
  if (text === 'false') return false;
  if (text === 'null') return null;
  return text !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
}
