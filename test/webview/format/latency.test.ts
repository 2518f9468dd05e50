import assert from 'node:assert/strict'
import type { DeliveryReport } from '../../../src/shared/report.ts'
import { clocksText } from '../../../webview/format/latency.ts'

const NOTHING: DeliveryReport = {
  field: 'at',
  events: 20,
  latency: { p50: 1, p95: 2, p99: 3, max: 4 },
  fastest: 0,
  roundTrip: null,
}

const said = (known: Partial<DeliveryReport>) =>
  clocksText({ ...NOTHING, ...known }).replaceAll('\u00a0', ' ')

describe('what the page says of the clocks', () => {
  it('is nothing without a message that is too early and without a round trip', () => {
    assert.equal(said({}), 'how far the clocks are apart is unknown')
  })

  it('is by how much the sender’s clock is ahead at least', () => {
    assert.equal(said({ fastest: -122 }), 'the sender’s clock is ahead by at least 120 ms')
  })

  it('is whose clock is ahead about, by half a round trip', () => {
    assert.equal(
      said({ fastest: 50, roundTrip: 20 }),
      'the sender’s clock is about 40.0 ms behind, by half the shortest round trip of 20.0 ms',
    )
    assert.equal(
      said({ fastest: 4, roundTrip: 20 }),
      'the sender’s clock is about 6.0 ms ahead, by half the shortest round trip of 20.0 ms',
    )
    assert.equal(
      said({ fastest: -122, roundTrip: 20 }),
      'the sender’s clock is ahead by at least 120 ms, and about 132 ms ahead, by half the shortest round trip of 20.0 ms',
    )
  })
})
