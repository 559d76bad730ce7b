/**
 * Who may import whom (docs/architecture.md). Each rule's comment says what to do instead.
 * Sources are read by swc: dependency-cruiser has no reader for TypeScript 7 yet, and without one it would miss imports in silence.
 */
// fails loudly where the reader is missing
require('@swc/core');

const test = '\\.test\\.tsx?$';
/** Tests, and the fixtures and scratch pages that only tests load. */
const forTests = `${test}|/fixtures/|/harness/|(^|/)[^/]*(sample|\\.fixture)\\.ts$`;

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'kernels-alone',
      comment:
        'A kernel is a pure function that runs in every process: no package, no Node, no contract. Hand it plain arrays and numbers; read, write and refuse in the caller (electron/processes, renderer).',
      severity: 'error',
      from: { path: '^kernels/', pathNot: forTests },
      to: { pathNot: '^kernels/' },
    },
    {
      name: 'contract-zod-alone',
      comment:
        'The contract is what crosses the wire and is read by every side: zod and the contract only. Put the code that needs more where it is used.',
      severity: 'error',
      from: { path: '^contract/', pathNot: forTests },
      to: { pathNot: '^contract/|(^|/)node_modules/zod/' },
    },
    {
      name: 'service-no-node',
      comment:
        'The service compiles without Node and runs in three shells. Ask for what it needs through a port (electron/service/ports.ts) and implement that in electron/ports.',
      severity: 'error',
      from: { path: '^electron/service/', pathNot: forTests },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'service-own-room',
      comment:
        'The service knows hono, the contract and its own room; of kernels, ports and the processes’ protocol it knows the types. Anything else is handed to createService.',
      severity: 'error',
      from: { path: '^electron/service/', pathNot: forTests },
      to: {
        dependencyTypesNot: ['core'],
        pathNot:
          '^electron/service/|^contract/|(^|/)node_modules/(hono|zod)/|^kernels/|^electron/ports/|^electron/processes/protocol\\.ts$',
      },
    },
    {
      name: 'service-types-only',
      comment:
        'Use `import type` here. The service calls compute through a job and the world through a port; a kernel that runs in the service blocks the window.',
      severity: 'error',
      from: { path: '^electron/service/', pathNot: forTests },
      to: { path: '^kernels/|^electron/(ports|processes)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'steps-apart',
      comment:
        'A step of the standard never imports another step: electron/service/pipeline.ts alone knows the order. Move what both need to a room above them.',
      severity: 'error',
      from: { path: '^(electron/service|renderer)/steps/([^/]+)/', pathNot: forTests },
      to: { path: '^$1/steps/', pathNot: '^$1/steps/$2/' },
    },
    {
      name: 'processes-below-service',
      comment:
        'The compute process reads bytes and runs kernels; it knows no case, no route and no window (of a port that it fills, the type). Pass paths and settings in through the protocol.',
      severity: 'error',
      from: { path: '^electron/processes/', pathNot: forTests },
      to: { path: '^(electron/(?!processes/|ports/)|renderer/|e2e/|scripts/|bench/)', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'ports-below-service',
      comment:
        'A port is the outside world behind an interface. It may know the interface’s types and the contract, never a shell, a window or a route.',
      severity: 'error',
      from: { path: '^electron/ports/', pathNot: forTests },
      to: { path: '^(electron/(?!ports/|service/)|renderer/|e2e/|scripts/|bench/)', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'electron-in-the-shell',
      comment:
        'Only the desktop shell touches electron, so that everything else runs and is tested without its binary. Add a port, and fill it in electron/main.ts or electron/desktop.',
      severity: 'error',
      from: { pathNot: '^electron/(main|preload)\\.ts$|^electron/desktop/|^e2e/|^scripts/' },
      to: { path: '(^|/)node_modules/electron/|^electron$' },
    },
    {
      name: 'runtime-in-its-process',
      comment:
        'electron/processes/inference.ts alone loads the runtime: a run blocks its process, and a fault in native code ends it. Give it an order (electron/processes/inference/orders.ts).',
      severity: 'error',
      from: { pathNot: '^electron/processes/inference\\.ts$' },
      to: { path: '(^|/)node_modules/onnxruntime-(node|common|web)/|^onnxruntime-' },
    },
    {
      name: 'renderer-in-a-browser',
      comment:
        'The window runs in a plain browser: contract, kernels and its own room. What needs Node is a route of the service; fetch it through renderer/api.',
      severity: 'error',
      from: { path: '^renderer/', pathNot: forTests },
      to: { path: '^(electron|e2e|scripts|bench)/' },
    },
    {
      name: 'renderer-no-node',
      comment: 'There is no Node in the window, not even in Electron’s. Ask the service (renderer/api) or use the browser’s own API.',
      severity: 'error',
      from: { path: '^renderer/', pathNot: forTests },
      // a package of the same name as a builtin (events) is aliased by Vite
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'cornerstone-in-viewports',
      comment: 'renderer/viewports is the one door to Cornerstone. Draw through it; move shared state to renderer/stores.',
      severity: 'error',
      from: { path: '^(renderer|kernels|contract|e2e)/', pathNot: '^renderer/viewports/' },
      to: { path: '(^|/)node_modules/@cornerstonejs/|^@cornerstonejs/' },
    },
    {
      name: 'three-in-review',
      comment: 'renderer/review is the one door to three. Show a mesh with <MeshReview>; compute on meshes in kernels/mesh.',
      severity: 'error',
      from: { pathNot: '^renderer/review/' },
      to: { path: '(^|/)node_modules/(@types/)?three/|^three(/|$)' },
    },
    {
      name: 'nothing-below-imports-the-window',
      comment:
        'Node’s side never imports the window’s: move what both need to contract (what crosses the wire) or kernels (what is computed).',
      severity: 'error',
      from: { path: '^(electron|kernels|contract)/', pathNot: forTests },
      to: { path: '^(renderer|e2e|scripts|bench)/' },
    },
    {
      name: 'no-product-on-tests',
      comment: 'Product code leans on a test or its fixtures. Move what it needs into a file of its own.',
      severity: 'error',
      from: { path: '^(contract|kernels|electron|renderer)/', pathNot: forTests },
      to: { path: test },
    },
    {
      name: 'no-cycles',
      comment: 'Two files need each other, types included. Take out what both need, or turn one arrow round with a parameter.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'found',
      comment: 'The import leads nowhere: a wrong path, or a package that package.json does not name.',
      severity: 'error',
      from: { path: '^(contract|kernels|electron|renderer|e2e|scripts|bench)/' },
      to: { couldNotResolve: true, pathNot: '\\?(url|worker|raw|inline)$' },
    },
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: '(^|/)node_modules/' },
    exclude: { path: '\\.css$' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'browser', 'node', 'module', 'default', 'types'] },
    reporterOptions: { text: { highlightFocused: true } },
  },
};
