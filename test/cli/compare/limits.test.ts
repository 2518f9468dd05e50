import assert from 'node:assert/strict'
import picocolors from 'picocolors'
import { toJson } from '../../../src/cli/compare/comparison-json.ts'
import { formatComparison } from '../../../src/cli/compare/format-comparison.ts'
import { compareRecordings } from '../../../src/session/compare/compare.ts'
import type { ConnectionComparison } from '../../../src/session/compare/comparison.ts'
import { type Difference, listDifferences } from '../../../src/session/compare/list-differences.ts'
import type { RealtimeEvent } from '../../../src/shared/event.ts'
import { assertLinear } from '../../support/linear.ts'
import { conversation, message, opened, recordingOf } from '../../support/recording.ts'

describe('a comparison of extreme sessions', () => {
  it('lists 150,000 differences', async () => {
    const contents = (letter: string) =>
      conversation(Array.from({ length: 150_000 }, (_, n) => `${letter}${n}`))
    const [a, b] = [recordingOf(contents('a')), recordingOf(contents('b'))]
    const comparison = await compareRecordings(a, b)
    const found = await listDifferences(comparison, { a, b }, { limit: 1_000_000 })
    assert.equal(found.length, 150_000)
    assert.deepEqual(found.at(-1)?.changes, [{ path: '$', before: 'a149999', after: 'b149999' }])
  })

  it('takes twice as long for twice as many connections', () => {
    const lane = (size: number): ConnectionComparison[] =>
      Array.from({ length: size }, (_, id) => {
        const side = { id, transport: 'websocket', url: 'ws://h/' }
        return { a: side, b: side, lanes: [], lifecycle: [] }
      })
    const counts = { same: 0, changed: 1, moved: 0, missing: 0, extra: 0, late: 0, early: 0, lifecycle: 0 }
    const compared = (size: number) => {
      const connections = lane(size)
      const differences = connections.map((connection, event): Difference => {
        const side = { connection: connection.a?.id ?? 0, event, message: undefined }
        return { kind: 'changed', connection, direction: 'in', a: side, b: side }
      })
      const none = { missingConnections: 0, extraConnections: 0 }
      return {
        comparison: { same: false, counts: { ...counts, ...none }, isApproximate: false, connections },
        differences,
      }
    }
    assertLinear(
      'printing',
      compared,
      ({ comparison, differences }) =>
        assert.equal(
          formatComparison(comparison, differences, picocolors.createColors(false), 80).length,
          2 * differences.length,
        ),
      8000,
    )
  })

  it('counts 20,000 connections, and pairs them in order', async () => {
    const on = (letter: string): RealtimeEvent[] =>
      Array.from({ length: 20_000 }, (_, id) => [
        ...opened(id + 1),
        message(5, `${letter}${id}`, { connection: id + 1 }),
      ]).flat()
    const { counts, connections } = await compareRecordings(recordingOf(on('a')), recordingOf(on('b')))
    assert.equal(counts.changed, 20_000)
    assert.ok(connections.every(({ a, b }) => a?.id === b?.id))
  })

  it('reports a lag as long as a number can express', async () => {
    const at = (time: number) => [...opened(), message(time, 'x')]
    const [a, b] = [recordingOf(at(5)), recordingOf(at(1.7e308))]
    const comparison = await compareRecordings(a, b, { timingTolerance: 1 })
    const differences = await listDifferences(comparison, { a, b }, { limit: 10 })
    const { differences: told } = JSON.parse(JSON.stringify(toJson(comparison, differences)))
    assert.deepEqual([told[0].kind, told[0].lag], ['late', 1.7e308])
  })
})
