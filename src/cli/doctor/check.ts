// What a check of `pension doctor` finds, and how findings are written.

/** What is looked at, in the order in which it is told. */
export const CHECKS = [
  'settings',
  'certificate',
  'authorities',
  'revocation',
  'reference data',
  'store',
  'disk',
  'audit trail',
  'register',
  'clock',
  'node',
  'address',
] as const;

export type CheckName = (typeof CHECKS)[number];

/** One line: what was looked at, how it is, and what to do where it is not well. No full stop ends a text. */
export interface Finding {
  readonly check: CheckName;
  readonly ok: boolean;
  readonly says: string;
  readonly remedy?: string;
}

/** Something is as it should be. */
export const good = (check: CheckName, says: string): Finding => ({ check, ok: true, says });

/** Something is not as it should be, and what to do about it. */
export const bad = (check: CheckName, says: string, remedy: string): Finding => ({
  check,
  ok: false,
  says: sentence(says),
  remedy: sentence(remedy),
});

/** On one line, without the full stop that is put there when it is written. */
const sentence = (text: string): string => text.replace(/\s+/g, ' ').trim().replace(/\.$/, '');

const WIDTH = Math.max(...CHECKS.map((check) => check.length));

/** A finding as a line for people. */
export const describeFinding = ({ check, ok, says, remedy }: Finding): string =>
  `${ok ? 'OK  ' : 'FAIL'}  ${check.padEnd(WIDTH)}  ${says}${remedy === undefined ? '' : `. Remedy: ${remedy}.`}`;
