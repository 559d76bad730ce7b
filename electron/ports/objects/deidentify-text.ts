import type { ObjectInput } from './object-input.ts';

/** Headers whose words may stand in free text: names, numbers and dates of the patient, his visit, persons and places. */
const telling = [
  ...['PatientName', 'PatientID', 'IssuerOfPatientID', 'PatientBirthDate', 'PatientBirthTime', 'AccessionNumber', 'StudyID', 'StudyDate'],
  ...['StudyTime', 'SeriesDate', 'SeriesTime', 'ReferringPhysicianName', 'OperatorsName', 'InstitutionName', 'InstitutionAddress'],
  ...['StationName', 'DeviceSerialNumber', 'PositionReferenceIndicator'],
];
/** Of patient characteristics the whole value alone: 'F' and '063' stand in many a harmless word. */
const wholly = ['PatientAge', 'PatientSize', 'PatientWeight'];

const letters = (word: string): string => word.normalize('NFD').replace(/\p{M}/gu, '');
/** A word in any of its spellings: with its accents or without. */
const pattern = (word: string): string =>
  [...letters(word)].map((letter) => `${letter.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\p{M}*`).join('');

/** What names the patient, longest first: a name that holds another goes as a whole. */
function identifyingWords({ source, series, mesh, of }: ObjectInput): string[] {
  const said = source?.attributes ?? {};
  const texts = [series.patientName, of.name, mesh?.signedBy ?? '', ...telling.map((keyword) => said[keyword] ?? '')];
  // A short number of an address or of the case is no sign of anybody, and would eat the numbers of a threshold.
  const parts = texts.flatMap((text) => text.split(/[^\p{L}\p{M}\p{N}]+/u)).filter((word) => !/^\d{0,3}$/.test(word));
  const words = [...texts, ...parts, ...wholly.map((keyword) => said[keyword] ?? '')].map((word) => word.trim());
  return [...new Set(words)].filter((word) => letters(word).length > 1).sort((a, b) => b.length - a.length);
}

const months = 'jan|feb|m[aä]r|apr|ma[iy]|jun|jul|aug|sep|o[ck]t|nov|de[cz]';
/** Dates as people and programs write them, and numbers as long as a patient's. */
const datesAndNumbers = new RegExp(
  [
    '\\d{1,4}([-./_ ])\\d{1,2}\\1\\d{1,4}',
    `\\d{1,2}[-. ]*(?:${months})\\p{L}*[-., ]*\\d{2,4}`,
    `(?:${months})\\p{L}*[-., ]*\\d{1,2}[-., ]+\\d{2,4}`,
    '\\d{6,}',
  ].join('|'),
  'giu',
);

/** @param isCode a coded value, whose long number is no patient's unless the headers have it */
export type TextCleaner = (text: string, isCode?: boolean) => string;

/**
 * The Clean Descriptors Option (PS3.15 E.3.5): free text without what the headers, the case and the model say of the patient, and without dates and
 * long numbers. It knows no names that stand nowhere else; a person has to read what is left.
 */
export function textCleaner(input: ObjectInput): TextCleaner {
  const words = identifyingWords(input).map(pattern);
  const said = words.length > 0 ? new RegExp(words.join('|'), 'giu') : null;
  return (text, isCode = false) => {
    let out = text.normalize('NFD');
    if (!isCode) out = out.replace(datesAndNumbers, ' ');
    // What stood around one may be another once it is gone.
    for (let before = ''; before !== out; ) {
      before = out;
      out = (said ? out.replace(said, ' ') : out).replace(/\s+/g, ' ').trim();
    }
    return out.normalize('NFC');
  };
}
