// What a GUID looks like, in either case and without braces, as the schemas have it.

const HEX = '[0-9a-fA-F]';

/** The pattern of one, to be part of another pattern. */
export const GUID = `${HEX}{8}(?:-${HEX}{4}){3}-${HEX}{12}`;

const WHOLE = new RegExp(`^${GUID}$`);

/** Whether a value is the text of one. */
export const isGuid = (value: unknown): value is string => typeof value === 'string' && WHOLE.test(value);
