import type { ExperimentWish } from './experiment.ts';

/** The experiment that comes with Lamina; assets/experiments/d4.json is the same as a file, to start one's own from. */
export const d4Experiment = {
  schema: 1,
  title: 'Methods A, B and C on synthetic heads',
  seeds: [81001, 81002, 81003, 81004, 81005, 81006, 81007, 81008, 81009, 81010],
  size: 'orbits',
  reference: 'a-300',
  methods: [
    { id: 'a-300', title: 'A: 300 HU and above', segment: { method: 'threshold', lowHu: 300 } },
    { id: 'hysteresis', title: 'Hysteresis 300, from 130 HU', segment: { method: 'hysteresis', seedHu: 300, lowHu: 130 } },
    { id: 'b-unet', title: 'B: one U-Net', segment: { method: 'unet' } },
    { id: 'c-multi-unet', title: 'C: cortical and thin U-Nets', segment: { method: 'multi-unet' } },
    {
      id: 'ours',
      title: 'Ours, the network alone',
      segment: { method: 'default', mirror: false, outsideHu: null, airHu: null, minimumMm3: 0, crf: false },
      variants: [
        { id: 'ours-crf', title: 'Ours, CRF', clean: [{ keep: 'all', crf: true }] },
        { id: 'ours-ccl', title: 'Ours, parts from 2 mm³', clean: [{ keep: 'minimum', minimumMm3: 2, connectivity: 26 }] },
        {
          id: 'ours-crf-ccl',
          title: 'Ours, CRF and parts from 2 mm³',
          clean: [
            { keep: 'all', crf: true },
            { keep: 'minimum', minimumMm3: 2, connectivity: 26 },
          ],
        },
      ],
    },
    { id: 'ours-default', title: 'Ours, as it ships', segment: { method: 'default' } },
  ],
} satisfies ExperimentWish;
