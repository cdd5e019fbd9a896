// The course of a race: its numbers and its seed, and how a failure says where it happened and how to see it again.

/** Where the course of a test comes from. */
export const SEED = Number(process.env.PENSION_TEST_SEED || Date.now() % 1_000_000);

const numberOf = (name: string, small: number): number => Number(process.env[name] || small);

export interface Course {
  /** How the line of a promise names it: the promise alone on SQLite. */
  readonly on: string;
  readonly rounds: number;
  readonly starts: number;
  /** What a failure prints. The same is sent again; who comes first is up to the moment. */
  readonly replay: string;
}

function makeCourse(
  on: string,
  store: string,
  small: { readonly rounds: number; readonly starts: number },
): Course {
  const rounds = numberOf('PENSION_TEST_ROUNDS', small.rounds);
  const starts = numberOf('PENSION_TEST_STARTS', small.starts);
  const replay = `replay it with: make test-races ${store}SEED=${SEED} ROUNDS=${rounds} STARTS=${starts}`;
  return { on, rounds, starts, replay };
}

export const ON_SQLITE = makeCourse('', '', { rounds: 100, starts: 3 });
export const ON_POSTGRES = makeCourse(' on PostgreSQL', 'STORE=postgres ', { rounds: 20, starts: 2 });

/** Lets a failure say where it happened, and how to see it again. */
export async function named<T>(what: string, work: Promise<T>, { replay }: Course): Promise<T> {
  return work.catch((error: Error) => {
    error.message = `${what}; ${replay}: ${error.message}`;
    throw error;
  });
}

/** So many of them, in words. */
export const services = (count: number): string => `${count} ${count === 1 ? 'service' : 'services'}`;
