import assert from 'node:assert/strict'
import { appendFileSync, readdirSync, statSync, watch } from 'node:fs'
import { join } from 'node:path'
import { runJob, runStoppable } from '../../../src/engine/jobs/client.ts'
import { COMPARE_ALL } from '../../../src/shared/comparison.ts'
import type { RealtimeEvent } from '../../../src/shared/event.ts'
import { query } from '../../support/duckdb.ts'
import { conversation, message, opened } from '../../support/recording.ts'
import { writeSession } from '../../support/recording-file.ts'
import { removeTempDirs, tempDir } from '../../support/temp-dir.ts'

const WORKER = join(import.meta.dirname, '../../../src/engine/jobs/worker.ts')

describe('a job in a worker', () => {
  afterEach(removeTempDirs)

  const files = (content: unknown) => {
    const folder = tempDir()
    return {
      a: writeSession(folder, 'a.rtsession', conversation([content])),
      b: writeSession(folder, 'b.rtsession', conversation(['b'])),
    }
  }

  it('returns its result', async () => {
    const compared = await runJob(WORKER, 'compare', {
      ...files('a'),
      wish: COMPARE_ALL,
    })
    assert.equal(compared.counts.changed, 1)
  })

  it('says what could not be read of either file', async () => {
    const { a, b } = files('a')
    appendFileSync(a, 'no event\n')
    const { notes } = await runJob(WORKER, 'compare', { a, b, wish: COMPARE_ALL })
    assert.equal(notes.length, 1)
    assert.match(notes[0] ?? '', /^A: .*line 5/i)
  })

  it('finds ids that do not correspond, although each file has numbers of its own for them', async () => {
    const folder = tempDir()
    const sum = (id: number, params: string) => ({ jsonrpc: '2.0', method: 'sum', params, id })
    const answer = (id: number, result: string) => ({ jsonrpc: '2.0', result, id })
    const sent = (content: unknown) => message(10, content, { direction: 'out' })
    const talk = (one: number, two: number) => [
      ...[sent(sum(1, 'a')), sent(sum(2, 'b'))],
      ...[message(20, answer(one, 'A')), message(20, answer(two, 'B'))],
    ]
    const a = writeSession(folder, 'a.rtsession', [...opened(), ...talk(1, 2)])
    const compared = async (...events: readonly RealtimeEvent[]) => {
      const b = writeSession(folder, 'b.rtsession', [...opened(), ...events])
      const wish = { ...COMPARE_ALL, normalizeIds: true }
      const { counts } = await runJob(WORKER, 'compare', { a, b, wish })
      return [counts.same, counts.changed, counts.extra]
    }
    const other = sent({ jsonrpc: '2.0', method: 'other', id: 9 })
    assert.deepEqual(await compared(other, ...talk(1, 2)), [4, 0, 1])
    assert.deepEqual(await compared(other, ...talk(2, 1)), [2, 2, 1])
  })

  it('compares large files, which are read in two threads, like small ones', async () => {
    const folder = tempDir()
    const pad = '-'.repeat(4000)
    const numbers = Array.from({ length: 2200 }, (_, n) => n)
    const file = (name: string, values: readonly number[]) =>
      writeSession(folder, name, conversation(values.map((n) => ({ n, pad }))))
    const a = file('a.rtsession', numbers)
    const b = file('b.rtsession', [...numbers.filter((n) => n !== 7).map((n) => (n === 100 ? -1 : n)), 5000])
    assert.ok(statSync(b).size > 8 * 1024 * 1024)
    const { counts, differences } = await runJob(WORKER, 'compare', { a, b, wish: COMPARE_ALL })
    assert.deepEqual([counts.same, counts.changed, counts.missing, counts.extra], [2198, 1, 1, 1])
    const events = differences.map(({ kind, a, b }) => [kind, a?.event, b?.event])
    assert.deepEqual(events, [
      ['missing', 10, undefined],
      ['changed', 103, 102],
      ['extra', undefined, 2202],
    ])
  })

  it('converts a recording', async () => {
    const { a } = files('the only message')
    const path = join(tempDir(), 'out.parquet')
    const params = { from: a, path, reveal: [], name: 'chat.rtsession' }
    const { events } = await runStoppable(WORKER, 'convert', params, new AbortController().signal)
    assert.equal(events, 3)
    assert.deepEqual(await query(`SELECT recording, data FROM '${path}' WHERE type = 'message'`), [
      { recording: 'chat.rtsession', data: 'the only message' },
    ])
  })

  it('removes what it was writing before it settles, if it is stopped', async () => {
    const [folder, out] = [tempDir(), tempDir()]
    const from = writeSession(
      folder,
      'a.rtsession',
      conversation(Array.from({ length: 100_000 }, (_, n) => ({ n }))),
    )
    const control = new AbortController()
    const watcher = watch(out, () => control.abort())
    const params = { from, path: join(out, 'b.parquet'), reveal: [] }
    try {
      await assert.rejects(runStoppable(WORKER, 'convert', params, control.signal), { code: 'CANCELLED' })
      assert.deepEqual(readdirSync(out), [])
    } finally {
      watcher.close()
    }
  })

  it('ends as soon as it is cancelled, even in an endless loop', async () => {
    let nested: unknown = 1
    for (let depth = 0; depth < 200; depth++) nested = { a: nested, b: [1] }
    const wish = { ...COMPARE_ALL, ignore: ['$..*..*..*..*..*..*'] }
    const control = new AbortController()
    const running = runJob(WORKER, 'compare', { ...files(nested), wish }, control.signal)
    const before = await Promise.race([running, new Promise((resolve) => setTimeout(resolve, 1000, 'busy'))])
    assert.equal(before, 'busy')
    control.abort()
    await assert.rejects(running, { code: 'CANCELLED' })
  })
})
