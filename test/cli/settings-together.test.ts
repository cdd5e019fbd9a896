// The settings taken together: every problem at once, names that are no settings, and where TLS may be off.

import { expect } from 'chai';
import { readSettings } from '../../src/cli/settings.ts';
import { unknownSettings } from '../../src/cli/unknown-settings.ts';
import { NEEDED, problemsOf } from '../support/settings.ts';

describe('the settings together', () => {
  it('are all reported when several are wrong', () => {
    const problems = problemsOf({ PENSION_PORT: 'x', PENSION_MAX_BODY: '1', PENSION_TLS_KEY: 'k' });
    const names = ['PORT', 'MAX_BODY', 'TLS_CERT', 'TLS_CA', 'ORGANISATIONER'].map((n) => `PENSION_${n}`);
    expect(problems.map((problem) => problem.split(' ')[0])).to.have.members(names);
  });

  it('that are none are found, for a misspelt name silently means the default', () => {
    const env = { ...NEEDED, PENSION_PROT: '1', PENSION_port: '', PENSIONER: '2', PENSION_TEST_X: '3' };
    expect(unknownSettings(env)).to.have.members(['PENSION_PROT', 'PENSION_port']);
  });

  it('are no concern of variables of other programs', () => {
    expect(problemsOf({ ...NEEDED, PATH: '/bin', PENSIONER: '1', HOME: '' })).to.deep.equal([]);
  });

  it('need no certificate and key behind a proxy, but the authorities', () => {
    const { PENSION_TLS_CA, PENSION_ORGANISATIONER } = NEEDED;
    const proxy = { PENSION_TLS: 'proxy', PENSION_HOST: '0.0.0.0', PENSION_ORGANISATIONER };
    expect(readSettings({ ...proxy, PENSION_TLS_CA, PENSION_TLS_CRL: 'crl.pem' }).tls).to.deep.equal({
      mode: 'proxy',
      ca: PENSION_TLS_CA,
      crl: 'crl.pem',
      header: 'x-client-cert',
      from: ['127.0.0.1', '::1'],
    });
    const problems = problemsOf(proxy);
    expect(problems).to.have.length(1);
    expect(problems[0]).to.match(/^PENSION_TLS_CA is not set; name the PEM file/);
  });

  for (const host of ['127.0.0.1', '127.1.2.3', '::1', 'localhost', '']) {
    it(`allow TLS off on '${host}', without any certificate`, () => {
      const env = { PENSION_ORGANISATIONER: 'o', PENSION_TLS: 'off', PENSION_HOST: host };
      expect(readSettings(env).tls).to.equal('off');
    });
  }

  for (const host of [
    '0.0.0.0',
    '::',
    '192.0.2.1',
    'pension.example',
    '127.0.0.1.example',
    '::ffff:192.0.2.1',
  ]) {
    it(`refuse TLS off on ${host}`, () => {
      const problems = problemsOf({ ...NEEDED, PENSION_TLS: 'off', PENSION_HOST: host });
      expect(problems).to.have.length(1);
      expect(problems[0]).to.match(
        /^PENSION_TLS .*loopback.*set PENSION_HOST to 127\.0\.0\.1, or PENSION_TLS to on/,
      );
    });
  }
});
