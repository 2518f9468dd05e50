import assert from 'node:assert/strict'
import { appendFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { rowOf } from '../../src/diagnose/rule-event.ts'
import { openIndexed } from '../../src/session/open-recording.ts'
import type { RecordingFile } from '../../src/session/recording-file.ts'
import { plain, randomSession } from '../support/random-events.ts'
import { message } from '../support/recording.ts'
import { writeSession } from '../support/recording-file.ts'
import { removeTempDirs, tempDir } from '../support/temp-dir.ts'

describe('an indexed session file', () => {
  const open: RecordingFile[] = []
  const index = async (file: string) => {
    const indexed = await openIndexed(file)
    open.push(indexed)
    return indexed
  }

  afterEach(() => {
    for (const indexed of open.splice(0)) indexed.close()
    removeTempDirs()
  })

  it('reads every event of random sessions, in any order, as it was written', async () => {
    // Long payloads, so that lines cross the blocks in which the file is read.
    const events = randomSession(7, 3000, 4000)
    const file = writeSession(tempDir(), 'a.rtsession', events)
    const indexed = await index(file)
    assert.equal(indexed.log.count, events.length)
    assert.ok(readFileSync(file).length > 1024 * 1024)
    const expected = JSON.parse(JSON.stringify(events.map(plain)))
    for (let n = 0; n < events.length; n++) {
      const at = (n * 1009) % events.length
      const event = indexed.log.event(at)
      assert.deepEqual(JSON.parse(JSON.stringify(plain(event))), expected[at])
      const { time, connection, kind } = indexed.log.row(at)
      const row = rowOf(event)
      assert.deepEqual([time, connection, kind], [row.time, row.connection, row.kind])
    }
  })

  it('reads lines that end with CRLF, lines that are not UTF-8, and lines of megabytes', async () => {
    const folder = tempDir()
    const file = writeSession(folder, 'a.rtsession', [
      message(1, 'é€😀'),
      message(2, 'x'.repeat(3_000_000)),
      message(3, Buffer.alloc(700_000, 0xff)),
      message(4, 'last'),
    ])
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll('\n', '\r\n'))
    appendFileSync(
      file,
      Buffer.from('{"type":"mark","time":5,"text":"\xff"}\n{"type":"mark","time":6,"text":"m"}\n', 'latin1'),
    )
    const indexed = await index(file)
    const sizes = [0, 1, 2, 3].map((n) => {
      const event = indexed.log.event(n)
      return 'payload' in event ? event.payload.length : -1
    })
    assert.deepEqual(sizes, [9, 3_000_000, 700_000, 4])
    assert.deepEqual([indexed.log.event(5), indexed.problemCount], [{ type: 'mark', time: 6, text: 'm' }, 1])
  })

  it('reports and skips a torn last line', async () => {
    const file = writeSession(tempDir(), 'a.rtsession', [message(1, 'a'), message(2, 'b')])
    truncateSync(file, readFileSync(file).length - 10)
    const indexed = await index(file)
    assert.equal(indexed.log.count, 1)
    assert.match(indexed.problems[0] ?? '', /cut short/)
  })

  it('reports that the file was changed in the meantime', async () => {
    const file = writeSession(tempDir(), 'a.rtsession', [message(1, 'a'), message(2, 'b')])
    const indexed = await index(file)
    truncateSync(file, 150)
    assert.throws(() => indexed.log.event(1), { code: 'CHANGED' })
  })

  it('rejects a file that is not a session', async () => {
    const file = path.join(tempDir(), 'b')
    writeFileSync(file, 'hello\n')
    await assert.rejects(openIndexed(file), { code: 'NOT_A_SESSION' })
    await assert.rejects(openIndexed(`${file}-nowhere`), { code: 'ENOENT' })
  })
})
