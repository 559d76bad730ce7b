import { defineConfig } from 'vite';

/** The views alone, for trying by hand: `vite --config renderer/viewports/harness/vite.config.ts`. Not part of the product. */
export default defineConfig({
  root: import.meta.dirname,
  publicDir: process.env.HARNESS_VOLUME ?? false,
  resolve: { alias: { events: 'events/events.js' } },
  worker: { format: 'es' },
  cacheDir: `${import.meta.dirname}/../../../.cache/harness`,
  build: { target: 'es2022', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
});
