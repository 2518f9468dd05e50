/** Saving parts of a session, in all formats, from the log of a real engine. */
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Capture } from '../../src/capture/capture.ts'
import { savingCalls } from '../../src/engine/saving.ts'
import { NumberList } from '../../src/shared/number-list.ts'
import type { Selected } from '../../src/shared/protocol/filtering.ts'
import { EXPORT_FORMATS, type Part, type Progress } from '../../src/shared/protocol/saving.ts'
import { removeTempDirs, tempDir } from '../support/temp-dir.ts'

const ALL: Selected = { generation: null, range: null, connection: null, hidden: [], end: 2 ** 32 }

describe('a part of a session', () => {
  let folder: string
  let capture: Capture
  let told: Progress[]
  let savedUpTo: number | undefined
  const matches = new NumberList()

  const calls = () =>
    savingCalls({
      log: capture,
      matchesOf: (generation) => (generation === 7 ? matches : undefined),
      progress: (progress) => told.push(progress),
      saved: (count) => {
        savedUpTo = count
      },
    })

  beforeEach(() => {
    folder = tempDir()
    told = []
    savedUpTo = undefined
    capture = new Capture({
      directory: join(folder, 'spool'),
      clock: { startedAt: new Date('2026-11-23T05:00:00.000Z') },
    })
    let time = 0
    for (const connection of [1, 2]) {
      const url = `ws://127.0.0.1/${connection}?token=hunter2secret`
      const headers = { Authorization: 'Bearer s3cr3t' }
      capture.append({
        type: 'connect',
        connection,
        time: time++,
        transport: 'websocket',
        url,
        attempt: 0,
        headers,
      })
      capture.append({
        type: 'open',
        connection,
        time: time++,
        transport: 'websocket',
        status: 101,
        headers: {},
        httpVersion: '1.1',
      })
    }
    // Events 4 to 23: connection 1 has the even ones.
    for (let n = 4; n < 24; n++)
      capture.append({
        type: 'message',
        connection: (n % 2) + 1,
        time: time++,
        direction: 'in',
        opcode: 'text',
        payload: Buffer.from(`{"n":${n}}`),
      })
    for (const connection of [1, 2])
      capture.append({ type: 'close', connection, time: time++, code: 1000, reason: '', by: 'server' })
  })

  afterEach(() => {
    capture.close()
    removeTempDirs()
  })

  async function saved(part: Part | null, name = 'part.rtsession'): Promise<Record<string, unknown>[]> {
    const path = join(folder, name)
    const { events } = await calls().save({ path, reveal: [], part })
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n')
    assert.equal(lines.length, events + 1)
    return lines.slice(1).map((line) => JSON.parse(line))
  }

  const inShort = (events: readonly Record<string, unknown>[]) =>
    events.map(({ type, connection, text }) =>
      type === 'message' ? JSON.parse(String(text)).n : `${type} ${connection}`,
    )

  it('by time includes the starts of its connections, and nothing of the others', async () => {
    const range = { from: 10, to: 12 }
    assert.deepEqual(inShort(await saved({ selected: { ...ALL, range }, ranges: null })), [
      ...['connect 1', 'open 1', 'connect 2', 'open 2'],
      ...[10, 11, 12],
    ])
    assert.deepEqual(inShort(await saved({ selected: { ...ALL, range, connection: 2 }, ranges: null })), [
      'connect 2',
      'open 2',
      11,
    ])
    assert.equal(savedUpTo, undefined, 'the session is unsaved as before')
  })

  it('by rows has the shown rows of the ranges', async () => {
    const ranges = [
      { from: 20, to: 22 },
      { from: 4, to: 7 },
    ]
    const selected = { ...ALL, connection: 1 }
    assert.deepEqual(inShort(await saved({ selected, ranges })), ['connect 1', 'open 1', 4, 6, 20])
  })

  it('by filter has the matches, and fails if the filter has been replaced', async () => {
    matches.push(5)
    matches.push(25)
    const selected = { ...ALL, generation: 7 }
    assert.deepEqual(inShort(await saved({ selected, ranges: null })), ['connect 2', 'open 2', 5, 'close 2'])
    await assert.rejects(saved({ selected: { ...ALL, generation: 6 }, ranges: null }), {
      code: 'FILTER_GONE',
    })
    await assert.rejects(saved({ selected: { ...ALL, connection: 9 }, ranges: null }), {
      code: 'NOTHING_TO_SAVE',
    })
  })

  it('that has all events counts as saved', async () => {
    assert.equal((await saved(null)).length, 26)
    assert.equal(savedUpTo, 26)
  })

  for (const as of [undefined, ...EXPORT_FORMATS])
    it(`as ${as ?? 'a session file'} says what it masked, and has no secret in it`, async () => {
      const path = join(folder, `all.${as ?? 'rtsession'}`)
      const { masked } = await calls().save({ path, reveal: [], ...(as && { as }) })
      const text = readFileSync(path, 'utf8')
      assert.doesNotMatch(text, /hunter2secret|s3cr3t/)
      // A scenario has only what was sent.
      if (as !== 'artillery.yml') assert.match(text, /n\W{1,6}23/)
      if (as === undefined || as === 'har') {
        assert.deepEqual(masked, ['Authorization', 'token'])
        await calls().save({ path, reveal: ['token'], ...(as && { as }) })
        assert.match(readFileSync(path, 'utf8'), /hunter2secret/)
        assert.doesNotMatch(readFileSync(path, 'utf8'), /s3cr3t/)
      }
    })

  it('reports its progress, and leaves no file if it is cancelled', async () => {
    for (let n = 0; n < 50_000; n++) capture.append({ type: 'mark', time: 100 + n, text: 'x'.repeat(200) })
    const { save, cancelSave } = calls()
    for (const as of [undefined, ...EXPORT_FORMATS]) {
      const name = `cancelled.${as ?? 'rtsession'}`
      const saving = Promise.resolve(
        save({ path: join(folder, name), reveal: [], ticket: 3, ...(as && { as }) }),
      )
      const settled = assert.rejects(saving, { code: 'CANCELLED' })
      await new Promise((resolve) => setImmediate(resolve))
      await cancelSave({ ticket: 3 })
      await settled
      assert.equal(existsSync(join(folder, name)), false)
    }
    assert.deepEqual(readdirSync(folder), ['spool'])
    await save({ path: join(folder, 'whole.rtsession'), reveal: [], ticket: 4 })
    const mine = told.filter(({ ticket }) => ticket === 4)
    assert.ok(mine.length > 0 && mine.every(({ done, of }) => done <= of && of === 50_026))
  })

  it('is written with the named fields masked, in every format', async () => {
    capture.append({
      ...{ type: 'message', connection: 1, time: 90, direction: 'out', opcode: 'text' },
      payload: Buffer.from('{"login":{"pin":"S3CR3T"},"kept":1}'),
    })
    for (const as of [undefined, ...EXPORT_FORMATS]) {
      const path = join(folder, `masked.${as ?? 'rtsession'}`)
      const saved = await calls().save({ path, reveal: [], mask: ['$.login.pin'], ...(as && { as }) })
      assert.ok(saved.masked.includes('$.login.pin'), as)
      const text = readFileSync(path, 'utf8')
      assert.ok(!text.includes('S3CR3T') && text.includes('kept'), as)
    }
    const bad = calls().save({ path: join(folder, 'bad.rtsession'), reveal: [], mask: ['$.['] })
    await assert.rejects(async () => await bad, { code: 'BAD_MASK', message: /The mask \$\.\[ begins/ })
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.includes('bad')),
      [],
    )
  })
})
