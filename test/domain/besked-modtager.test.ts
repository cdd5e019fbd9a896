// Who is told about a Save: the current a-kasse, else the latest previous one with efterløn, else nobody yet.

import { expect } from 'chai';
import { findFrigivelse, findModtager } from '../../src/domain/besked-modtager.ts';
import { dag, FUSIONER, medlem } from './medlemskaber.ts';

const IDAG = dag('2026-11-22');
const told = (...list: ReturnType<typeof medlem>[]) => findModtager(list, IDAG, FUSIONER);
const MED = { efterloen: '2025-04-01' };

describe('the recipient of a besked', () => {
  it('is the current a-kasse, with or without efterløn', () => {
    expect(told(medlem('11', '2020-01-01'))).to.deep.equal({ akasse: '11', aarsag: 'nuvaerende-akasse' });
    expect(told(medlem('11', '2020-01-01', undefined, MED))).to.deep.equal({
      akasse: '11',
      aarsag: 'nuvaerende-akasse',
    });
  });

  it('is the current a-kasse though a previous one has efterløn', () => {
    expect(told(medlem('22', '2015-01-01', '2019-12-31', MED), medlem('11', '2020-01-01')).akasse).to.equal(
      '11',
    );
  });

  it('is the latest previous one when there is no current and its membership has a date of efterløn', () => {
    expect(told(medlem('22', '2015-01-01', '2025-03-31', MED))).to.deep.equal({
      akasse: '22',
      aarsag: 'seneste-akasse-med-efterloen',
    });
  });

  it('is the latest previous one also when the date of efterløn lies in the future', () => {
    const coming = { efterloen: '2027-01-01' };
    expect(told(medlem('22', '2015-01-01', '2026-11-21', coming)).akasse).to.equal('22');
  });

  it('is nobody yet when it is not the latest previous one that has efterløn', () => {
    expect(
      told(medlem('22', '2015-01-01', '2019-12-31', MED), medlem('11', '2020-01-01', '2021-12-31')),
    ).to.deep.equal({ aarsag: 'seneste-akasse-uden-efterloen' });
  });

  it('is nobody yet without any membership that has begun and counts', () => {
    const nobody = { aarsag: 'intet-medlemskab' };
    expect(told()).to.deep.equal(nobody);
    expect(told(medlem('11', '2026-11-23'))).to.deep.equal(nobody);
    expect(told(medlem('11', '2020-01-01', undefined, { tilbagekaldt: true }))).to.deep.equal(nobody);
  });

  it('is not changed by a membership that has not begun', () => {
    const coming = medlem('67', '2026-11-23');
    expect(told(medlem('22', '2015-01-01', '2025-03-31', MED), coming).akasse).to.equal('22');
    expect(told(medlem('11', '2020-01-01'), coming).akasse).to.equal('11');
  });

  it('is the successor of an a-kasse that has been taken over, current or previous', () => {
    expect(told(medlem('31', '2020-01-01')).akasse).to.equal('67');
    expect(told(medlem('30', '2015-01-01', '2025-03-31', MED)).akasse).to.equal('67');
  });

  it('is again the a-kasse that a recalled membership had closed', () => {
    const recalled = medlem('22', '2025-01-01', undefined, { tilbagekaldt: true });
    expect(told(medlem('11', '2020-01-01'), recalled).akasse).to.equal('11');
  });
});

describe('the release of what waits', () => {
  const release = (...list: ReturnType<typeof medlem>[]) => findFrigivelse(list, IDAG, FUSIONER);

  it('goes to the latest previous a-kasse with a date of efterløn, or its successor, and says why', () => {
    const aarsag = 'seneste-akasse-med-efterloen';
    expect(release(medlem('22', '2015-01-01', '2025-03-31', MED))).to.deep.equal({ akasse: '22', aarsag });
    expect(release(medlem('30', '2015-01-01', '2025-03-31', MED))).to.deep.equal({ akasse: '67', aarsag });
    const coming = { efterloen: '2027-01-01' };
    expect(release(medlem('22', '2015-01-01', '2025-03-31', coming))?.akasse).to.equal('22');
  });

  it('does not happen while there is a current a-kasse, with efterløn or without', () => {
    const former = medlem('22', '2015-01-01', '2019-12-31', MED);
    expect(release(former, medlem('11', '2020-01-01'))).to.equal(undefined);
    expect(release(former, medlem('11', '2020-01-01', undefined, MED))).to.equal(undefined);
    expect(release(former, medlem('11', '2020-01-01', '2026-11-22'))).to.equal(undefined);
  });

  it('does not happen without efterløn on the latest previous membership, or without any', () => {
    const former = medlem('22', '2015-01-01', '2019-12-31', MED);
    expect(release(former, medlem('11', '2020-01-01', '2026-11-21'))).to.equal(undefined);
    expect(release(medlem('22', '2015-01-01', '2025-03-31', { ...MED, tilbagekaldt: true }))).to.equal(
      undefined,
    );
    expect(release()).to.equal(undefined);
  });

  it('is not held up by a membership that has not begun', () => {
    const former = medlem('22', '2015-01-01', '2019-12-31', MED);
    expect(release(former, medlem('11', '2026-11-23'))?.akasse).to.equal('22');
  });
});
