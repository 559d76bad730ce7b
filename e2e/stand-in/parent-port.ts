import { EventEmitter } from 'node:events';

/** Loaded with --import into a forked child: gives it the `process.parentPort` of a utilityProcess in place of process.send. */
class ParentPort extends EventEmitter {
  readonly #send = process.send?.bind(process);
  constructor() {
    super();
    process.on('message', (sent) => this.emit('message', { data: sent, ports: [] }));
  }
  postMessage(message: unknown): void {
    this.#send?.(message);
  }
}
Object.defineProperty(process, 'parentPort', { value: new ParentPort() });
Object.defineProperty(process, 'send', { value: undefined });
