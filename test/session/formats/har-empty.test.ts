/** A HAR without any entry: nothing says when it started. */
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import picocolors from 'picocolors'
import { formatReport } from '../../../src/cli/report/format-report.ts'
import { openIndexed } from '../../../src/session/open-recording.ts'
import type { RecordingFile } from '../../../src/session/recording-file.ts'
import { writeReport } from '../../../src/session/report/write-report.ts'
import { reportRecording } from '../../../src/session/report-recording.ts'
import { summarizeRecording } from '../../../src/session/summarize-recording.ts'
import { writeRecording } from '../../../src/session/write-recording.ts'
import { Failure } from '../../../src/shared/failure.ts'
import { OpenedFile } from '../../engine/file/opened-file.ts'
import { removeTempDirs, tempDir } from '../../support/temp-dir.ts'

describe('a HAR without any entry', () => {
  const opened = new OpenedFile()
  let path: string
  let file: RecordingFile

  beforeEach(async () => {
    path = join(tempDir(), 'empty.har')
    writeFileSync(
      path,
      JSON.stringify({ log: { version: '1.2', creator: { name: 'x', version: '1' }, entries: [] } }),
    )
    file = await openIndexed(path, { directory: join(tempDir(), 'spool') })
  })
  afterEach(() => file.close())
  after(removeTempDirs)

  it('has no start in lists, and an empty one in the panel', async () => {
    assert.deepEqual(await summarizeRecording(path), { events: 0, connections: 0, duration: 0 })
    await opened.open(path)
    await opened.whole()
    assert.equal(opened.status().startedAt, '')
  })

  it('has no start in reports', async () => {
    const report = await reportRecording(file)
    assert.equal(report.startedAt, null)
    const text = formatReport(report, picocolors.createColors(false), 100).join('\n')
    assert.match(text, /^start unknown, 0 ms: 0 events on 0 connections/)
    for (const document of [text, writeReport(report, 'html'), writeReport(report, 'markdown')])
      assert.doesNotMatch(document, /1970|NaN|Invalid/)
  })

  it('is written to what needs no start, and refused as a session file', async () => {
    for (const extension of ['har', 'csv', 'parquet']) {
      const target = join(tempDir(), `a.${extension}`)
      await writeRecording(file, target)
      assert.doesNotMatch(readFileSync(target, 'latin1'), /1970/)
    }
    await assert.rejects(
      writeRecording(file, join(tempDir(), 'a.rtsession')),
      (thrown) => thrown instanceof Failure && thrown.code === 'NO_START',
    )
  })
})
