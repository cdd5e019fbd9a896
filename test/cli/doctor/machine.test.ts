// `pension doctor` on the machine: disk, audit trail against the clock, time zone, Node.js.

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { expect } from 'chai';
import { checkAuditTrail } from '../../../src/cli/doctor/contents.ts';
import { LEAST_FREE } from '../../../src/cli/doctor/disk.ts';
import { thisMachine } from '../../../src/cli/doctor/machine.ts';
import type { Dato } from '../../../src/domain/dato.ts';
import { systemPorts } from '../../../src/domain/ports.ts';
import { inspectStore, openStore } from '../../../src/store/open-store.ts';
import { pension } from '../../support/cli.ts';
import { expectHealthy, expectOnly, newPatient, type Patient, saysOf } from './patient.ts';

const EXT4 = 0xef53;

describe('pension doctor: the machine', () => {
  let patient: Patient;
  beforeEach(async () => {
    patient = await newPatient();
  });

  describe('disk', () => {
    const on = (kind: number | undefined, freeBytes = LEAST_FREE) =>
      patient.findings({}, { fileSystemOf: () => ({ ...(kind !== undefined && { kind }), freeBytes }) });

    const kinds: readonly [string, number, RegExp][] = [
      ['tmpfs', 0x01021994, /kept in memory \(tmpfs\)/],
      ['ramfs', 0x858458f6, /kept in memory \(ramfs\)/],
      ['ramfs, where the number is read with a sign', 0x858458f6 | 0, /kept in memory \(ramfs\)/],
      ['NFS', 0x6969, /on another machine \(NFS\)/],
      ['CIFS', 0xff534d42, /on another machine \(CIFS\)/],
    ];
    for (const [name, kind, says] of kinds) {
      it(`fails ${name}`, async () => {
        expectOnly(await on(kind), 'disk', says, /Move the store to a local disk/);
      });
    }

    it('fails when less than 1 GiB is free', async () => {
      expectOnly(await on(EXT4, LEAST_FREE - 1), 'disk', /1023 MiB are free/, /Make room/);
      expectHealthy(await on(EXT4, LEAST_FREE));
    });

    it('passes any other file system, also where its kind is not known', async () => {
      expectHealthy(await on(EXT4));
      expectHealthy(await on(undefined));
    });

    it('mentions the layer of a container', async () => {
      expect(saysOf(await on(0x794c7630), 'disk')).to.match(/layer of a container .* use a volume/);
    });

    it('knows a file system in memory when it sees one', async function () {
      if (!existsSync('/dev/shm') || thisMachine().fileSystemOf('/dev/shm').kind !== 0x01021994) this.skip();
      const folder = mkdtempSync('/dev/shm/pension-test-');
      const env = { ...patient.env, PENSION_STORE: `sqlite:${folder}/pension.db` };
      const { stdout } = await pension(['doctor'], { env });
      rmSync(folder, { recursive: true });
      expect(stdout).to.match(/^FAIL {2}disk .*kept in memory \(tmpfs\).* Remedy: Move the store/m);
    });
  });

  describe('audit trail', () => {
    const HOUR = 3_600_000;
    const kald = (modtaget: Date) => ({
      modtaget,
      idag: '2026-01-01' as Dato,
      correlationId: 'x',
      adresse: '192.0.2.1',
    });

    /** What a killed service leaves: an entry and a gathered refusal that nobody has sealed. */
    async function leaveUnsealed(since: Date): Promise<() => Promise<unknown>> {
      const store = await openStore(patient.env.PENSION_STORE!, systemPorts);
      await store.recordRefusal({ kald: kald(since), fejlkode: 1014 });
      await store.recordRefusal({ kald: kald(since), fejlkode: 1101 });
      return () => store.close();
    }

    it('says that every entry is sealed, and of when the newest is', async () => {
      expect(saysOf(await patient.findings(), 'audit trail')).to.match(
        /^every entry is sealed; the newest is of 20\d\d-/,
      );
    });

    it('lets unsealed entries pass while no service runs', async () => {
      const since = new Date(Date.now() - HOUR);
      const close = await leaveUnsealed(since);
      const found = await patient.findings();
      expectHealthy(found);
      expect(saysOf(found, 'audit trail')).to.equal(
        `2 entries are not sealed yet, since ${since.toISOString()}; a running service seals them`,
      );
      await close();
      expect(saysOf(await patient.findings(), 'audit trail')).to.match(/^every entry is sealed/);
    });

    it('fails those that a running service should have sealed, after a minute', async () => {
      const since = new Date(Date.now() - HOUR);
      const close = await leaveUnsealed(since);
      const condition = await inspectStore(patient.env.PENSION_STORE!);
      const checkedAfter = (milliseconds: number) =>
        checkAuditTrail(condition, true, new Date(since.getTime() + milliseconds));
      expectHealthy(checkedAfter(60_000));
      expectOnly(checkedAfter(60_001), 'audit trail', /although a service runs/, /could not be sealed.*log/);
      await close();
    });

    it('says so when there is no entry yet', async () => {
      await (await openStore(`sqlite:${patient.file('new.db')}`, systemPorts)).close();
      const found = await patient.findings({ PENSION_STORE: `sqlite:${patient.file('new.db')}` });
      expect(saysOf(found, 'audit trail')).to.equal('it has no entry yet');
    });
  });

  describe('clock', () => {
    it('fails when it is behind what is in the store', async () => {
      const now = new Date(Date.now() - 600_000);
      const failed = (await patient.findings({}, { now })).filter(({ ok }) => !ok);
      expect(failed.map(({ check, says }) => `${check}: ${/but (.*) in/.exec(says)?.[1]}`)).to.deep.equal([
        'clock: the newest step of the schema',
        'clock: the newest audit entry',
      ]);
      expect(failed[0]!.remedy).to.match(/Set the clock.*NTP/);
      expectHealthy(await patient.findings());
    });

    it('bears with a clock that was just set right', async () => {
      expectHealthy(await patient.findings({}, { now: new Date(Date.now() - 50_000) }));
    });

    it('fails when it is long past', async () => {
      const now = new Date('2025-05-05T23:59:59Z');
      const env = { PENSION_TLS: 'off', PENSION_STORE: `sqlite:${patient.file('none.db')}` };
      const [finding] = (await patient.findings(env, { now })).filter(({ check }) => check === 'clock');
      expect(finding!.ok).to.equal(false);
      expect(finding!.says).to.match(/2025-05-05.*long past/);
    });

    it('fails without the time zone of Denmark', async () => {
      const inUtc = (instant: Date): Dato => instant.toISOString().slice(0, 10) as Dato;
      const alwaysWinter = (instant: Date): Dato => inUtc(new Date(instant.getTime() + 3_600_000));
      const alwaysSummer = (instant: Date): Dato => inUtc(new Date(instant.getTime() + 7_200_000));
      const inSummer = (instant: Date): boolean => instant.getUTCMonth() === 5;
      const summerOnly = (instant: Date): Dato => (inSummer(instant) ? alwaysSummer : inUtc)(instant);
      const inMoscow = (instant: Date): Dato => inUtc(new Date(instant.getTime() + 3 * 3_600_000));
      const eastInSummer = (instant: Date): Dato => (inSummer(instant) ? inMoscow : alwaysWinter)(instant);
      for (const dayAt of [inUtc, alwaysWinter, alwaysSummer, summerOnly, eastInSummer]) {
        expectOnly(
          await patient.findings({}, { dayAt }),
          'clock',
          /Europe\/Copenhagen is not known/,
          /full ICU/,
        );
      }
    });

    it('says the day in Denmark', async () => {
      const now = new Date(Date.now() + 1000);
      expect(saysOf(await patient.findings({}, { now }), 'clock')).to.include(now.toISOString());
    });
  });

  it('fails a Node.js that is too old', async () => {
    expectOnly(
      await patient.findings({}, { node: '22.9.0' }),
      'node',
      /22\.9\.0.* needs 24/,
      /Install Node\.js 24/,
    );
    expect(saysOf(await patient.findings({}, { node: '24.0.0' }), 'node')).to.equal('Node.js 24.0.0');
  });
});
