export * from './disposal/index.ts';
export * from './log/index.ts';
export * from './sample/index.ts';
export * from './sealed/index.ts';
export * from './site/index.ts';
export * from './witness/index.ts';
