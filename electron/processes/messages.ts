import type { Coded, ReasonCode } from '../../contract/errors.ts';
import type { TaskName } from './protocol.ts';

/** Host to compute. */
export type Order = { kind: 'run'; id: number; task: TaskName; input: unknown } | { kind: 'cancel'; id: number } | { kind: 'quit' };

/** Compute to host. */
export type Answer =
  | { kind: 'progress'; id: number; fraction: number; note: string }
  | { kind: 'done'; id: number; result: unknown }
  | { kind: 'cancelled'; id: number }
  | { kind: 'refused'; id: number; code: ReasonCode; message: string; reasons: Coded[]; report: unknown }
  | { kind: 'failed'; id: number; message: string; stack: string };

/** Thrown inside a task when its job was cancelled; never leaves the compute process. */
export class Cancelled extends Error {
  constructor() {
    super('cancelled');
    this.name = 'Cancelled';
  }
}
