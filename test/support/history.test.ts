// The history tells what is lost, unexpected, doubled, out of order or torn, and nothing else.

import { expect } from 'chai';
import { type Call, History, type Kept, NOTHING, type Said } from './history.ts';

const BORGER = 'borger 1';
const at = (date: string): Said => ({ ...NOTHING, kompensationsafgoerelsesdato: date });
const keptOf = (call: Call, changes: Partial<Kept> = {}): Kept => ({
  mark: call.mark,
  borger: call.borger,
  forloebId: call.made ?? call.forloebId ?? 'made',
  correlationId: call.correlationId ?? 'unknown',
  said: call.said,
  ...changes,
});

describe('the history of an experiment', () => {
  let history: History;
  beforeEach(() => {
    history = new History();
  });
  const invoke = (said: Said, forloebId?: string, borger = BORGER): Call =>
    history.invoke({ borger, said, ...(forloebId && { forloebId }) });
  const saved = (said: Said, forloebId?: string, borger = BORGER): Call => {
    const call = invoke(said, forloebId, borger);
    history.acknowledge(call, `correlation of ${call.mark}`, forloebId ?? `made by ${call.mark}`);
    return call;
  };
  const none = { lost: 0, unexpected: 0, duplicated: 0, reordered: 0, torn: 0 };

  it('finds nothing where all that was acknowledged is kept, in order', () => {
    const calls = [saved(at('2026-01-01')), saved(at('2026-01-02'), 'a'), saved(NOTHING, 'a')];
    expect(history.compare(calls.map((call) => keptOf(call)))).to.deep.equal(none);
  });

  it('takes what was not answered as kept or not', () => {
    const call = invoke(at('2026-01-01'));
    history.lose(call);
    expect(history.compare([])).to.deep.equal(none);
    expect(history.compare([keptOf(call)])).to.deep.equal(none);
  });

  it('counts what is lost, doubled and unexpected', () => {
    const [one, two] = [saved(at('2026-01-01')), saved(at('2026-01-02'))];
    const refused = invoke(at('2026-01-03'));
    history.refuse(refused, 'x', 9434);
    const unsent = invoke(at('2026-01-04'));
    history.withdraw(unsent);
    const stranger = keptOf(one, { mark: 'of nobody' });
    const kept = [keptOf(two), keptOf(two), keptOf(refused), keptOf(unsent), stranger];
    expect(history.compare(kept)).to.deep.equal({ ...none, lost: 1, duplicated: 1, unexpected: 3 });
  });

  it('counts as torn what is not as it was said and acknowledged', () => {
    const changes: Partial<Kept>[] = [
      { borger: 'borger 2' },
      { forloebId: 'another' },
      { correlationId: 'another' },
      { said: NOTHING },
    ];
    const kept = changes.map((change) => keptOf(saved(at('2026-01-01')), change));
    expect(history.compare(kept)).to.deep.equal({ ...none, torn: 4 });
  });

  it('holds the order of a citizen only where one call was answered before the other was made', () => {
    const early = saved(at('2026-01-01'));
    const [one, two] = [invoke(at('2026-01-02')), invoke(at('2026-01-03'))];
    history.acknowledge(one, '1', 'a');
    history.acknowledge(two, '2', 'b');
    const other = saved(at('2026-01-01'), 'c', 'borger 2');
    const kept = (...calls: Call[]) => history.compare(calls.map((call) => keptOf(call)));
    expect(kept(early, one, two, other)).to.deep.equal(none);
    expect(kept(other, early, two, one), 'at the same time, or of another citizen').to.deep.equal(none);
    expect(kept(one, early, two, other)).to.deep.equal({ ...none, reordered: 1 });
    expect(kept(two, one, early, other)).to.deep.equal({ ...none, reordered: 2 });
  });

  it('knows at what a forløb may stand', () => {
    saved(at('2026-01-01'), 'a');
    expect(history.mayStandAt('a')).to.deep.equal([at('2026-01-01')]);
    const unanswered = invoke(at('2026-01-02'), 'a');
    history.lose(unanswered);
    expect(history.mayStandAt('a'), 'or it was kept').to.deep.equal([at('2026-01-01'), at('2026-01-02')]);
    const refused = invoke(at('2026-01-03'), 'a');
    history.refuse(refused, 'x', 9434);
    const [one, two] = [invoke(at('2026-01-04'), 'a'), invoke(at('2026-01-05'), 'a')];
    history.acknowledge(two, '2', 'a');
    history.acknowledge(one, '1', 'a');
    expect(history.mayStandAt('a'), 'the last of two at once').to.deep.equal([
      at('2026-01-04'),
      at('2026-01-05'),
    ]);
    expect(history.mayStandAt('b')).to.deep.equal([]);
    history.lose(invoke(at('2026-01-06')));
    expect(history.unnamedOf(BORGER)).to.deep.equal([at('2026-01-06')]);
    expect([...history.acknowledgedOf(BORGER)]).to.deep.equal(['a']);
  });

  it('knows what was known when only some answers had been given', () => {
    const [one, two] = [saved(at('2026-01-01')), saved(at('2026-01-02'))];
    const [refused, failed] = [invoke(at('2026-01-03')), invoke(at('2026-01-04'))];
    history.refuse(refused, 'refused', 9434);
    history.refuse(failed, 'failed', 1011);
    const then = history.asOf(new Set([one.correlationId!]), [1011]);
    expect(then.compare([keptOf(one)]), 'the other was not answered yet').to.deep.equal(none);
    expect(then.compare([keptOf(one), keptOf(two), keptOf(failed)])).to.deep.equal(none);
    expect(then.compare([keptOf(two), keptOf(refused)])).to.deep.equal({ ...none, lost: 1, unexpected: 1 });
    expect(history.compare([keptOf(one)]), 'now').to.deep.equal({ ...none, lost: 1 });
  });

  it('takes what may still be carried out as of no order', () => {
    const late = invoke(at('2026-01-01'));
    history.doubt(late);
    const next = saved(at('2026-01-02'));
    expect(history.compare([keptOf(next), keptOf(late)])).to.deep.equal(none);
    expect(history.compare([keptOf(next)])).to.deep.equal(none);
  });
});
