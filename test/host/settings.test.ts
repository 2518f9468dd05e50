import assert from 'node:assert/strict'
import { readMutedRules, readThresholds } from '../../src/vscode/settings/read-diagnosis-settings.ts'
import {
  fillSpec,
  type GetSetting,
  readEngineSettings,
  readMaskFields,
} from '../../src/vscode/settings/read-settings.ts'
import { SETTING_BOUNDS, SETTINGS, type Settings } from '../../src/vscode/settings/settings.ts'

/** Settings with values from a user's file, and defaults for the rest. */
function having(values: Partial<Record<keyof Settings, unknown>>): GetSetting {
  return (key) => (key in values ? values[key] : SETTINGS[key])
}

const url = 'http://h/'
const MB = 2 ** 20

describe('settings', () => {
  it('at their defaults add nothing to a connection', () => {
    for (const transport of ['auto', 'poll', 'long-poll'] as const) {
      const spec = { url, transport }
      assert.deepEqual(fillSpec(spec, having({})), spec)
    }
  })

  it('name fields to mask, without invalid entries', () => {
    const masks = (value: unknown) => readMaskFields(having({ 'realtimeInspector.maskFields': value }))
    assert.deepEqual(masks(['password', 7, ' ', '$.a', null]), ['password', '$.a'])
    assert.equal(masks(Array(200).fill('a')).length, 100)
    for (const value of [undefined, null, 'password', {}]) assert.deepEqual(masks(value), [])
  })

  it('mute rules by name or for a URL, without invalid entries', () => {
    const muted = (value: unknown) => readMutedRules(having({ 'realtimeInspector.findings.muted': value }))
    const url = 'wss://feed.example/ticks'
    assert.deepEqual(muted(['no-heartbeat', 7, ' ', null, { url }, { rule: 'cached-stream', url }]), [
      { rule: 'no-heartbeat' },
      { rule: 'cached-stream', url },
    ])
    for (const value of [undefined, null, 'no-heartbeat', {}]) assert.deepEqual(muted(value), [])
  })

  it('set thresholds of rules that are numbers from 0', () => {
    const of = (value: unknown) => readThresholds(having({ 'realtimeInspector.findings.thresholds': value }))
    assert.deepEqual(of({ 'no-heartbeat': 30_000, a: -1, b: '5', c: Number.NaN, d: 0 }), {
      'no-heartbeat': 30_000,
      d: 0,
    })
    for (const value of [undefined, null, 5, [1]]) assert.deepEqual(of(value), {})
  })

  it('apply if the connection has no value', () => {
    const get = having({
      'realtimeInspector.reconnect': 'never',
      'realtimeInspector.maxAttempts': 3,
      'realtimeInspector.timeout': 500,
      'realtimeInspector.maxMessageSize': 1000,
    })
    assert.deepEqual(fillSpec({ url, timeout: 9, reconnect: undefined }, get), {
      ...{ url, reconnect: 'never', maxAttempts: 3, timeout: 9, maxMessageSize: 1000 },
    })
  })

  it('set the interval of a poll, but not that of a long-poll', () => {
    const get = having({ 'realtimeInspector.pollInterval': 5000 })
    assert.equal(fillSpec({ url, transport: 'poll' }, get).interval, 5000)
    assert.equal(fillSpec({ url, transport: 'poll', interval: 7 }, get).interval, 7)
    for (const transport of ['long-poll', 'sse', 'auto'] as const)
      assert.deepEqual(fillSpec({ url, transport }, get), { url, transport })
  })

  it('that are not numbers count as unset, and other numbers are limited to what timers can take', () => {
    for (const value of ['fast', null, Number.NaN, 0, -5, {}]) {
      const get = having({ 'realtimeInspector.timeout': value, 'realtimeInspector.memoryLimitMB': value })
      assert.deepEqual(fillSpec({ url }, get), { url })
      assert.equal(readEngineSettings(get).memoryLimit, 256 * MB)
    }
    const [, largest] = SETTING_BOUNDS['realtimeInspector.timeout']
    assert.equal(fillSpec({ url }, having({ 'realtimeInspector.timeout': 3e9 })).timeout, largest)
    assert.ok(largest < 2 ** 31)
    const tiny = readEngineSettings(
      having({ 'realtimeInspector.memoryLimitMB': 1, 'realtimeInspector.maxEvents': 1.5 }),
    )
    assert.deepEqual([tiny.memoryLimit, tiny.maxEvents], [16 * MB, 1000])
  })

  it('with an unknown value count as unset', () => {
    assert.deepEqual(fillSpec({ url }, having({ 'realtimeInspector.reconnect': 'sometimes' })), { url })
  })
})
