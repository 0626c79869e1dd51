/**
 * What a rebuilt catalog was made of. Until its own timeline has a snapshot, every segment of it says so:
 * a loss in between costs nothing.
 */
export interface Continued {
  /** What all begins with; of the first of the parts. */
  snapshot: { timeline: number; id: string };
  /** Timelines in the order of their replay; each has one whose number is higher after it. */
  parts: ContinuedPart[];
}

/** As much of a timeline as was there when the next one went on from it. */
export interface ContinuedPart {
  timeline: number;
  /** The first segment that was not there: what may have been written since does not belong to it. */
  to: number;
  /** Segments before `to` that were missing: they stay out, since what came after did not know them. */
  gaps: number[];
  /** The last migration of the catalog when it was rebuilt. */
  schema: number;
  /** Sites that began anew then: what they had held was due again. */
  begunAnew: string[];
}
