import path from 'node:path';
import { boneLabel, type LabelRow, type LabelTable, labelTable } from '../../contract/labels.ts';
import type { LabelTables } from '../service/ports.ts';
import { beyond, jsonFiles, mostFiles, readJson } from './json-files.ts';
import { assetsFolder } from './profiles.ts';
import { configFolder } from './recent.ts';

/**
 * Why a table cannot stand beside the rows that are there; null: it can. A row with a key of ours takes the place of ours, so that a
 * hospital can name a structure in its own words; bone stays 1 (9.1), and no value comes to mean two things.
 */
function clashOf(table: LabelTable, rows: readonly LabelRow[]): string | null {
  const bone = table.rows.find((row) => (row.key === boneLabel.key) !== (row.value === boneLabel.value));
  if (bone) return `row ${bone.key} has the value ${bone.value}, but ${boneLabel.key} and it alone is ${boneLabel.value} (clause 9.1)`;
  const kept = rows.filter((row) => !table.rows.some((one) => one.key === row.key));
  for (const row of table.rows) {
    const other = kept.find((one) => one.value === row.value);
    if (other) return `row ${row.key} has the value ${row.value}, which is that of ${other.key}`;
    const above = row.subclassOf;
    if (above !== null && ![...kept, ...table.rows].some((one) => one.key === above))
      return `row ${row.key} is a sub-class of ${above}, which no table has`;
  }
  return null;
}

/** Our rows in their places, a hospital's edition of one instead of ours, its further rows behind. */
const merged = (rows: readonly LabelRow[], table: LabelTable): LabelRow[] => [
  ...rows.map((row) => table.rows.find((one) => one.key === row.key) ?? row),
  ...table.rows.filter((row) => !rows.some((one) => one.key === row.key)),
];

/**
 * Label tables as data (9.1): ours, and files of the same shape in `label-tables/` of the settings folder. A table is taken as a whole or
 * not at all, and one that is not is named with its fault.
 */
export function createLabelTables(options: { shipped?: string; own?: string } = {}): LabelTables {
  const { shipped = assetsFolder(), own = configFolder() } = options;
  const folder = path.join(own, 'label-tables');
  return {
    async list() {
      const ours = await readJson(path.join(shipped, 'label-tables', 'bone.json'), labelTable);
      if ('fault' in ours) throw new TypeError(`the label table that comes with Lamina ${ours.fault}`);
      const wrong = clashOf(ours.value, []);
      if (wrong !== null) throw new TypeError(`the label table that comes with Lamina: ${wrong}`);
      let labels = ours.value.rows;
      const ids: string[] = [];
      const names = await jsonFiles(folder, 'label tables');
      const faults = beyond(names, folder);
      for (const name of names.slice(0, mostFiles)) {
        const file = path.join(folder, name);
        const read = await readJson(file, labelTable);
        const fault = 'fault' in read ? read.fault : clashOf(read.value, labels);
        if (fault !== null) faults.push({ text: `The label table ${name} was not taken: ${fault}. Correct it or remove it.`, path: file });
        else if ('value' in read) {
          ids.push(read.value.id);
          labels = merged(labels, read.value);
        }
      }
      return { labels, own: ids, folder, faults };
    },
  };
}
