import assert from 'node:assert/strict'
import {
  bucketOf,
  CONTROL,
  FINEST,
  IN,
  OUT,
  Pyramid,
  type Way,
} from '../../../../webview/state/timeline/pyramid.ts'
import { seededRandom } from '../../../support/splits.ts'

type Sent = readonly [time: number, way: Way, size: number]

/** The buckets of these events that overlap [from, to), counted event by event. */
function slow(events: readonly Sent[], from: number, to: number, width: number): string[] {
  const buckets = new Map<string, number[]>()
  for (const [time, way, size] of events) {
    const start = Math.floor(time / width) * width
    if (start + width <= from || start >= to) continue
    const name = `${start} ${way}`
    const [count = 0, largest = 0, received = 0] = buckets.get(name) ?? []
    buckets.set(name, [count + 1, Math.max(largest, size), received + (way === IN ? size : 0)])
  }
  return [...buckets].map(([name, figures]) => `${name}: ${figures.join(' ')}`).sort()
}

function seen(pyramid: Pyramid, from: number, to: number, width: number): string[] {
  const found: string[] = []
  const isSummed = pyramid.visit(from, to, width, (start, end, way, count, largest, received) => {
    assert.equal(end - start, width)
    found.push(`${start} ${way}: ${count} ${largest} ${received}`)
  })
  assert.ok(isSummed)
  return found.sort()
}

describe('traffic at several resolutions', () => {
  for (const [name, count, length] of [
    ['dense', 4000, 20_000],
    ['sparse', 60, 3_600_000],
    ['here and there, a year after the beginning', 300, 400],
  ] as const)
    it(`is what the events add up to, wherever it is looked at: ${name} (seeded)`, () => {
      const random = seededRandom(count)
      const origin = count === 300 ? 31_536_000_000 : 0
      const events = Array.from({ length: count }, (): Sent => {
        const way = ([IN, OUT, CONTROL] as const)[Math.floor(random() * 3)] ?? IN
        return [origin + Math.floor(random() * length), way, Math.floor(random() * 1000)]
      })
      const pyramid = new Pyramid()
      for (const each of events) pyramid.add(...each)
      for (let i = 0; i < 200; i++) {
        const width = FINEST * 4 ** Math.floor(random() * 8)
        // At the edge of a bucket as often as beside it.
        const edge = () =>
          origin + Math.floor((random() * length) / width) * width + Math.round(random() * 2 - 1)
        const [from, to] = [edge(), edge()].sort((a, b) => a - b) as [number, number]
        assert.deepEqual(
          seen(pyramid, from, to, width),
          slow(events, from, to, width),
          `${from} ${to} ${width}`,
        )
      }
    })

  it('uses the events themselves below its finest resolution', () => {
    assert.equal(
      new Pyramid().visit(0, 100, FINEST - 1, () => {}),
      false,
    )
    assert.equal(bucketOf(1234.5, FINEST - 1), 1234.5)
    assert.equal(bucketOf(1234.5, FINEST), 1232)
    assert.equal(bucketOf(1234.5, FINEST * 4 - 1), 1232)
    assert.equal(bucketOf(1234.5, FINEST * 4), 1216)
  })
})
