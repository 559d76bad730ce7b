import type { DicomSource } from '../../../contract/dicom-source.ts';
import { networkWording } from '../../../contract/model.ts';
import type { DeidentifyOptions } from '../../../contract/object-files.ts';
import { uidFrom } from '../dicom-write.ts';
import { plainLabel } from './deidentify-label.ts';
import { retainedAttributes } from './deidentify-table.ts';
import { textCleaner } from './deidentify-text.ts';
import type { ObjectInput } from './object-input.ts';

/** Dates of the object itself are D: a dummy that is plainly none. */
const dummyTime = '1900-01-01T00:00:00.000Z';

/** What a network's result is told with stays; of a card that is not ours, without what names the patient. */
function toldWording(wording: string | null, clean: (text: string) => string): string | null {
  if (wording === null || wording === networkWording) return wording;
  return clean(wording) || 'made by a network; validate locally';
}

const trackingIdOf = (n: number): string => `segment ${n + 1}`;

/** DICOM's defined terms for what can be imported; any other is a text of the file. */
const modalities = ['CT', 'MR', 'PT', 'NM', 'US', 'XA', 'CR', 'DX', 'OT'];

/** What a person should know of what is left: PS3.15 E.3.1 (burned-in annotation) and E.3.2 (recognizable features) leave that to him. */
function risks(input: ObjectInput, options: DeidentifyOptions): string[] {
  const { source, series } = input;
  const findings: string[] = [];
  if (source?.burnedIn === 'YES')
    findings.push(
      'The images are marked as having burned-in text. This file holds none of their pixels; the images themselves may still name the patient.',
    );
  else if (source?.burnedIn !== 'NO')
    findings.push(
      'The images do not say whether text is burned into them. This file holds none of their pixels; look at the images before they are passed on.',
    );
  const part = source?.attributes.BodyPartExamined ?? '';
  if (source?.recognizable !== 'NO' && ['CT', 'MR', 'PT', ''].includes(series.modality))
    findings.push(
      source?.recognizable === 'YES' || /HEAD|FACE|SKULL|ORBIT|BRAIN|JAW|NECK/i.test(part)
        ? 'A person can be recognised by the shape of a head and its bones: this file shows shape, and no option removes it.'
        : 'If the segments show a head, a person can be recognised by its shape: no option removes it.',
    );
  // NIfTI has no place for any of what follows.
  if (input.kind === 'nifti') return findings;
  if (options.retainUids) findings.push('UIDs were kept: whoever has the images can tell whose file this is.');
  const kept = [
    options.retainLongitudinalFullDates && 'dates and times',
    options.retainPatientCharacteristics && 'sex, age, size and weight',
  ].filter((one) => one !== false);
  if (kept.length > 0) findings.push(`Kept as asked for: ${kept.join(', ')}.`);
  if (options.retainInstitutionIdentity || options.retainDeviceIdentity)
    findings.push(
      'Lamina made this file: it names neither institution nor scanner of the images, so that there was nothing of them to keep.',
    );
  return findings;
}

function sourceOf(
  source: DicomSource,
  options: DeidentifyOptions,
  uid: (uid: string) => string,
  clean: (text: string) => string,
): DicomSource {
  return {
    ...source,
    attributes: retainedAttributes(source.attributes, options, clean),
    studyInstanceUid: uid(source.studyInstanceUid),
    seriesInstanceUid: uid(source.seriesInstanceUid),
    frameOfReferenceUid: uid(source.frameOfReferenceUid),
    instances: source.instances.map((one) => ({ ...one, sopInstanceUid: uid(one.sopInstanceUid) })),
  };
}

/**
 * What a writer gets where the patient is not to be named (PS3.15 table E.1-1, Basic Profile with the chosen options): of the headers only
 * what the table leaves, UIDs mapped the same way in every file of the case, free text removed or, with the Clean Descriptors Option, freed
 * of what the headers say of the patient. Without `deidentify` everything is as it was.
 * @returns the input for a writer, and what was changed and what risk is left, in words
 */
export function deidentified(input: ObjectInput): { input: ObjectInput; findings: string[] } {
  const options = input.deidentify;
  if (!options) return { input, findings: [] };
  const uid = (from: string): string => (from === '' || options.retainUids ? from : uidFrom(`${input.uidSeed} ${from}`));
  const clean = textCleaner(input);
  const words = (text: string, instead: string): string => (options.cleanDescriptors ? clean(text) || instead : instead);
  const findings = risks(input, options);
  const { series, source, segments, markups, mesh } = input;
  const named = segments.map((one, n) => {
    const label = plainLabel(one.label, options.cleanDescriptors ? clean : null);
    return {
      ...one,
      label,
      name: words(one.name, segments.length > 1 ? `${label.name} ${n + 1}` : label.name).slice(0, 64),
      // Of a segment that was loaded it is the name of a file.
      algorithmName: words(one.algorithmName, ''),
      networkWording: toldWording(one.networkWording, clean),
      trackingId: trackingIdOf(n),
      trackingUid: uid(one.trackingUid),
    };
  });
  const marked = markups.map((one, n) => ({
    ...one,
    series: uid(one.series),
    segment: segments.flatMap((segment, at) => (segment.trackingId === one.segment ? [trackingIdOf(at)] : []))[0] ?? null,
    name: words(one.name, `${one.kind} ${n + 1}`).slice(0, 64),
    text: one.text.trim() === '' ? '' : words(one.text, one.kind.startsWith('text') ? 'Removed' : ''),
    trackingUid: uid(one.trackingUid),
  }));
  const changed = [
    ...named.filter((one, n) => one.name !== segments[n]?.name),
    ...marked.filter((one, n) => one.name !== markups[n]?.name || one.text !== markups[n]?.text),
  ].length;
  const relabelled = named.filter((one, n) => JSON.stringify(one.label) !== JSON.stringify(segments[n]?.label)).length;
  if (relabelled > 0)
    findings.push(
      `${relabelled} ${relabelled === 1 ? 'segment has a label that is' : 'segments have labels that are'} not of Lamina's table and may hold any words: ${options.cleanDescriptors ? 'read what is left of them' : 'the file calls them bone'}.`,
    );
  if (changed > 0)
    findings.push(
      options.cleanDescriptors
        ? `Names and texts of ${changed} segments or markups were freed of what the headers say of the patient, of dates and of long numbers: read what is left.`
        : `Names and texts of ${changed} segments or markups were replaced: a person may have written anything there.`,
    );
  if (mesh?.signedBy) findings.push('The name of the person who signed the model was removed.');
  return {
    input: {
      ...input,
      series: {
        ...series,
        seriesInstanceUid: uid(series.seriesInstanceUid),
        modality: modalities.includes(series.modality) ? series.modality : 'OT',
        patientName: options.pseudonym,
        description: words(series.description, ''),
      },
      source: source && sourceOf(source, options, uid, clean),
      segments: named,
      markups: marked,
      mesh: mesh && { ...mesh, title: named[0]?.name ?? 'Model', signedBy: null },
      of: { ...input.of, id: uidFrom(`${input.uidSeed} case`), name: options.pseudonym },
      writtenAt: options.retainLongitudinalFullDates ? input.writtenAt : dummyTime,
      // A study or frame of the case's own is U as well, and the same as in the plain file where UIDs are retained.
      uidSeed: options.retainUids ? input.uidSeed : uidFrom(`${input.uidSeed} deidentified`),
    },
    findings,
  };
}
