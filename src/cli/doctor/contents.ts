// What the store holds: a register that lets a-kasser read, and an audit trail that is being sealed.

import type { StoreCondition } from '../../store/store.ts';
import { bad, type Finding, good } from './check.ts';

/** Milliseconds after which a running service has sealed an entry: it does so every five seconds. */
const SEALED_AFTER = 60_000;

/**
 * Whether the audit trail is being sealed. Entries that are not are what a service leaves that was killed, and the
 * next one seals them; they are a failure only while a service runs that should have done so.
 */
export function checkAuditTrail(condition: StoreCondition, isServing: boolean, now: Date): Finding[] {
  if (condition.state !== 'older' && condition.state !== 'current') return [];
  const { unsealed, unsealedSince, newestEntry } = condition;
  if (newestEntry === undefined && unsealed === 0) return [good('audit trail', 'it has no entry yet')];
  if (unsealed === 0) return [good('audit trail', `every entry is sealed; the newest is of ${newestEntry}`)];
  const isLate = now.getTime() - Date.parse(unsealedSince!) > SEALED_AFTER;
  const says = `${unsealed} ${unsealed === 1 ? 'entry is' : 'entries are'} not sealed yet, since ${unsealedSince}`;
  if (isServing && isLate) {
    return [
      bad(
        'audit trail',
        `${says}, although a service runs, which seals every few seconds`,
        "Look for 'the audit trail could not be sealed' in the log of the service, which names the cause",
      ),
    ];
  }
  return [good('audit trail', `${says}; a running service seals them`)];
}

/** Whether anybody is registered. An empty register looks like a service that refuses every a-kasse. */
export function checkRegister(condition: StoreCondition): Finding[] {
  if (condition.state === 'unusable') return [];
  if (condition.state === 'none') {
    return [good('register', 'it comes with the store: pension import medlemskaber FILE')];
  }
  if (condition.hasMedlemskaber) return [good('register', 'it holds memberships')];
  return [
    bad(
      'register',
      'the membership register is empty: every a-kasse is answered 4575, and nobody is told of a Save',
      'Load it: pension import medlemskaber FILE',
    ),
  ];
}
