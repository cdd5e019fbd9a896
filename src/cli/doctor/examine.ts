// Every check of `pension doctor`, in order. None stops another, and none changes anything.

import type { StoreCondition } from '../../store/store.ts';
import { inspectStoreOf } from '../store-of-settings.ts';
import { checkAddress } from './address.ts';
import { checkAuthorities, checkCertificate } from './certificates.ts';
import { bad, type CheckName, type Finding } from './check.ts';
import { checkClock, checkNode } from './clock.ts';
import { checkAuditTrail, checkRegister } from './contents.ts';
import { checkDisk } from './disk.ts';
import type { Machine } from './machine.ts';
import { checkReferenceData } from './reference-data.ts';
import { checkRevocation } from './revocation.ts';
import { checkSettings, type UsableSettings, usableSettings } from './settings.ts';
import { checkStore } from './store.ts';

/** Looks at everything, and gives at least one finding for all that could be looked at. */
export async function examine(machine: Machine): Promise<Finding[]> {
  const { env, now, dayAt } = machine;
  const settings = usableSettings(env);
  const findings: Finding[] = [];
  const look = (check: CheckName, find: () => readonly Finding[]): void => {
    findings.push(...guarded(check, find));
  };
  const condition = await inspected(settings);
  const store = (check: CheckName, find: (condition: StoreCondition) => readonly Finding[]): void => {
    if (condition instanceof Error) {
      if (check === 'store') findings.push(broken(check, condition));
    } else if (condition !== undefined) look(check, () => find(condition));
  };
  const address = await checkAddress(settings).catch((error: unknown) => ({
    findings: [broken('address', error)],
    isServing: false,
  }));

  look('settings', () => checkSettings(env));
  look('certificate', () => checkCertificate(settings, now));
  look('authorities', () => checkAuthorities(settings, now));
  look('revocation', () => checkRevocation(settings, now));
  look('reference data', () => checkReferenceData(settings, dayAt(now)));
  store('store', (found) => checkStore(found, settings.storeDurability));
  store('disk', (found) => checkDisk(found, machine));
  store('audit trail', (found) => checkAuditTrail(found, address.isServing, now));
  store('register', checkRegister);
  look('clock', () => checkClock(machine, condition instanceof Error ? undefined : condition));
  look('node', () => checkNode(machine));
  return [...findings, ...address.findings];
}

/** Nothing where the setting names no store. */
async function inspected({
  store,
  storeDurability = 'required',
}: UsableSettings): Promise<StoreCondition | Error | undefined> {
  if (store === undefined) return undefined;
  return inspectStoreOf({ store, storeDurability }).catch((error: Error) => error);
}

function guarded(check: CheckName, find: () => readonly Finding[]): readonly Finding[] {
  try {
    return find();
  } catch (error) {
    return [broken(check, error)];
  }
}

const broken = (check: CheckName, error: unknown): Finding =>
  bad(
    check,
    `this could not be looked at (${error instanceof Error ? error.message : String(error)})`,
    'Report it to the makers of this program, with this line',
  );
