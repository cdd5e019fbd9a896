// A command whose store fails under it says the cause and the remedy, and shows no stack.

import { expect } from 'chai';
import { storeFailingText } from '../../src/cli/store-failing.ts';
import { StoreBusyError, StoreFailingError } from '../../src/store/store.ts';
import { pension, worldEnv } from '../support/cli.ts';
import { overwritten, rootsOf } from '../support/damage.ts';
import { member } from '../support/queue.ts';
import { demoWorld } from '../support/service.ts';
import { Filled } from './outbox/filled.ts';

describe('a command whose store fails', () => {
  it('says why and what to do, and ends with code 1', async () => {
    const store = new Filled();
    await store.register(new Date(), '22', 1);
    const file = overwritten(store.file, rootsOf(store.file).get('audit_entry')!);
    const { code, stdout, stderr } = await pension(['medlemskab', 'show', '-'], {
      env: { ...worldEnv(await demoWorld()), PENSION_STORE: `sqlite:${file}` },
      stdin: `${member('22', 1)}\n`,
    });
    expect({ code, stdout }).to.deep.equal({ code: 1, stdout: '' });
    expect(stderr).to.match(
      /^pension: the store is damaged, or its disk cannot be read \(SQLITE_CORRUPT\w*\)\. See that its disk has room and works, or that the database can be reached, .*\n$/,
    );
  });

  it('says where it may have been done all the same, and of another process that it is to be run again', () => {
    expect(storeFailingText(new StoreFailingError('the disk fails', true))).to.match(
      /^the disk fails\. .* may be kept all the same: look before you ask again\.$/,
    );
    expect(storeFailingText(new StoreFailingError('the disk is full'))).not.to.contain('all the same');
    expect(storeFailingText(new StoreBusyError('held'))).to.equal('held. Run the command again.');
  });
});
