import { registerHooks } from 'node:module';

/** Loaded with --import before the real main.ts: `electron` becomes the stub beside this file, and nothing else changes. */
const stub = new URL('./electron.ts', import.meta.url).href;

registerHooks({
  resolve: (specifier, context, next) => (specifier === 'electron' ? { url: stub, shortCircuit: true } : next(specifier, context)),
});
