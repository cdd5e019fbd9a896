// What an import of the membership register would change.

/** What the staged lines do to the register as it was in that generation. */
export interface Changes {
  readonly generation: number;
  readonly nye: number;
  readonly aendrede: number;
  readonly uaendrede: number;
  readonly tilbagekaldte: number;
  /** Lines that stand in the way; with any of those nothing is to be changed. */
  readonly afviste: number;
}

/** Whether the register changes at all. */
export const hasChanges = ({ nye, aendrede, tilbagekaldte }: Changes): boolean =>
  nye + aendrede + tilbagekaldte > 0;
