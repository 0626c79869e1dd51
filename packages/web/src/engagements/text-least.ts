/** Characters that a text of an engagement has at least. */
export const TEXT_LEAST = 4;
