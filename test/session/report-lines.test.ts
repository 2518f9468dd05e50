/** Reports and findings of session files, whose lines are read by their bytes, against those of their events. */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { formatHeader, formatLine } from '../../src/session/line.ts'
import { openRecording } from '../../src/session/open-recording.ts'
import { diagnoseRecording, reportRecording } from '../../src/session/report-recording.ts'
import type { RealtimeEvent } from '../../src/shared/event.ts'
import { pathOf, RECORDINGS } from '../decode/protocols/recordings.ts'
import { message, opened } from '../support/recording.ts'
import { seededRandom } from '../support/splits.ts'
import { removeTempDirs, tempDir } from '../support/temp-dir.ts'

const HEADER = formatHeader(new Date('2026-11-23T05:00:00.000Z'), 'test')

/** A file, and the same as a recording that has events only. */
async function both(path: string) {
  const file = await openRecording(path)
  const { startedAt, generator = '' } = file
  return { lines: await openRecording(path), events: { startedAt, generator, events: () => file.events() } }
}

async function requireSame(path: string): Promise<void> {
  const forReport = await both(path)
  const report = await reportRecording(forReport.lines)
  assert.deepEqual(report, await reportRecording(forReport.events))
  const forFindings = await both(path)
  const [lines, events] = [
    await diagnoseRecording(forFindings.lines),
    await diagnoseRecording(forFindings.events),
  ]
  assert.deepEqual(lines.findings(), events.findings())
  assert.equal(lines.events, events.events)
}

/** Messages with a counter that is mostly written as programs write it. */
function feed(seed: number): RealtimeEvent[] {
  const random = seededRandom(seed)
  const texts = (n: number): readonly string[] => [
    `{"type":"tick","data":{"seq":${n}}}`,
    `{"data":{"seq":${n},"text":"\\"é\\n\\""},"event":"a"}`,
    `{"data":{"seq":"${n}"}}`,
    `{"data":{"seq":${n}.0}}`,
    `{"data":{"seq":${n}},"data":{}}`,
    `{\n  "data": { "seq": ${n} }\n}`,
    `[{"data":{"seq":${n}}},{"data":{"seq":${n + 1}}}]`,
    `{"data":{"seq":${n}}`,
    '{}',
    'text',
    `{"data":{"seq":${n}},"pad":"${'x'.repeat(70_000)}"}`,
  ]
  let n = 0
  const messages = Array.from({ length: 3000 }, (_, at) => {
    n += random() < 0.02 ? 3 : random() < 0.02 ? 0 : 1
    const few = texts(n)
    const text = at < 100 || random() < 0.9 ? few[0] : few[Math.floor(random() * few.length)]
    const more = random() < 0.1 ? ({ direction: 'out' } as const) : random() < 0.1 ? { wireSize: 900 } : {}
    return message(10 + at * 3.5, text ?? '', more)
  })
  const again: RealtimeEvent[] = [
    { type: 'close', connection: 1, time: 5000, code: 1006, by: 'network' },
    ...opened(1, 5100),
  ]
  return [...opened(), ...messages.slice(0, 1400), ...again, ...messages.slice(1400)]
}

describe('a report of a session file', () => {
  afterEach(removeTempDirs)

  for (const name of RECORDINGS)
    it(`is that of its events: ${name}`, async () => {
      await requireSame(pathOf(name))
    })

  for (const seed of [1, 2])
    it(`is that of its events: a feed whose counter is written in many ways (seed ${seed})`, async () => {
      const path = join(tempDir(), 'feed.rtsession')
      writeFileSync(path, `${[HEADER, ...feed(seed).map(formatLine)].join('\n')}\n`)
      await requireSame(path)
      const rules = (await diagnoseRecording(await openRecording(path))).findings().map(({ rule }) => rule)
      assert.ok(rules.includes('sequence-gap') && rules.includes('duplicate'), rules.join())
    })

  it('can be canceled', async () => {
    const path = join(tempDir(), 'feed.rtsession')
    writeFileSync(path, `${[HEADER, ...feed(3).map(formatLine)].join('\n')}\n`)
    const signal = AbortSignal.abort()
    await assert.rejects(reportRecording(await openRecording(path), { signal }), { code: 'CANCELLED' })
  })
})
