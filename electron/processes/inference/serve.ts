import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Refusal } from '../../../contract/errors.ts';
import { Cancelled } from '../messages.ts';
import type { ModelFile } from '../protocol.ts';
import { withRuntimeErrors } from './faults.ts';
import { answerKnown, attempt } from './known-answer.ts';
import type { InferenceAnswer, InferenceOrder, OrderContext, OrderName, Orders } from './orders.ts';
import { runTiles } from './run-tiles.ts';
import type { ModelSession, OpenSession } from './session.ts';

type Work = { [N in OrderName]: (session: ModelSession, input: Orders[N]['in'], context: OrderContext) => Promise<Orders[N]['out']> };
const work: Work = { run: runTiles, answer: answerKnown, attempt };

/** Lets messages that have arrived be read; a network's run blocks this thread. */
const breathe = () => new Promise<void>((resolve) => setImmediate(resolve));

/**
 * The inference process without its runtime: one session at a time, kept loaded until another is asked for; one order at a time, in the
 * order in which they come.
 */
export function serveInference(open: OpenSession, send: (answer: InferenceAnswer) => void): (order: InferenceOrder) => void {
  let loaded: { key: string; session: ModelSession } | null = null;
  let last: Promise<void> = Promise.resolve();
  const cancelled = new Set<number>();

  async function sessionOf(model: ModelFile, provider: string): Promise<ModelSession> {
    // Read each time: what runs is what was checked, and a file that was exchanged is found.
    const bytes = await readFile(model.path).catch((error: NodeJS.ErrnoException) => {
      throw new Refusal('INVALID_MODEL', `The model file cannot be read (${error.code}). Put the package back and deploy it again.`);
    });
    if (createHash('sha256').update(bytes).digest('hex') !== model.sha256)
      throw new Refusal(
        'INVALID_MODEL',
        'The model file has changed since this network was enabled. Put the original back, or deploy the package again.',
      );
    const key = `${model.sha256} ${provider} ${model.external ? model.path : ''}`;
    if (loaded?.key === key) return loaded.session;
    const old = loaded;
    loaded = null;
    await old?.session.release();
    const unavailable = (why: string) => `${provider} cannot be had on this machine: ${why}.`;
    const words = provider === 'cpu' ? undefined : unavailable;
    loaded = { key, session: await withRuntimeErrors(() => open(model, bytes, provider), 'INVALID_MODEL', words) };
    return loaded.session;
  }

  async function carryOut(order: Extract<InferenceOrder, { kind: 'run' }>): Promise<void> {
    const { id } = order;
    const context: OrderContext = {
      progress: (fraction, note) => send({ kind: 'progress', id, fraction, note }),
      async checkpoint() {
        await breathe();
        if (cancelled.has(id)) throw new Cancelled();
      },
    };
    try {
      await context.checkpoint();
      const session = await sessionOf(order.input.model, order.input.provider);
      await context.checkpoint();
      send({ kind: 'done', id, result: await work[order.order](session, order.input as never, context) });
    } catch (error) {
      if (error instanceof Cancelled) send({ kind: 'cancelled', id });
      else if (error instanceof Refusal) send({ kind: 'refused', id, code: error.code, message: error.message, reasons: error.reasons });
      else send({ kind: 'failed', id, message: String((error as Error)?.message ?? error), stack: String((error as Error)?.stack ?? '') });
    } finally {
      cancelled.delete(id);
    }
  }

  return (order) => {
    if (order.kind === 'cancel') cancelled.add(order.id);
    else if (order.kind === 'run') last = last.then(() => carryOut(order));
  };
}
