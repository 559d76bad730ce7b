import { defineConfig } from 'vite';

/** The renderer: one page, served by every shell under its own content security policy (no inline script, no eval). */
export default defineConfig({
  root: 'renderer',
  base: './',
  // Cornerstone's dependencies import Node's 'events'; without the alias the page builds and then stays white.
  resolve: { alias: { events: 'events/events.js' } },
  oxc: { jsx: { runtime: 'automatic' } },
  worker: { format: 'es' },
  optimizeDeps: {
    exclude: ['@cornerstonejs/core'],
  },
  build: {
    outDir: '../dist/renderer',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 5000,
    rolldownOptions: {
      // lucide-react marks its modules for server components; a bundle has no use for the mark.
      onLog: (level, log, next) => {
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') next(level, log);
      },
    },
  },
});
