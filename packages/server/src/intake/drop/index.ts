export type { DropDeps, DropEvent } from './ports.ts';
export { startDrop } from './start-drop.ts';
