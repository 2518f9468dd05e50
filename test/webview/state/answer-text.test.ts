import assert from 'node:assert/strict'
import type { AnswerPiece, ModelAnswer } from '../../../src/shared/model-answer.ts'
import { AnswerText } from '../../../webview/state/answer-text.ts'

function answerOf(next: readonly AnswerPiece[], more: Partial<ModelAnswer> = {}): ModelAnswer {
  return {
    connection: 1,
    index: 0,
    protocol: 'openai',
    status: 'growing',
    start: 0,
    end: next.at(-1)?.time ?? 0,
    pieces: { content: next.length, reasoning: 0, tool_call: 0 },
    stalls: [],
    stallCount: 0,
    stalled: 0,
    beginning: '',
    isCut: false,
    calls: [],
    next,
    ...more,
  }
}

const piece = (event: number, text: string, more: Partial<AnswerPiece> = {}): AnswerPiece => ({
  event,
  time: event * 10,
  part: 'content',
  text,
  ...more,
})

describe('the text of an answer', () => {
  it('is in sections by part, choice and tool call, in the order in which they began', () => {
    const text = new AnswerText(
      answerOf([
        piece(1, 'why', { part: 'reasoning' }),
        piece(2, 'A', { choice: 1 }),
        piece(2, 'B'),
        piece(3, 'a', { choice: 1 }),
        piece(3, 'b'),
        piece(4, '[', { part: 'tool_call', call: 0 }),
        piece(5, '{', { part: 'tool_call', call: 1 }),
        piece(6, ']', { part: 'tool_call', call: 0 }),
        piece(7, 'c'),
      ]),
    )
    assert.deepEqual(
      text.sections.map(({ part, choice, call, text: said }) => [part, choice, call, said.all()]),
      [
        ['reasoning', 0, undefined, 'why'],
        ['content', 1, undefined, 'Aa'],
        ['content', 0, undefined, 'Bb'],
        ['tool_call', 0, 0, '[]'],
        ['tool_call', 0, 1, '{'],
        ['content', 0, undefined, 'c'],
      ],
    )
  })

  it('leads from a character to its piece, and from an event to its characters', () => {
    const first = new AnswerText(answerOf([piece(1, 'one'), piece(3, ''), piece(4, ' two')]))
    const text = new AnswerText(answerOf([piece(6, ' three')], { timeToFirst: 4 }), first)
    const [section = assert.fail()] = text.sections
    assert.deepEqual(
      [0, 2, 3, 6, 7, 12, 13].map((at) => section.pieceAt(at)),
      [0, 0, 2, 2, 3, 3, undefined],
    )
    assert.deepEqual(
      [1, 2, 4, 6, 7].map((event) => text.pieceOf(event)),
      [0, undefined, 2, 3, undefined],
    )
    assert.deepEqual(section.spanOf(2), { from: 3, to: 7 })
    assert.equal(section.spanOf(4), undefined)
    assert.deepEqual(
      [0, 1, 2, 3].map((number) => text.gapOf(number)),
      [4, 20, 10, 20],
    )
    assert.deepEqual(
      [0, 10, 39, 40, 999].map((time) => text.pieceBefore(time)),
      [0, 0, 1, 2, 3],
    )
  })

  it('of 100,000 pieces is in blocks that join to all of it, with or without line breaks', () => {
    for (const line of ['\n', ' ', '']) {
      const pieces = Array.from({ length: 100_000 }, (_, i) =>
        piece(i, i % 30 === 0 ? `.${line}` : `${line && ' '}w${i}`),
      )
      const text = new AnswerText(answerOf(pieces.slice(0, 50_000)))
      const { sections } = new AnswerText(answerOf(pieces.slice(50_000)), text)
      const [section = assert.fail()] = sections
      assert.equal(section.text.all(), pieces.map((each) => each.text).join(''))
      const { blocks } = section.text
      assert.ok(blocks.length < 200, `${blocks.length} blocks`)
      assert.ok(blocks.every(({ text: { length } }) => length <= 16_100))
      assert.ok(
        blocks.every(
          ({ start }, i) =>
            start === blocks.slice(0, i).reduce((sum, { text: { length } }) => sum + length, 0),
        ),
      )
    }
  })

  it('has a bounded number of sections, however often the model changes between parts', () => {
    const pieces = Array.from({ length: 10_000 }, (_, i) =>
      piece(i, 'x', { part: i % 2 === 0 ? 'content' : 'reasoning' }),
    )
    const { sections } = new AnswerText(answerOf(pieces))
    assert.equal(sections.length, 500)
    assert.equal(
      sections.reduce((sum, { text }) => sum + text.length, 0),
      10_000,
    )
  })
})
