/** Tables of the catalog room; see migrations/. */
// biome-ignore lint/suspicious/noEmptyInterface: filled by the room's first table.
export interface CatalogTables {}
