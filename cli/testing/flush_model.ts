// A model file of a user, whose comparison counts costs: how often each of two fixes flushes.

export const flushModel = `import { actors, bool, config, Either, given, If, int, model, oneOf, procedure, shared, source } from 'raceproof/language';

const c = source('mm/zap.c');
const settings = config({ fix: oneOf('lazy', 'eager'), COSTS: bool(), arch: oneOf('x86', 's390'), NR_ZAPS: int(1, 2) });
const { fix, COSTS, arch, NR_ZAPS } = settings;
const state = shared({ flushes: int(0, 3), mapped: int(0, 2).starts(2) });
const { flushes, mapped } = state;

const counts = () => given(COSTS, flushes.inc());
const zap = procedure('zap', () => ({
  clear: If(fix.is('eager'), {
    flush_now: c\`clear and flush\`(mapped.dec(), counts()),
  }).Else({
    how: Either({
      alone: { flush_later: c\`clear, flush with all others\`(mapped.dec()) },
      attached: { flush: c\`clear and flush\`(mapped.dec(), counts()) },
    }),
  }),
}));
const zapper = actors('zapper', NR_ZAPS, zap);

export { flush as model };
const flush = model('flush', {
  about: 'what flushing at once costs',
  settings,
  state,
  actors: [zapper],
  comparison: {
    candidates: 'fix',
    scenarios: { one: {} },
    environments: { x86: {}, s390: { arch: 's390' } },
    costs: [
      {
        name: 'flushes',
        environment: 's390',
        counter: 'flushes',
        settings: { COSTS: true },
        scenarios: { 'one zap': {}, 'two zaps': { NR_ZAPS: 2 } },
        about: 'A flush reaches every CPU [source].',
      },
    ],
  },
});
`;
