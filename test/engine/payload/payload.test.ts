/** Payloads of a capture: as documents, for the clipboard, as streams and as files. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { removeTempDirs, tempDir } from '../../support/temp-dir.ts'
import { png } from '../../webview/live/media.ts'
import { Filled } from './support.ts'

describe('payloads', () => {
  let filled: Filled
  beforeEach(() => {
    filled = new Filled()
    filled.connect('http://host/')
    filled.open()
  })
  afterEach(() => {
    filled.capture.close()
    removeTempDirs()
  })

  it('become documents in the language of their content; JSON is formatted and keeps its digits', async () => {
    const table: readonly [string, string, string?][] = [
      ['{"a":1.00,"b":12345678901234567890}', 'json', '{\n  "a": 1.00,\n  "b": 12345678901234567890\n}\n'],
      ['<!DOCTYPE html><p>', 'html'],
      ['<?xml version="1.0"?><a/>', 'xml'],
      ['<feed xmlns="x">', 'xml'],
      ['\ufeff<a/>', 'xml'],
      ['{"a":1', 'plaintext'],
      ['12', 'plaintext'],
      ['<3 you', 'plaintext'],
    ]
    for (const [text, language, shown = text] of table) {
      const index = filled.message(text)
      assert.deepEqual(await filled.calls.document({ index, hex: false }), { text: shown, language })
    }
  })

  it('that are binary are rejected as text, and shown as a hex dump', async () => {
    const index = filled.message(Uint8Array.of(0, 0xff, 0x41))
    assert.throws(() => filled.calls.document({ index, hex: false }), {
      code: 'BINARY',
      message: new RegExp(`^The payload of event ${index + 1} is binary`),
    })
    const { text } = await filled.calls.document({ index, hex: true })
    assert.match(text, /^00000000 {2}00 ff 41 {40,}\.\.A\n$/)
    const large = filled.message(new Uint8Array(1024 * 1024 + 17).fill(0x41))
    const dump = (await filled.calls.document({ index: large, hex: true })).text
    assert.match(
      dump.slice(-200),
      /\n000ffff0 {2}(41 ?){8} .*\n… 17 more bytes; save the payload to get them\.\n$/,
    )
  })

  it('are rejected if there is none, it was dropped or the event does not exist', async () => {
    assert.throws(() => filled.calls.document({ index: 0, hex: false }), {
      code: 'NO_PAYLOAD',
      message: 'Event 1 has no payload.',
    })
    assert.throws(() => filled.calls.copyText({ index: 99, form: 'text' }), { code: 'NO_EVENT' })
  })

  it('are copied in all forms', async () => {
    const index = filled.message('{"a":[1]}')
    const copy = (form: 'json' | 'text' | 'hex' | 'base64') => filled.calls.copyText({ index, form })
    assert.equal(await copy('json'), '{\n  "a": [\n    1\n  ]\n}')
    assert.equal(await copy('text'), '{"a":[1]}')
    assert.equal(await copy('hex'), '7b2261223a5b315d7d')
    assert.equal(await copy('base64'), 'eyJhIjpbMV19')
    const plain = filled.message('plain')
    assert.throws(() => filled.calls.copyText({ index: plain, form: 'json' }), { code: 'NOT_JSON' })
  })

  it('are read as one stream, up to the next open of the connection', async () => {
    const first = filled.message('one')
    filled.message('sent', 'out')
    filled.message('other', 'in', 2)
    filled.message('two')
    const stream = (from: number, maxBytes = 1000) => filled.calls.stream({ connection: 1, from, maxBytes })
    const whole = await stream(first)
    assert.equal(Buffer.from(whole.bytes).toString(), 'onetwo')
    assert.deepEqual([whole.atEnd, whole.reopened, whole.lost], [true, false, false])
    const again = filled.open()
    filled.message('three')
    const before = await stream(first)
    assert.deepEqual(
      [Buffer.from(before.bytes).toString(), before.reopened, before.next, before.atEnd],
      ['onetwo', true, again, false],
    )
    assert.equal(Buffer.from((await stream(again + 1)).bytes).toString(), 'three')
  })

  it('are read in pieces of bounded size, each with at least one message', async () => {
    const first = filled.message('a'.repeat(50))
    for (let i = 0; i < 9; i++) filled.message('b'.repeat(5))
    const sizes: number[] = []
    for (let from = first; ; ) {
      const piece = await filled.calls.stream({ connection: 1, from, maxBytes: 12 })
      sizes.push(piece.bytes.length)
      if (piece.atEnd) break
      from = piece.next
    }
    assert.deepEqual(sizes, [50, 10, 10, 10, 10, 5])
  })

  it('are written to files, alone or as a stream, with suitable names', async () => {
    const picture = png(2, 2, [9, 9, 9])
    const first = filled.message(picture.subarray(0, 30))
    filled.message(picture.subarray(30))
    const folder = tempDir()
    const path = join(folder, 'picture')
    const saved = await filled.calls.savePayload({ index: first, whole: true, path })
    assert.deepEqual(saved, { size: picture.length, lost: false })
    assert.ok(readFileSync(path).equals(picture))
    assert.equal(await filled.calls.fileName({ index: first, whole: true }), 'stream-1.png')
    const json = filled.message('{"type":"../we ird/na:me"}')
    assert.equal(await filled.calls.fileName({ index: json, whole: false }), `we-ird-na-me-${json + 1}.json`)
    await filled.calls.savePayload({ index: json, whole: false, path })
    assert.equal(readFileSync(path, 'utf8'), '{"type":"../we ird/na:me"}')
    assert.deepEqual(readdirSync(folder), ['picture'])
    await assert.rejects(
      async () =>
        await filled.calls.savePayload({ index: json, whole: false, path: join(folder, 'no', 'x') }),
      { code: 'ENOENT', message: /^[A-Z].+\.$/ },
    )
  })

  it('that were dropped are missing from a stream, which says so', async () => {
    const small = new Filled({ spoolLimit: 64 * 1024, memoryLimit: 16 * 1024 })
    const first = small.message(Buffer.alloc(8000))
    for (let i = 0; i < 60; i++) small.message(Buffer.alloc(8000))
    small.capture.flush()
    assert.ok(small.capture.isDropped(first))
    assert.throws(() => small.calls.document({ index: first, hex: true }), {
      code: 'DROPPED',
      message: `The payload of event ${first + 1} was dropped; its size and time are still known.`,
    })
    const piece = await small.calls.stream({ connection: 1, from: first, maxBytes: 1e6 })
    assert.ok(piece.lost)
    assert.ok(piece.bytes.length > 0 && piece.bytes.length < 61 * 8000)
    small.capture.close()
  })
})
