import type { PatchesAnswer } from '../../contract/patches.ts';
import { spreadSets } from './case-verbs.ts';
import { withNetworkWording } from './network-words.ts';
import { readOptions } from './options.ts';
import { absolute, type Verb } from './verb.ts';

/** Verbs of clause 10. */
export const patchVerbs: Record<string, Verb> = {
  patches: {
    synopsis:
      '--case DIR --out DIR [--segment NAME] [--series UID] [--set size=128 stride=128 windowLowHu=-200 windowHighHu=300 plane=axial|coronal|sagittal skipEmpty=true quality=95 maskValues=binary|label] [--json]',
    about: 'Writes image patches (8-bit JPEG) and mask patches (lossless PNG) of a segment into a new folder.',
    async run(client, argv) {
      const o = readOptions(spreadSets(argv), { values: ['case', 'out', 'segment', 'series', 'set'] });
      const out = absolute(o.need('out'));
      const id = await client.openCase(absolute(o.need('case')));
      const json = await client.job<PatchesAnswer>(`/api/cases/${id}/patches`, {
        segment: o.one('segment'),
        series: o.one('series'),
        out,
        settings: o.settings(),
      });
      const text = `${json.path}: ${json.patches} patches, ${json.skippedEmpty} without bone left out`;
      return withNetworkWording({ json, text }, [{ name: json.segment, networkWording: json.networkWording }]);
    },
  },
};
