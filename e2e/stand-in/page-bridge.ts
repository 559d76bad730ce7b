/**
 * What stands in for Electron's contextBridge. Two worlds of one page share no objects, so calls cross as DOM events; dispatching is
 * synchronous, so a function that answers at once still does. Each function is stringified and run in the page.
 */
export const worldName = 'lamina-preload';
export const bindingName = 'standInIpc';

/** Runs in the page's own world: makes the object that the preload exposed. */
export function mainWorld(): void {
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  const listeners: ((...received: unknown[]) => void)[] = [];
  let last: { id: number; kind: string; value?: unknown; error?: string } | null = null;
  let count = 0;
  const heard = (event: Event) => JSON.parse((event as CustomEvent<string>).detail);
  window.addEventListener('stand-in-expose', (event) => {
    const { key, names } = heard(event) as { key: string; names: string[] };
    if (key in window) return;
    const call = (name: string, received: unknown[]): unknown => {
      const id = ++count;
      let file: HTMLInputElement | null = null;
      const sent = received.map((item) => {
        if (typeof item === 'function') return { standInListener: listeners.push(item as (...r: unknown[]) => void) - 1 };
        if (!(item instanceof File)) return item;
        file = document.createElement('input');
        file.type = 'file';
        file.dataset.standIn = String(id);
        const transfer = new DataTransfer();
        transfer.items.add(item);
        file.files = transfer.files;
        document.documentElement.append(file);
        return { standInFile: id };
      });
      last = null;
      window.dispatchEvent(new CustomEvent('stand-in-call', { detail: JSON.stringify({ id, name, sent }) }));
      (file as HTMLInputElement | null)?.remove();
      const answer = last as { kind: string; value?: unknown; error?: string } | null;
      if (answer?.kind === 'value') return answer.value;
      if (answer?.kind === 'error') throw new Error(answer.error);
      return new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
    };
    const exposed = Object.fromEntries(names.map((name) => [name, (...received: unknown[]) => call(name, received)]));
    Object.defineProperty(window, key, { value: Object.freeze(exposed), writable: false, configurable: false, enumerable: true });
  });
  window.addEventListener('stand-in-answer', (event) => {
    const answer = heard(event);
    const pending = waiting.get(answer.id);
    if (!pending) {
      last = answer;
      return;
    }
    waiting.delete(answer.id);
    if (answer.kind === 'error') pending.reject(new Error(answer.error));
    else pending.resolve(answer.value);
  });
  window.addEventListener('stand-in-listener', (event) => {
    const { index, received } = heard(event);
    listeners[index]?.(...received);
  });
}

/** Runs in the isolated world around the real bundled preload: the half of `electron` that a sandboxed preload gets. */
export function isolatedWorld(
  preload: (require: (name: string) => unknown, module: object, exports: object) => void,
  binding: string,
): void {
  type Anything = (...received: unknown[]) => unknown;
  const send = (globalThis as unknown as Record<string, (text: string) => void>)[binding];
  const tell = (name: string, value: unknown) => window.dispatchEvent(new CustomEvent(name, { detail: JSON.stringify(value) }));
  const invoked = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  const channels = new Map<string, Anything[]>();
  let count = 0;
  const electron = {
    contextBridge: {
      exposeInMainWorld(key: string, api: Record<string, Anything>) {
        window.addEventListener('stand-in-call', (event) => {
          const { id, name, sent } = JSON.parse((event as CustomEvent<string>).detail);
          const received = (sent as unknown[]).map((item) => {
            const marked = item as { standInListener?: number; standInFile?: number } | null;
            if (marked?.standInListener !== undefined)
              return (...given: unknown[]) => tell('stand-in-listener', { index: marked.standInListener, received: given });
            if (marked?.standInFile !== undefined)
              return document.querySelector<HTMLInputElement>(`input[data-stand-in="${marked.standInFile}"]`)?.files?.[0];
            return item;
          });
          try {
            const value = api[name]?.(...received);
            if (value instanceof Promise)
              value.then(
                (answer) => tell('stand-in-answer', { id, kind: 'value', value: answer }),
                (error: Error) => tell('stand-in-answer', { id, kind: 'error', error: error.message }),
              );
            else tell('stand-in-answer', { id, kind: 'value', value });
          } catch (error) {
            tell('stand-in-answer', { id, kind: 'error', error: String(error) });
          }
        });
        for (const [name, value] of Object.entries(api))
          if (typeof value !== 'function') throw new TypeError(`${name} is exposed and no function`);
        tell('stand-in-expose', { key, names: Object.keys(api) });
      },
    },
    ipcRenderer: {
      invoke: (channel: string, ...received: unknown[]) =>
        new Promise((resolve, reject) => {
          invoked.set(++count, { resolve, reject });
          send?.(JSON.stringify({ id: count, channel, received }));
        }),
      on: (channel: string, listener: Anything) => void channels.set(channel, [...(channels.get(channel) ?? []), listener]),
    },
    webUtils: {
      getPathForFile(file: unknown) {
        if (!(file instanceof File)) throw new TypeError('getPathForFile takes a File');
        return `/stand-in/${file.name}`;
      },
    },
  };
  Object.assign(globalThis, {
    standInReply: (id: number, value: unknown, error: string | null) => {
      const pending = invoked.get(id);
      invoked.delete(id);
      if (error === null) pending?.resolve(value);
      else pending?.reject(new Error(error));
    },
    standInSend: (channel: string, received: unknown[]) => {
      for (const listener of channels.get(channel) ?? []) listener({}, ...received);
    },
  });
  const require = (name: string): unknown => {
    if (name === 'electron') return electron;
    throw new Error(`a sandboxed preload may not require ${name}`);
  };
  const module = { exports: {} };
  preload(require, module, module.exports);
}
