import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { textCell } from '../../../src/session/formats/csv.ts'
import { writeRecording } from '../../../src/session/write-recording.ts'
import type { MessageEvent } from '../../../src/shared/event.ts'
import { assertLinear } from '../../support/linear.ts'
import { randomPayload } from '../../support/random-events.ts'
import { conversation, message, opened, recordingOf } from '../../support/recording.ts'
import { seededRandom } from '../../support/splits.ts'
import { removeTempDirs, tempDir } from '../../support/temp-dir.ts'

/** RFC 4180, character by character. */
function parseCsv(text: string): string[][] {
  const records: string[][] = []
  let [record, cell, quoted]: [string[], string, boolean] = [[], '', false]
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at)
    if (quoted) {
      if (character !== '"') cell += character
      else if (text.charAt(at + 1) === '"') {
        cell += '"'
        at++
      } else quoted = false
    } else if (character === '"') quoted = true
    else if (character === ',') {
      record.push(cell)
      cell = ''
    } else if (character === '\r' && text.charAt(at + 1) === '\n') {
      records.push([...record, cell])
      record = []
      cell = ''
      at++
    } else cell += character
  }
  assert.deepEqual([record, cell, quoted], [[], '', false], 'the last record is ended')
  return records
}

describe('messages as CSV', () => {
  afterEach(removeTempDirs)

  async function csv(events: Parameters<typeof recordingOf>[0]): Promise<Record<string, string>[]> {
    const file = path.join(tempDir(), 'out.csv')
    await writeRecording(recordingOf(events), file)
    const [header = [], ...records] = parseCsv(readFileSync(file, 'utf8'))
    return records.map((record) => {
      assert.equal(record.length, header.length)
      return Object.fromEntries(header.map((name, index) => [name, record[index] ?? '']))
    })
  }

  it('have one record each, with a header', async () => {
    const [first, second] = await csv([
      ...opened(),
      message(10.5, 'a "b", c\r\nd', { event: 'tick', id: '7', wireSize: 20 }),
      { type: 'message', connection: 1, time: 11, direction: 'in', payload: new Uint8Array(0), dropped: 9 },
    ])
    assert.deepEqual(first, {
      time: '10.5',
      timestamp: '2026-11-23T05:00:00.010Z',
      connection: '1',
      direction: 'in',
      opcode: 'text',
      event: 'tick',
      id: '7',
      size: '11',
      wireSize: '20',
      encoding: 'text',
      data: 'a "b", c\r\nd',
    })
    assert.deepEqual([second?.size, second?.encoding, second?.data], ['9', '', ''])
  })

  it('have no timestamp beyond the range of a date', async () => {
    const [record] = await csv([...opened(), message(1e18, 'x')])
    assert.deepEqual([record?.timestamp, record?.data], ['', 'x'])
  })

  it('preserve every payload (seeded)', async () => {
    const random = seededRandom(9)
    const payloads = Array.from({ length: 300 }, () => randomPayload(random))
    const records = await csv(conversation(payloads))
    for (const [index, { encoding, data = '' }] of records.entries()) {
      const text = /^'[=+\-@\t\r\n]/.test(data) ? data.slice(1) : data
      const payload = encoding === 'base64' ? Buffer.from(data, 'base64') : Buffer.from(text)
      assert.deepEqual([...payload], [...(payloads[index] ?? [])])
    }
  })

  it('cannot be formulas of a spreadsheet', () => {
    for (const evil of [
      '=1+1',
      '+cmd',
      '-2+3',
      '@SUM(A1)',
      '\t=1',
      '\r=1',
      '＝1',
      '=HYPERLINK("http://x","y")',
    ])
      assert.match(textCell(evil), /^"?'/, evil)
    for (const harmless of ['-5', '+1.5', '42', 'a=1', '{"a":"=1"}', ''])
      assert.equal(parseCsv(`${textCell(harmless)}\r\n`)[0]?.[0], harmless)
  })

  it('cannot be formulas of a spreadsheet with the separator of another locale', () => {
    for (const separator of [';', '\t', '|', '\n', '\r\n'])
      for (const text of [
        `a${separator}=1+1`,
        `a${separator}b${separator}@SUM(A1)${separator}`,
        `a${separator}"=1+1"`,
        `{"a":"x${separator}+cmd"}`,
      ]) {
        // Such a program only treats quotes as quotes at the beginning of a cell.
        const cells = `1,${textCell(text)}`.split(/[;\t|\r\n]+/)
        for (const cell of cells) assert.doesNotMatch(cell, /^"*[=+\-@]/, JSON.stringify(text))
      }
    for (const harmless of ['1;-2;+3.5', 'a;b=c', '[1,-2]', 'x\ty'])
      assert.equal(parseCsv(`${textCell(harmless)}\r\n`)[0]?.[0], harmless)
  })

  it('are written in linear time', () => {
    assertLinear(
      'a cell',
      (size) => ';"+1'.repeat(size),
      (text) => textCell(text),
    )
  })
})

describe('messages as NDJSON', () => {
  afterEach(removeTempDirs)

  async function format(event: MessageEvent): Promise<string> {
    const file = path.join(tempDir(), 'out.ndjson')
    await writeRecording(recordingOf([event]), file)
    const text = readFileSync(file, 'utf8')
    assert.ok(text.endsWith('\n'))
    return text.slice(0, -1)
  }

  it('contain JSON payloads as JSON, digit for digit, and others as text or base64', async () => {
    const data = async (content: unknown) => JSON.parse(await format(message(1, content)))
    assert.deepEqual(await data({ a: [1] }), {
      time: 1,
      connection: 1,
      direction: 'in',
      encoding: 'json',
      data: { a: [1] },
    })
    assert.deepEqual((await data('hello')).data, 'hello')
    const cut = await data('{"a":')
    assert.deepEqual([cut.encoding, cut.data], ['text', '{"a":'])
    const bytes = await data(Buffer.from([255]))
    assert.deepEqual([bytes.encoding, bytes.data], ['base64', '/w=='])
    assert.ok(
      (await format(message(1, '{"id":12345678901234567890}'))).endsWith(
        '"data":{"id":12345678901234567890}}',
      ),
    )
  })

  it('are one line each, however the JSON is formatted', async () => {
    const line = await format(message(1, '{\r\n  "a": "x\\ny"\n}\n', { event: 'tick', id: '7' }))
    assert.ok(!line.includes('\n') && !line.includes('\r'))
    assert.deepEqual(JSON.parse(line), {
      time: 1,
      connection: 1,
      direction: 'in',
      event: 'tick',
      id: '7',
      encoding: 'json',
      data: { a: 'x\ny' },
    })
  })
})
