/** Reading holds for any text. */
import assert from 'node:assert/strict'
import { parseLines, parseRequestFile } from '../../../src/request/file/parse.ts'
import type { FileRequest, RequestFile, Span, Written } from '../../../src/request/file/request-file.ts'
import { assertLinear } from '../../support/linear.ts'
import { seededRandom } from '../../support/splits.ts'
import { FILES, PIECES, randomFile } from './random-texts.ts'

/** Everything that is written in a request, in one piece. */
function writtenIn(request: FileRequest): Written[] {
  const { name, title, method, headers, options, values, body, format, steps, expectations } = request
  const contents = [body, ...steps.map((step) => (step.kind === 'send' ? step.content : []))].flat()
  const texts = [
    name,
    title,
    method,
    format,
    ...headers.map((each) => each.name),
    ...options.flatMap((each) => [each.name, each.value]),
    ...values.flatMap((each) => [each.name, each.path, each.filter]),
    ...contents.map((part) => (part.kind === 'text' ? part : part.path)),
    ...steps.flatMap((step) => (step.kind === 'send' ? [step.name, step.format] : [])),
    ...expectations,
  ]
  return texts.filter((each) => each !== undefined)
}

/** Checks that spans are in order and do not overlap. */
function assertApart(spans: readonly Span[], text: string): void {
  let last = 0
  for (const { start, end } of spans) {
    assert(
      start >= last && end >= start && end <= text.length,
      `${start}-${end} after ${last} of ${text.length}`,
    )
    last = end
  }
}

function assertConsistent(file: RequestFile, text: string): void {
  assert.equal(file.text, text)
  assertApart(file.requests, text)
  assertApart(file.variables, text)
  assertApart(file.comments, text)
  assert(file.problems.every(({ start, end }) => start <= end && end <= text.length))
  assert.deepEqual(
    file.problems.map(({ start }) => start),
    file.problems.map(({ start }) => start).toSorted((a, b) => a - b),
  )
  for (const { message, code } of file.problems) {
    assert.match(message, /^[A-Z#"\d][^\n]*\.$/)
    assert.match(code, /^[A-Z_]+$/)
  }
  for (const request of file.requests) {
    const { steps, body, headers, options, line, url } = request
    for (const { start, end, text: written } of writtenIn(request)) {
      assert.equal(text.slice(start, end).replaceAll(/\r\n?/g, '\n'), written)
      assert(
        start >= request.start && end <= request.end,
        `${start}-${end} in ${request.start}-${request.end}`,
      )
    }
    assertApart(body, text)
    assertApart(steps, text)
    assertApart(headers, text)
    assertApart(options, text)
    assert(line.start >= request.start && line.end <= request.end && url.end <= line.end)
    for (const step of steps) if (step.kind === 'send') assertApart(step.content, text)
  }
}

describe('reading any text', () => {
  it('finds parts with exact places, and says what each line is', () => {
    const random = seededRandom(7)
    for (let i = 0; i < 6000; i++) {
      const text = randomFile(random)
      try {
        const { file, lines, kinds } = parseLines(text)
        assertConsistent(file, text)
        assertApart(lines, text)
        for (const line of lines)
          assert(kinds[line.index] !== 'blank' || line.text.trim() === '', `line ${line.index + 1}`)
      } catch (thrown) {
        throw new Error(`in ${JSON.stringify(text)}`, { cause: thrown })
      }
    }
  })

  it('finds the same up to any place where a file may end', () => {
    for (const [, text] of FILES) {
      const { requests } = parseRequestFile(text)
      for (let end = 0; end <= text.length; end++) {
        const part = parseRequestFile(text.slice(0, end))
        assertConsistent(part, text.slice(0, end))
        const whole = requests.filter(
          (request, i) => (requests[i + 1]?.start ?? text.length) < end && request.end < end,
        )
        assert.deepEqual(part.requests.slice(0, whole.length), whole)
      }
    }
  })

  for (const piece of PIECES)
    it(`takes time in proportion to its length for ${JSON.stringify(piece)}`, () => {
      for (const [before, between, after] of [
        ['', '', 'x'],
        ['WS ws://h\n\n', '\n', 'x'],
        ['GET http://h\nA: b\n', '\n ', ''],
        ['# @option timeout ', '', 'x'],
      ] as const)
        assertLinear(
          JSON.stringify(before),
          (size) => before + (piece + between).repeat(size / (piece.length + between.length)) + after,
          (text) => parseRequestFile(text),
          32 * 1024,
        )
    })
})
