'use strict';
// The house rules. `core ← record ← {keys, access, ledger, journal, notices} ← steps ← pipeline ← main`.
const STEPS = [
  ...['intake', 'probe', 'transcribe', 'redact', 'classify', 'seal', 'place', 'index', 'serve'],
  ...['retire', 'inspect', 'connect'],
];
const SRC = '^packages/server/src';
const TESTS = '\\.(test|testing|contract)\\.ts$';
/** Every step may use them; they know neither a step nor each other. */
const CROSS_CUTTING = ['keys', 'access', 'ledger', 'journal', 'notices'];
const rooms = (...names) => `${SRC}/(${names.join('|')})/`;

const notFrom = (from, allowed) => ({
  from: { path: `${SRC}/${from}/`, pathNot: TESTS },
  to: { path: `${SRC}/`, pathNot: rooms(...allowed) },
});

module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      comment: 'Data flows one way.',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'not-resolvable',
      severity: 'error',
      comment: 'An import that leads nowhere, or to a package that package.json does not list.',
      from: { pathNot: '^packages/web/' },
      to: { couldNotResolve: true },
    },
    { name: 'core-stands-alone', severity: 'error', ...notFrom('core', ['core']) },
    { name: 'record-knows-core-only', severity: 'error', ...notFrom('record', ['core', 'record']) },
    ...CROSS_CUTTING.map((room) => ({
      name: `${room}-is-below-the-steps`,
      severity: 'error',
      ...notFrom(room, ['core', 'record', room]),
    })),
    ...STEPS.map((room) => ({
      name: `${room}-imports-no-other-step`,
      severity: 'error',
      comment: 'Only pipeline knows the order; only main joins ports and implementations.',
      ...notFrom(room, ['core', 'record', ...CROSS_CUTTING, room]),
    })),
    {
      name: 'pipeline-knows-no-platform',
      severity: 'error',
      ...notFrom('pipeline', ['core', 'record', ...CROSS_CUTTING, ...STEPS, 'pipeline']),
    },
    {
      name: 'platform-implements-ports',
      severity: 'error',
      comment: 'The outside world sees a room through its ports only.',
      from: { path: `${SRC}/platform/`, pathNot: TESTS },
      to: { path: `${SRC}/`, pathNot: [rooms('core', 'record', 'platform'), '/ports\\.ts$'] },
    },
    {
      name: 'proof-is-offline',
      severity: 'error',
      from: { path: '^packages/proof/' },
      to: { path: '^packages/(?!proof/)' },
    },
    {
      name: 'contract-is-schemas-only',
      severity: 'error',
      from: { path: '^packages/contract/' },
      to: { path: '^packages/(?!contract/)' },
    },
    {
      name: 'web-speaks-the-contract',
      severity: 'error',
      from: { path: '^packages/web/' },
      to: { path: '^packages/(?!(web|contract)/)' },
    },
    {
      name: 'cli-speaks-the-contract',
      severity: 'error',
      from: { path: '^packages/cli/' },
      to: { path: '^packages/(?!(cli|contract|proof)/)' },
    },
    {
      name: 'oracle-is-independent',
      severity: 'error',
      comment: 'What judges the product shares no line with it.',
      from: { path: '^bench/oracle/', pathNot: TESTS },
      to: { path: '^(packages|bench)/', pathNot: '^bench/oracle/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|node_modules)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.json'],
    },
  },
};
