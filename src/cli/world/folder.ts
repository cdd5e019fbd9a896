// The folder of a world: whether it is free, and putting all files in place or none.
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { WorldBusyError, WorldExistsError, WorldPathError } from './errors.ts';
import { ENV_FILE, STORE_FILE, worldFileNames } from './files.ts';
import { createStaging, findStaging, removeStaging, type Staging } from './staging.ts';

/** A file of the world, still to be written. */
export interface NewFile {
  readonly name: string;
  readonly text: string;
  readonly secret: boolean;
}

/** Makes the folder if need be; throws WorldExistsError or WorldBusyError unless a world can be made in it. */
export async function prepareFolder(dir: string): Promise<void> {
  try {
    await mkdir(dir, { recursive: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EEXIST' && code !== 'ENOTDIR') throw error;
    throw new WorldPathError(`${dir} is not a folder; choose another name, or move the file away first`);
  }
  await assertFree(dir, await findStaging(dir));
}

/** Puts the files in `dir` in their order, which ends with `env`: all of them, or none if anything fails. */
export async function publish(dir: string, files: readonly NewFile[]): Promise<void> {
  const staging = await createStaging(dir);
  try {
    for (const { name, text, secret } of files) {
      await writeFile(path.join(staging, name), text, { flag: 'wx', mode: secret ? 0o600 : 0o644 });
    }
    // Asked again now that every other run sees ours: the folder may have been taken since it was prepared.
    const others = await findStaging(dir, staging);
    await assertFree(dir, others);
    await moveAll(
      files.map(({ name }) => name),
      staging,
      dir,
    );
    for (const abandoned of others.abandoned) await removeStaging(abandoned);
  } finally {
    await removeStaging(staging);
  }
}

async function moveAll(names: readonly string[], from: string, to: string): Promise<void> {
  const moved: string[] = [];
  try {
    for (const name of names) {
      await rename(path.join(from, name), path.join(to, name));
      moved.push(name);
    }
  } catch (error) {
    for (const name of moved.toReversed()) await rm(path.join(to, name), { force: true });
    throw error;
  }
}

async function assertFree(dir: string, { running, abandoned }: Staging): Promise<void> {
  if (running.length > 0) {
    throw new WorldBusyError(
      `a world is being made in ${dir} by another process; wait for it and use that world, or choose another folder`,
    );
  }
  const names = await readdir(dir);
  if (names.includes(ENV_FILE)) {
    throw new WorldExistsError(
      `${dir} already holds a world (its file '${ENV_FILE}' is there); use it, choose another folder, ` +
        'or delete this one first',
    );
  }
  // A store without `env` is never a killed run's, since `env` comes first: somebody's data, not ours to serve.
  const isOurs = (name: string) => abandoned.length > 0 && name !== STORE_FILE;
  const inTheWay = [...worldFileNames, STORE_FILE].filter((name) => names.includes(name) && !isOurs(name));
  if (inTheWay.length > 0) {
    throw new WorldExistsError(
      `${dir} holds files whose names a world needs: ${inTheWay.join(', ')}; ` +
        'choose another folder, or move them away first',
    );
  }
}
