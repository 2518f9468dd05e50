import assert from 'node:assert/strict'
import { lastMediaType, parseMediaType } from '../../src/parse/media-type.ts'
import { processorTime } from '../support/linear.ts'

describe('lastMediaType', () => {
  it('returns the last of several, as in the Fetch standard', () => {
    const rows: readonly (readonly [values: string[], last: string | undefined])[] = [
      [['text/html', 'text/event-stream'], 'text/event-stream'],
      [['text/event-stream, text/html;charset=x'], 'text/html;charset=x'],
      [['text/event-stream,', '*/*', 'nonsense', ''], 'text/event-stream'],
      [['multipart/mixed; boundary="a,b/c"'], 'multipart/mixed; boundary="a,b/c"'],
      [['text/plain; x="\\", text/html'], 'text/plain; x="\\", text/html'],
      [['text'], undefined],
      [[], undefined],
    ]
    for (const [values, last] of rows) assert.equal(lastMediaType(values), last, values.join(' | '))
  })

  it('takes time in proportion to the length of a list', () => {
    const value = `text/html;a=${'"\\'.repeat(200_000)}`
    const taken = processorTime(() => assert.equal(lastMediaType([value]), value))
    assert.ok(taken < 5000, `${taken} ms`)
  })

  it('accepts a value of megabytes, as a file may contain', () => {
    for (const value of ['a'.repeat(20_000_000), '\\"'.repeat(10_000_000)])
      assert.equal(parseMediaType(`text/html; a="${value}"`).essence, 'text/html')
  })
})
