import assert from 'node:assert/strict'
import { appendFileSync, copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { summarizeRecording } from '../../src/session/summarize-recording.ts'
import { STARTED_AT, twoConnections } from '../support/recording.ts'
import { writeHar, writeSession } from '../support/recording-file.ts'
import { removeTempDirs, tempDir } from '../support/temp-dir.ts'

const MANY = { events: 1e9, bytes: 1e9, har: 1e9 }

describe('the summary of a recording', () => {
  afterEach(removeTempDirs)

  it('has its connections, its events, its start and the time of its last event', async () => {
    const events = twoConnections(8)
    const path = writeSession(tempDir(), 'a.rtsession', events)
    const whole = {
      startedAt: STARTED_AT.getTime(),
      events: events.length,
      connections: 2,
      duration: events.at(-1)?.time,
    }
    assert.deepEqual(await summarizeRecording(path), whole)
    appendFileSync(path, '{"type":"mess')
    assert.deepEqual(await summarizeRecording(path), whole, 'with a torn last line')
  })

  it('does not count the connection of a mark', async () => {
    const path = writeSession(tempDir(), 'a.rtsession', [{ type: 'mark', time: 1200, text: 'nothing came' }])
    const { connections, events, duration } = (await summarizeRecording(path)) ?? {}
    assert.deepEqual([connections, events, duration], [0, 1, 1200])
  })

  it('stops in a file that is too long, and says so', async () => {
    const folder = tempDir()
    const path = writeSession(folder, 'a.rtsession', twoConnections(8))
    const lines = readFileSync(path, 'utf8')
    const [header = '', ...events] = lines.trimEnd().split('\n')
    // More than one block of lines.
    const long = join(folder, 'long.rtsession')
    writeFileSync(long, `${[header, ...Array.from({ length: 2000 }, () => events).flat()].join('\n')}\n`)
    const all = await summarizeRecording(long, MANY)
    assert.equal(all?.events, 2000 * events.length)
    assert.equal(all?.isPartial, undefined)
    for (const limits of [
      { ...MANY, events: 10 },
      { ...MANY, bytes: 10 },
    ]) {
      const part = await summarizeRecording(long, limits)
      assert.equal(part?.isPartial, true)
      assert.equal(part?.connections, 2)
      assert.ok((part?.events ?? 0) < 2000 * events.length)
    }
  })

  it('reads a HAR unless it is too large', async () => {
    const path = writeHar(tempDir())
    const { connections, events, duration } = (await summarizeRecording(path)) ?? {}
    assert.equal(connections, 1)
    assert.ok((events ?? 0) >= 5, String(events))
    assert.ok((duration ?? 0) >= 40, String(duration))
    assert.equal(await summarizeRecording(path, { ...MANY, har: 10 }), null)
  })

  it('says why a file is not a recording', async () => {
    const folder = tempDir()
    const path = join(folder, 'no.rtsession')
    writeFileSync(path, '{"a":1}\n')
    await assert.rejects(summarizeRecording(path), { code: 'NOT_A_SESSION' })
    copyFileSync(path, join(folder, 'no.har'))
    await assert.rejects(summarizeRecording(join(folder, 'no.har')), /HAR/)
  })
})
