export * from './log/index.ts';
export * from './sealed/index.ts';
