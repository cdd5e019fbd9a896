// node-soap and strong-soap empty the queue of an a-kasse, from the served WSDLs, over mTLS.

import path from 'node:path';
import { ClientProcess } from './client-process.ts';
import type { Party } from './fixture.ts';
import { emptiesTheQueue, useFixture } from './scenario.ts';

const SERVICES = ['PensionService', 'WsrmService', 'WsrmMessageService'] as const;

/** strong-soap makes a Date of EventDate. */
for (const [name, differences] of [
  ['node-soap', {}],
  ['strong-soap', { utc: true }],
] as const) {
  for (const query of ['?wsdl', '?singleWsdl']) {
    describe(`${name} from ${query}`, () => {
      const fixture = useFixture();
      const drive = (party: Party): ClientProcess => {
        const { cert, key, organisation } = fixture().identity(party);
        const wsdl = SERVICES.map((service) => fixture().endpointOf(service) + query);
        const who = [cert!, key!, fixture().ca, organisation.type, organisation.code];
        return new ClientProcess(process.execPath, [
          path.join(import.meta.dirname, name, 'drive.ts'),
          ...wsdl,
          ...who,
        ]);
      };
      emptiesTheQueue(fixture, drive, drive, differences);
    });
  }
}
