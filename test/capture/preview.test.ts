import assert from 'node:assert/strict'
import { join } from 'node:path'
import { Capture } from '../../src/capture/capture.ts'
import {
  formatDuration,
  MAX_PREVIEW,
  preview,
  previewEvent,
  previewPayload,
} from '../../src/capture/preview.ts'
import type { RealtimeEvent } from '../../src/shared/event.ts'
import { randomSession } from '../support/random-events.ts'
import { removeTempDirs, tempDir } from '../support/temp-dir.ts'

const base = { connection: 1, time: 0 }

describe('a preview', () => {
  afterEach(removeTempDirs)

  for (const [event, line] of [
    [
      { type: 'connect', ...base, transport: 'auto', url: 'https://u:p@h/a?token=x&b=1', attempt: 0 },
      'GET https://***@h/a?token=***&b=1',
    ],
    [
      { type: 'connect', ...base, transport: 'sse', url: 'http://h/', attempt: 2, body: 'x' },
      'POST http://h/ · attempt 2',
    ],
    [
      {
        type: 'open',
        ...base,
        transport: 'websocket',
        status: 101,
        headers: {},
        httpVersion: '1.1',
        subprotocol: 'chat',
        remoteAddress: '127.0.0.1:80',
      },
      '101 · HTTP/1.1 · chat · 127.0.0.1:80',
    ],
    [
      { type: 'close', ...base, by: 'server', code: 4401, reason: 'expired, token=S3CR3T' },
      'closed by server · 4401 · expired, token=***',
    ],
    [
      {
        ...{ type: 'reconnect', ...base, attempt: 1, delay: 1, reason: 'lost' },
        ...{ cursor: 'https://h/?sid=S3CR3T', lastEventId: 'eyJhbGciOiJub25lIn0.S3CR3T' },
      },
      'reconnect 1 in 1 ms · lost · resumes after id *** · resumes from https://h/?sid=***',
    ],
    [
      { type: 'request', ...base, url: 'http://h/?since=7', headers: {}, cursor: '7' },
      'http://h/?since=7 · cursor 7',
    ],
    [
      { type: 'response', ...base, status: 200, headers: {}, held: 1234, empty: true },
      '200 · held 1.2 s · nothing new',
    ],
    [
      {
        type: 'response',
        ...base,
        status: 200,
        headers: {},
        held: 1,
        empty: false,
        redirects: [{ status: 302, location: 'http://h/login' }],
      },
      '200 · held 1 ms · 1 redirected',
    ],
    [
      {
        type: 'reconnect',
        ...base,
        attempt: 2,
        delay: 1400,
        reason: 'connection reset',
        lastEventId: '1187',
      },
      'reconnect 2 in 1.4 s · connection reset · resumes after id 1187',
    ],
    [{ type: 'close', ...base, by: 'server', code: 1001 }, 'closed by server · 1001 going away'],
    [{ type: 'close', ...base, by: 'client', code: 4000, reason: 'bye\n' }, 'closed by client · 4000 · bye␊'],
    [{ type: 'close', ...base, by: 'network' }, 'closed by network'],
    [
      { type: 'error', ...base, code: 'X', message: 'No answer from http://u:p@h/?key=1.' },
      'No answer from http://***@h/?key=***.',
    ],
    [{ type: 'gap', ...base, missed: 3, repeated: 1 }, '3 missed · 1 repeated'],
    [{ type: 'mark', time: 0, text: 'here\tit broke' }, 'here␉it broke'],
  ] as const satisfies readonly (readonly [RealtimeEvent, string])[])
    it(`of a lifecycle event is the sentence ${JSON.stringify(line)}`, () => {
      assert.equal(previewEvent(event), line)
    })

  for (const [payload, line] of [
    ['', ''],
    ['{"a":\n1}', '{"a":␊1}'],
    ['\0\u001b[31m\u007f\u0085\u2028\u202e', '␀␛[31m␡���'],
    ['x'.repeat(200), 'x'.repeat(200)],
    ['x'.repeat(201), `${'x'.repeat(199)}…`],
    ['😀'.repeat(300), `${'😀'.repeat(99)}…`],
    [Buffer.from([0, 255, 16]), '00 ff 10'],
    [Buffer.alloc(100, 0xff), `${Array(48).fill('ff').join(' ')} …`],
  ] as const)
    it(`of a payload ${JSON.stringify(payload).slice(0, 40)} is its beginning`, () => {
      const bytes = Buffer.from(payload as string)
      const event = { type: 'message', ...base, direction: 'in', payload: bytes } as const
      assert.equal(previewEvent(event), line)
    })

  it('of a binary message is hexadecimal if it has control characters, though they are UTF-8', () => {
    const lineOf = (opcode: 'text' | 'binary', text: string) =>
      previewEvent({ type: 'message', ...base, direction: 'in', opcode, payload: Buffer.from(text) })
    assert.equal(lineOf('binary', '\x08\x01\x12\x02hi'), '08 01 12 02 68 69')
    assert.equal(lineOf('text', '\x08\x01'), '␈␁')
    assert.equal(lineOf('binary', '{"a":\t1}\r\n'), '{"a":␉1}␍␊')
  })

  it('of text that is cut within a character is still text', () => {
    for (const filler of ['a', 'é', '€', '😀'])
      for (let shift = 0; shift < 4; shift++) {
        const bytes = Buffer.from('x'.repeat(shift) + filler.repeat(1000))
        for (let cut = 790; cut < 800; cut++)
          assert.match(previewPayload(bytes.subarray(0, cut), bytes.length), /^x*(a|é|€|😀)+…$/u)
      }
  })

  it('reads only what it shows from a capture, on one line and within the maximum length', () => {
    const capture = new Capture({ directory: join(tempDir(), 'c'), clock: { startedAt: new Date() } })
    const events = randomSession(21, 2000, 3000)
    for (const event of events) capture.append(event)
    for (const [index, event] of events.entries()) {
      const line = preview(capture, index)
      assert.equal(line, previewEvent(event))
      assert.ok(line.length <= MAX_PREVIEW)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: none of them may be there
      assert.doesNotMatch(line, /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/)
    }
    capture.close()
  })

  it('formats durations for people', () => {
    assert.deepEqual([0, 0.25, 9.96, 12.4, 999.4, 999.6, 1400, 59_949, 60_000, 125_000].map(formatDuration), [
      '0 ms',
      '0.3 ms',
      '10 ms',
      '12 ms',
      '999 ms',
      '1.0 s',
      '1.4 s',
      '59.9 s',
      '1 min 0 s',
      '2 min 5 s',
    ])
  })
})
