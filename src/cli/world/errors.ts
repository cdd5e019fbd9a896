// Why a demo world cannot be made; each message names the remedy.

/** The folder holds a world, or files that a world would overwrite. */
export class WorldExistsError extends Error {
  override readonly name = 'WorldExistsError';
}

/** Another process is making a world in the same folder. */
export class WorldBusyError extends Error {
  override readonly name = 'WorldBusyError';
}

/** The path of the folder cannot be used. */
export class WorldPathError extends Error {
  override readonly name = 'WorldPathError';
}
