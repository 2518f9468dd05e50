import assert from 'node:assert/strict'
import type { PartStatistics } from '../../../src/shared/protocol/filtering.ts'
import { rangeText, rateText, statisticsTexts } from '../../../webview/filter/statistics-text.ts'

const SURVEY: PartStatistics = {
  count: 1204,
  messages: 1200,
  bytes: 2048,
  from: 125_100,
  to: 133_000,
  gaps: { p50: 6.1, p95: 9.8, p99: 1234 },
}
const plain = (text: string | undefined) => text?.replaceAll('\u00a0', ' ')

describe('the statistics of the shown events', () => {
  it('shows a range with as many digits as its ends need', () => {
    assert.equal(rangeText({ from: 125_100, to: 133_000 }), '02:05.1 → 02:13.0')
    assert.equal(rangeText({ from: 1000, to: 1123 }), '00:01.000 → 00:01.123')
    assert.equal(rangeText({ from: 1000, to: 1000.5 }), '00:01.00000 → 00:01.00050')
  })

  it('show bytes, messages per second and gaps', () => {
    const range = { from: 125_000, to: 133_000 }
    assert.deepEqual(statisticsTexts(SURVEY, range, 200_000).map(plain), [
      '2.0 kB',
      '150 msg/s',
      'gap p50 6.1 ms',
      'p95 9.8 ms',
      'p99 1.2 s',
    ])
  })

  it('count the rate of a range only up to now', () => {
    const range = { from: 125_000, to: 500_000 }
    assert.equal(plain(rateText(SURVEY, range, 137_000)), '100 msg/s')
  })

  it('count events if none is a message, and are empty without a duration', () => {
    assert.equal(rateText({ ...SURVEY, count: 79, messages: 0 }, null, 0), '10/s')
    assert.equal(rateText({ ...SURVEY, from: 5, to: 5 }, null, 0), undefined)
    assert.deepEqual(
      statisticsTexts({ count: 0, messages: 0, bytes: 0, from: 0, to: 0, gaps: null }, null, 0),
      [],
    )
  })
})
