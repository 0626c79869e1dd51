/** What is printed: a report, a certificate. Texts may be in any language of the house. */
export interface Paper {
  title: string;
  /** Named facts below the title. */
  facts: readonly { name: string; value: string }[];
  blocks: readonly PaperBlock[];
  /** At the foot of every page, before its number. */
  foot: string;
  /** Stands in the file; the same paper of the same moment is the same bytes. */
  madeAt: Date;
}

export type PaperBlock =
  | { kind: 'heading'; text: string }
  | { kind: 'text'; text: string }
  /** Columns by their share of the width. */
  | { kind: 'table'; columns: readonly { name: string; share: number }[]; rows: string[][] };

/** Makes a PDF (A4) with every character's font embedded; what the font lacks shows as a box. */
export type Press = (paper: Paper) => Promise<Buffer>;
