export * from './call-files.ts';
export * from './intake.ts';
export * from './operations.ts';
export * from './problem.ts';
export * from './record-view.ts';
export * from './search.ts';
export * from './vocabulary.ts';
