import type { MeshAbout } from '../../../contract/mesh.ts';
import type { Ports } from '../ports.ts';
import { stlHeader } from './mesh.ts';

/** What is told of a model that leaves; null where it is of no case. */
interface Leaving {
  case: { id: string; sequence: number } | null;
  /** Name of the segment. */
  segment: string;
  series: string | null;
  mesh: string;
  signedBy: string | null;
  passed: boolean;
}

/**
 * What a model file says of itself: units, frame, which way is left, and which case it is of. No name and no number of a patient: the
 * series is named by the hash of its UID, which the hospital that has it can compare.
 */
export function aboutMesh(ports: Pick<Ports, 'digest'>, leaving: Leaving): MeshAbout {
  const facts = [
    { name: 'Title', text: leaving.segment },
    { name: 'Application', text: 'Lamina' },
    { name: 'Units', text: 'millimeter' },
    { name: 'Frame', text: 'LPS (DICOM patient coordinates)' },
    { name: 'Sides', text: '+x L left, -x R right, +y P posterior, -y A anterior, +z S superior, -z I inferior, of the patient' },
    { name: 'PatientTransform', text: '1 0 0 0 1 0 0 0 1 0 0 0' },
    ...(leaving.case ? [{ name: 'Case', text: `${leaving.case.id}, journal entry ${leaving.case.sequence}` }] : []),
    ...(leaving.series ? [{ name: 'Series', text: `SHA-256 of its UID ${ports.digest(leaving.series)}` }] : []),
    { name: 'Source', text: `SHA-256 of the checked STL ${leaving.mesh}` },
    { name: 'Review', text: leaving.signedBy === null ? 'UNSIGNED: nobody has reviewed and signed this model' : 'reviewed and signed' },
    { name: 'Check', text: leaving.passed ? 'passed' : 'FAILED' },
    { name: 'Remark', text: 'Not a medical device. Validate locally before any clinical use.' },
  ];
  return { title: leaving.segment, header: stlHeader.replace('binary STL', 'model'), facts, solid: leaving.passed };
}
