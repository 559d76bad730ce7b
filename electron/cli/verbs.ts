import { acquisitionVerbs } from './acquisition-verbs.ts';
import { caseVerbs } from './case-verbs.ts';
import { compareMeshVerbs } from './compare-mesh-verb.ts';
import { contourVerbs } from './contour-verbs.ts';
import { evaluateVerbs } from './evaluate-verb.ts';
import { experimentVerbs } from './experiment-verbs.ts';
import { fileVerbs } from './file-verbs.ts';
import { markupVerbs } from './markup-verbs.ts';
import { meshVerbs } from './mesh-verbs.ts';
import { modelVerbs } from './model-verbs.ts';
import { objectVerbs } from './object-verbs.ts';
import { patchVerbs } from './patch-verbs.ts';
import { preprocessVerbs } from './preprocess-verbs.ts';
import { reviewVerbs } from './review-verbs.ts';
import { segmentVerbs } from './segment-verbs.ts';
import type { Verb } from './verb.ts';

export const verbs: Record<string, Verb> = {
  ...fileVerbs,
  ...meshVerbs,
  ...compareMeshVerbs,
  ...acquisitionVerbs,
  ...caseVerbs,
  ...reviewVerbs,
  ...segmentVerbs,
  ...objectVerbs,
  ...modelVerbs,
  ...markupVerbs,
  ...contourVerbs,
  ...patchVerbs,
  ...preprocessVerbs,
  ...experimentVerbs,
  ...evaluateVerbs,
};

export function usage(): string {
  const lines = Object.entries(verbs).map(([name, verb]) => `  lamina ${name} ${verb.synopsis}\n      ${verb.about}`);
  return `Lamina: from CT or MR to a checked, printable bone model\n\n${lines.join('\n')}\n\nExit codes: 0 done, 2 usage, 3 refused (the object says why), 1 our fault.`;
}
