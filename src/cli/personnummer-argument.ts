// A personnummer as commands take it: as an argument, or by standard input, so that it stands in no process list.

import { text } from 'node:stream/consumers';
import { type Personnummer, readPersonnummer } from '../domain/personnummer.ts';
import { UsageError } from './outcome.ts';

/** What was given; `-` is standard input. */
export const readGiven = async (argument: string): Promise<string> =>
  (argument === '-' ? await text(process.stdin) : argument).trim();

/** Reads it; `-` is standard input. Throws UsageError when it is not one. */
export async function readPersonnummerArgument(argument: string): Promise<Personnummer> {
  const personnummer = readPersonnummer(await readGiven(argument));
  if (personnummer !== undefined) return personnummer;
  throw new UsageError(
    'a personnummer is ten digits without a hyphen, of which the first four are a day and month.',
  );
}
