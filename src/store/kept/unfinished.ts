// What marks the unfinished copy of a store, and what is said to whoever opens one.

/** The table that is there as long as a copy is unfinished; it keeps how far the copy is. */
export const MARKER = 'store_copy';

/** What is wrong with it, and what to do; each is the part of a sentence. */
export const UNFINISHED = 'the unfinished copy of a store';
export const GO_ON = 'Run the same pension store copy again, which goes on where it was; or remove this one';
