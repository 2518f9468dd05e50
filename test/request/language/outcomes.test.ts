import assert from 'node:assert/strict'
import { parseRequestFile } from '../../../src/request/file/parse.ts'
import type { FileRequest } from '../../../src/request/file/request-file.ts'
import {
  countOutcomes,
  judgedExpectations,
  outcomeSentence,
  outcomesOf,
  outcomeText,
} from '../../../src/request/language/outcomes.ts'
import type { ExpectationStatus } from '../../../src/shared/expectation.ts'

const HELD: ExpectationStatus = { text: '"b"', state: 'held', detail: 'after 126 ms' }
const FAILED: ExpectationStatus = {
  text: '"a" within 5s',
  state: 'failed',
  detail: 'none in 5.0 s',
  cameInstead: ['EVENT typing', 'ping'],
}

function requestOf(text: string): FileRequest {
  return parseRequestFile(text).requests[0] ?? assert.fail('no request')
}

describe('what became of expectations', () => {
  it('belongs to the lines that were judged, with the placeholders in them', () => {
    const request = requestOf('WS ws://a\n\n?? "{{a}}"\n?? body $.a == 1\n?? "b"\n')
    const [first, , last] = request.expectations
    if (first === undefined || last === undefined) assert.fail('no expectations')
    const judge = judgedExpectations(request, [{ ...first, text: '"x"' }, last])
    assert.deepEqual(
      judge([FAILED, HELD]).map(({ written, status }) => [written, status.state]),
      [
        ['"{{a}}"', 'failed'],
        ['"b"', 'held'],
      ],
    )
    assert.deepEqual(judge([]), [])
  })

  it('moves with the lines, and is not of lines that were changed', () => {
    const judged = [
      { written: '"a"', status: FAILED },
      { written: '"b"', status: HELD },
      { written: '"b"', status: FAILED },
    ]
    const places = (text: string) =>
      outcomesOf(requestOf(text), judged).map(({ expectation, status }) => [
        text.slice(0, expectation.start).split('\n').length,
        expectation.text,
        status.state,
      ])
    assert.deepEqual(places('WS ws://a\n\n?? "a"\n?? "b"\n?? "b"\n'), [
      [3, '"a"', 'failed'],
      [4, '"b"', 'held'],
      [5, '"b"', 'failed'],
    ])
    assert.deepEqual(places('WS ws://a\nA: b\n\nhello\n\n??   "b"\n?? "a" within 1s\n?? "new"\n'), [
      [6, '"b"', 'held'],
    ])
  })

  it('is said behind the line, with a symbol', () => {
    assert.equal(outcomeText(HELD), '✓ after 126 ms')
    assert.equal(outcomeText(FAILED), '✗ none in 5.0 s. Came instead: EVENT typing, ping')
    assert.equal(outcomeText({ text: 'a', state: 'pending' }), '…')
    const long = { ...FAILED, cameInstead: ['a\nb', 'x'.repeat(1000)] }
    assert.match(outcomeText(long), /^✗ none in 5\.0 s\. Came instead: a b, x{39}…$/)
    assert.equal(outcomeText({ ...FAILED, detail: 'y'.repeat(1000) }).length, 200)
  })

  it('is said as a sentence', () => {
    assert.equal(outcomeSentence(HELD), '✓ As expected: "b": after 126 ms.')
    assert.equal(
      outcomeSentence(FAILED),
      '✗ Expected "a" within 5s: none in 5.0 s. Came instead: EVENT typing, ping.',
    )
    assert.equal(outcomeSentence({ text: '"a"', state: 'pending' }), 'Not decided yet: "a".')
  })

  it('is counted', () => {
    const judged = [HELD, FAILED, { text: 'c', state: 'pending' } as const].map((status) => ({
      written: status.text,
      status,
    }))
    assert.deepEqual(countOutcomes(judged), { held: 1, of: 3, isFinal: false })
    assert.deepEqual(countOutcomes(judged.slice(0, 2)), { held: 1, of: 2, isFinal: true })
  })
})
