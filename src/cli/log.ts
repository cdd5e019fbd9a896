// The log: JSON lines on stderr, with every personnummer-like run of digits masked on the way out.

import winston from 'winston';
import { maskPersonnumre } from '../contract/mask.ts';
import type { Log } from '../soap/log.ts';
import { stderrLines } from './stderr.ts';

export type ClosableLog = Log & {
  /** Resolves when every line has been written. */
  close(): Promise<void>;
};

/** Makes the log at a level. */
export function makeLog(level: 'error' | 'warn' | 'info' | 'debug'): ClosableLog {
  const line = winston.format.printf(({ level, message, timestamp, ...fields }) =>
    maskPersonnumre(JSON.stringify({ time: timestamp, level, message, ...fields })),
  );
  const lines = stderrLines();
  const logger = winston.createLogger({
    level,
    format: winston.format.combine(winston.format.timestamp(), line),
    transports: [new winston.transports.Stream({ stream: lines.stream })],
  });
  let isClosed = false;
  const at =
    (name: 'error' | 'warn' | 'info' | 'debug') =>
    (text: string, fields?: Readonly<Record<string, unknown>>): void => {
      if (!isClosed) logger.log(name, text, fields);
    };
  return {
    error: at('error'),
    warn: at('warn'),
    info: at('info'),
    debug: at('debug'),
    close: () =>
      new Promise((resolve) => {
        isClosed = true;
        logger.once('finish', () => {
          lines.flush();
          resolve();
        });
        logger.end();
      }),
  };
}
