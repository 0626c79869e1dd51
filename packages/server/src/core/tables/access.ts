/** Tables of the access room; see migrations/. */
// biome-ignore lint/suspicious/noEmptyInterface: filled by the room's first table.
export interface AccessTables {}
