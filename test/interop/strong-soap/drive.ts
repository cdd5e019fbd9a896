// Drives the samples on strong-soap from lines on stdin, for the interop tests: an outcome in JSON for each line.

import { besked, drive, indberetning, item, NILS } from '../node-driving.ts';
import { connect, exchange, METADATA_NAME, metadata, save } from './client.ts';
import * as queue from './queue.ts';

const [pension = '', wsrm = '', messages = '', cert = '', key = '', ca = '', type = '', code = ''] =
  process.argv.slice(2);
const organisation = { type: Number(type), code };
const connected = new Map<string, ReturnType<typeof connect>>();
const to = (wsdl: string) => {
  const client = connected.get(wsdl) ?? connect({ wsdl, cert, key, ca, organisation });
  connected.set(wsdl, client);
  return client;
};

await drive({
  async save(given) {
    const client = await to(pension);
    client.changeSoapHeader(1, metadata(organisation.type, code, given.registered), METADATA_NAME);
    return { guid: await save(client, indberetning(given)) };
  },
  async create(given) {
    const { identifier, inventory } = await queue.create(await to(wsrm), given.elements ? NILS : {});
    return { sequence: identifier, inventory: inventory.map(item) };
  },
  async fetch(given) {
    if (given.without !== undefined) {
      // A client that was never told of the header.
      const untold = await connect({ wsdl: messages, cert, key, ca, organisation });
      return exchange(untold, 'GetTidligPensionVersion1', { GetTidligPensionVersion1Request: {} });
    }
    const { sequence, beskeder } = await queue.fetch(await to(messages), given.sequence!);
    return { sequence, beskeder: beskeder.map(besked) };
  },
  close: async (given) => ({ sequence: await queue.close(await to(wsrm), given.sequence!) }),
  terminate: async (given) => ({ sequence: await queue.terminate(await to(wsrm), given.sequence!) }),
});
