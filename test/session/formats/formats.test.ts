import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { writeRecording } from '../../../src/session/write-recording.ts'
import type { RealtimeEvent } from '../../../src/shared/event.ts'
import { Failure } from '../../../src/shared/failure.ts'
import { OUTPUT_EXTENSIONS } from '../../../src/shared/protocol/saving.ts'
import { message, opened, recordingOf } from '../../support/recording.ts'
import { sessionLines } from '../../support/recording-file.ts'
import { removeTempDirs, tempDir } from '../../support/temp-dir.ts'

const DESCRIPTORS = '/proc/self/fd'

/** Files of the folder that this process has open, if the system lists them. */
function openIn(folder: string): string[] {
  if (!existsSync(DESCRIPTORS)) return []
  const links = readdirSync(DESCRIPTORS).map((name) => join(DESCRIPTORS, name))
  return links
    .flatMap((link) => (existsSync(link) ? [readlinkSync(link)] : []))
    .filter((to) => to.startsWith(folder))
}

describe('a recording that is written', () => {
  let folder: string
  beforeEach(() => {
    folder = tempDir()
  })
  afterEach(removeTempDirs)

  it('is completely in the file in the end, however large, and the file is closed', async () => {
    const events: RealtimeEvent[] = [
      ...opened(),
      ...Array.from({ length: 40 }, (_, i) => message(10 + i, 'x'.repeat(500_000))),
      message(60, 'the last'),
    ]
    const path = join(folder, 'out.rtsession')
    await writeRecording(recordingOf(events), path)
    const [, ...lines] = readFileSync(path, 'utf8').trimEnd().split('\n')
    assert.deepEqual(lines, sessionLines(events).slice(1))
    assert.deepEqual(openIn(folder), [])
  })

  for (const extension of OUTPUT_EXTENSIONS)
    it(`leaves no file if it cannot be read to its end: ${extension}`, async () => {
      const broken = {
        ...recordingOf([]),
        async *events() {
          yield [...opened(), message(5, 'a')]
          throw new Failure('READ', 'The file cannot be read on.')
        },
      }
      await assert.rejects(writeRecording(broken, join(folder, `out${extension}`)), { code: 'READ' })
      assert.deepEqual(readdirSync(folder), [])
    })

  it('is written in the format of the extension, in any case', async () => {
    await writeRecording(recordingOf(opened()), join(folder, 'OUT.NDJSON'))
    await assert.rejects(writeRecording(recordingOf([]), join(folder, 'out.xml')), {
      code: 'UNKNOWN_FORMAT',
      message: /out\.xml .* \.rtsession, \.har, \.csv, \.ndjson, \.parquet/,
    })
    assert.deepEqual(readdirSync(folder), ['OUT.NDJSON'])
  })
})
