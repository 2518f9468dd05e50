import assert from 'node:assert/strict'
import { Writable } from 'node:stream'
import picocolors from 'picocolors'
import { LineStream } from '../../src/cli/line-stream.ts'
import { PrettyPrinter } from '../../src/cli/pretty/pretty-printer.ts'
import { PrintedDecoding } from '../../src/cli/printed-decoding.ts'

/** A stream that writes when the test allows it. */
class Slow extends Writable {
  readonly written: string[] = []
  #next: ((error?: Error) => void) | undefined

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error) => void): void {
    this.written.push(chunk.toString())
    this.#next = done
  }

  let(error?: Error): void {
    const next = this.#next
    this.#next = undefined
    next?.(error)
  }
}

const turn = () => new Promise((resolve) => setImmediate(resolve))
const LONG = 'x'.repeat(70_000)

describe('lines to a stream', () => {
  it('are written together if they come in one turn of the event loop', async () => {
    const slow = new Slow()
    const lines = new LineStream(slow, assert.fail)
    for (const line of ['a', 'b', 'c']) assert.equal(lines.write(line), true)
    assert.deepEqual(slow.written, [])
    await turn()
    assert.deepEqual(slow.written, ['a\nb\nc\n'])
  })

  it('have no room while too many bytes are unwritten, and call back when they have', async () => {
    const slow = new Slow()
    const lines = new LineStream(slow, assert.fail)
    let written = 0
    while (lines.write(LONG)) written++
    assert.equal(written, 3)
    let told = 0
    const printer = new PrettyPrinter(lines, {
      columns: () => 80,
      colors: picocolors.createColors(false),
      masking: {},
      decoding: await PrintedDecoding.load({ decoder: 'none' }),
    })
    printer.onWritable(() => told++)
    await turn()
    assert.equal(told, 0)
    slow.let()
    await turn()
    await turn()
    assert.equal(told, 1)
    printer.onWritable(() => told++)
    await turn()
    assert.equal(told, 2, 'at once where there is room')
  })

  it('finish once all of them are written', async () => {
    const slow = new Slow()
    const lines = new LineStream(slow, assert.fail)
    lines.write(LONG)
    lines.write('last')
    let isFinished = false
    const finished = lines.finish().then(() => {
      isFinished = true
    })
    await turn()
    assert.equal(isFinished, false)
    for (let n = 0; n < 3; n++) {
      slow.let()
      await turn()
    }
    await finished
    assert.equal(slow.written.join(''), `${LONG}\nlast\n`)
  })

  it('are dropped silently after the reader has gone, and free those who wait', async () => {
    const slow = new Slow()
    const failures: (string | undefined)[] = []
    const lines = new LineStream(slow, ({ code }) => failures.push(code))
    while (lines.write(LONG));
    let isFree = false
    lines.onWritable(() => {
      isFree = true
    })
    slow.let(Object.assign(new Error('broken pipe'), { code: 'EPIPE' }))
    await turn()
    await turn()
    assert.deepEqual(failures, ['EPIPE'])
    assert.equal(isFree, true)
    assert.equal(lines.write(LONG), true)
    await lines.finish()
    assert.equal(slow.written.length, 1)
  })
})
