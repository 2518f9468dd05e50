import assert from 'node:assert/strict'
import { Failure } from '../../../src/shared/failure.ts'
import { checkFault, formatFault, parseFault } from '../../../src/shared/faults/fault-text.ts'
import { PRESETS } from '../../../src/shared/faults/presets.ts'
import { FAULT_KINDS, FAULTS, type FaultSpec } from '../../../src/shared/faults.ts'

/** A value of each unit, with the edges of its range. */
const VALUES = {
  ms: [0, 200, 1.5, 2 ** 31 - 1],
  share: [0, 0.1, 1 / 3, 1],
  'bytes/s': [1, 5000],
  bytes: [1, 16_384],
  messages: [1, 5, 1000],
  status: [200, 503, 599],
  none: [0],
} as const

describe('a fault as text', () => {
  it('has a kind and a value', () => {
    for (const [text, expected] of [
      ['delay=200', { kind: 'delay', value: 200 }],
      ['delay=2s', { kind: 'delay', value: 2000 }],
      ['jitter=50ms', { kind: 'jitter', value: 50 }],
      ['drop=0.1', { kind: 'drop', value: 0.1 }],
      ['drop=10%', { kind: 'drop', value: 0.1 }],
      ['duplicate=1', { kind: 'duplicate', value: 1 }],
      ['reorder=.5', { kind: 'reorder', value: 0.5 }],
      ['corrupt=100%', { kind: 'corrupt', value: 1 }],
      ['throttle=5000', { kind: 'throttle', value: 5000 }],
      ['throttle=5000/s', { kind: 'throttle', value: 5000 }],
      ['throttle=50KB/s', { kind: 'throttle', value: 50_000 }],
      ['refuse=0.25', { kind: 'refuse', value: 0.25 }],
      ['status=503', { kind: 'status', value: 503 }],
      ['hold', { kind: 'hold', value: 0 }],
      ['idle-timeout=60s', { kind: 'idle-timeout', value: 60_000 }],
      ['restart=5s', { kind: 'restart', value: 5000 }],
      ['restart=5s,after=1m', { kind: 'restart', value: 5000, after: 60_000 }],
      ['buffer=16KiB', { kind: 'buffer', value: 16_384 }],
    ] as const)
      assert.deepEqual(parseFault(text), [expected], text)
  })

  it('cuts after a count below 100, after milliseconds from there on, or as its unit says', () => {
    for (const [value, kind, expected] of [
      ['1', 'cut-after-messages', 1],
      ['99', 'cut-after-messages', 99],
      ['100', 'cut-after-time', 100],
      ['50ms', 'cut-after-time', 50],
      ['5s', 'cut-after-time', 5000],
      ['500n', 'cut-after-messages', 500],
      ['500 messages', 'cut-after-messages', 500],
      ['1 message', 'cut-after-messages', 1],
    ] as const)
      assert.deepEqual(parseFault(`cut-after=${value}`), [{ kind, value: expected }], value)
  })

  it('may have a filter, which may contain commas, and a seed on either side of it', () => {
    const expected = [{ kind: 'drop', value: 0.1, match: '$.a == "x,y"', seed: 7 }]
    assert.deepEqual(parseFault('drop=0.1,match=$.a == "x,y",seed=7'), expected)
    assert.deepEqual(parseFault('drop=0.1,seed=7,match=$.a == "x,y"'), expected)
    assert.deepEqual(parseFault('delay=1,match=/a{1,3}/'), [{ kind: 'delay', value: 1, match: '/a{1,3}/' }])
  })

  it('may be the name of a preset, whose faults take the seed', () => {
    for (const { name, faults } of PRESETS) assert.deepEqual(parseFault(name), faults)
    assert.deepEqual(parseFault('slow-3g,seed=3'), [
      { kind: 'delay', value: 200, seed: 3 },
      { kind: 'throttle', value: 50_000, seed: 3 },
    ])
  })

  it('is read as it was written, for every kind', () => {
    for (const kind of FAULT_KINDS)
      for (const value of VALUES[FAULTS[kind].unit])
        for (const more of [{}, { seed: 0 }, { match: 'a, b' }, { seed: 2 ** 32 - 1, match: 'x,y=z' }]) {
          const fault: FaultSpec = { kind, value, ...more }
          assert.deepEqual(parseFault(formatFault(fault)), [fault], formatFault(fault))
        }
  })

  it('says in one sentence what is wrong', () => {
    for (const [text, expected] of [
      ['', /^There is no fault ""; there are delay, .* and the presets slow-3g, /],
      ['dealy=1', /^There is no fault "dealy"; /],
      ['delay', /^The value of delay must be a time such as 200, 200ms or 5s\.$/],
      ['delay=-1', /^The value of delay must be /],
      ['delay=25d', /^The value of delay must be /],
      ['drop=2', /^The value of drop must be a share from 0 to 1, or such as 10%\.$/],
      ['drop=101%', /^The value of drop must be a share/],
      ['cut-after=0n', /^The value of cut-after must be a time .* or a count/],
      ['cut-after=x', /^The value of cut-after must be a time .* or a count/],
      ['throttle=0', /^The value of throttle must be bytes a second/],
      ['status=99', /^The value of status must be an HTTP status from 200 to 599\.$/],
      ['hold=3', /^The value of hold must be left out\.$/],
      ['drop=0.1,seed=x', /^The seed must be a whole number from 0 to 4294967295\.$/],
      ['drop=0.1,after=1s', /^Only restart takes after, not drop\.$/],
      ['slow-3g,match=a', /^The preset slow-3g takes no match, /],
      ['slow-3g=1', /^There is no fault "slow-3g"; /],
      ['drop=0.1,match=size:>', /^The filter of the fault is not valid\. /],
    ] as const)
      assert.throws(
        () => parseFault(text),
        (thrown) => thrown instanceof Failure && thrown.code === 'BAD_FAULT' && expected.test(thrown.message),
        text,
      )
  })

  it('is checked also if it comes as an object', () => {
    const bad = [
      { kind: 'nothing', value: 1 },
      { kind: 'drop', value: 2 },
      { kind: 'drop', value: Number.NaN },
      { kind: 'drop', value: 0.5, seed: 1.5 },
      { kind: 'delay', value: -1 },
      { kind: 'constructor', value: 1 },
    ] as unknown as FaultSpec[]
    for (const fault of bad) assert.throws(() => checkFault(fault), { code: 'BAD_FAULT' })
  })
})
