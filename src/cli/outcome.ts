// How a command ends: the exit codes, and errors whose message is for the user as it stands.

/** Exit codes, the same for every command. */
export const EXIT = { success: 0, failed: 1, usage: 2 } as const;

/** Refused or failed work: exit code 1, the message on stderr. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed';
}

/** Wrong usage: exit code 2, the message on stderr. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Writes a line for people; data goes to stdout instead. */
export const say = (text: string): void => void process.stderr.write(`${text}\n`);
