export type { DropDeps, DropEvent } from './ports.ts';
export { readRefusals } from './read-refusals.ts';
export { startDrop } from './start-drop.ts';
