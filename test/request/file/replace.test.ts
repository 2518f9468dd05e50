import assert from 'node:assert/strict'
import { applyEdits } from '../../../src/request/file/edits.ts'
import { parseLines } from '../../../src/request/file/parse.ts'
import { printRequest, type WrittenRequest } from '../../../src/request/file/print.ts'
import { replaceRequest } from '../../../src/request/file/replace.ts'
import type { ScriptStep } from '../../../src/shared/request-script.ts'
import type { ConnectionSpec } from '../../../src/shared/spec.ts'
import { seededRandom } from '../../support/splits.ts'
import { type Random, randomRequest } from './random-requests.ts'
import { meaning, played, resolved, revealed } from './resolved.ts'

function replaced(text: string, after: WrittenRequest, before?: WrittenRequest, position = 0): string {
  return applyEdits(text, replaceRequest(text, position, after, before))
}

function message(text: string, name?: string): ScriptStep {
  return { kind: 'send', ...(name !== undefined && { name }), message: { format: 'text', text } }
}

const WAIT: ScriptStep = { kind: 'wait' }

const FILE = `# The shop.
@host = h

### Chat
// Where people talk.
# @max-messages 10
# @set token = $.token
WS  ws://{{host}}/ HTTP/1.1
# Who asks.
Authorization:   Bearer {{token}}
X-A: a

# First.
hello
=== wait-for-server
# @message bye
bye
# Last.

?? kind:ack


### Other
GET http://h/
`

const BEFORE: WrittenRequest = {
  spec: { url: 'ws://h/', headers: { Authorization: 'Bearer x', 'X-A': 'a' } },
  limits: { maxMessages: 10 },
  steps: [message('hello'), WAIT, message('bye', 'bye')],
}

/** The file with one text in place of another one. */
function changed(from: string, to: string): string {
  assert(FILE.includes(from), from)
  return FILE.replace(from, to)
}

describe('replacing a request in a file', () => {
  for (const [what, after, expected] of [
    ['nothing', {}, FILE],
    ['the URL', { spec: { ...BEFORE.spec, url: 'ws://i/' } }, changed('ws://{{host}}/', 'ws://i/')],
    ['the limits', { limits: { maxMessages: 5 } }, changed('messages 10', 'messages 5')],
    [
      'an option and a header',
      {
        spec: { ...BEFORE.spec, timeout: 5, headers: { Authorization: 'Bearer x', 'X-A': 'b', 'X-B': 'c' } },
      },
      changed('WS  ', '# @option timeout 5\nWS  ').replace('X-A: a', 'X-A: b\nX-B: c'),
    ],
    ['all headers', { spec: { url: 'ws://h/' } }, changed('Authorization:   Bearer {{token}}\nX-A: a\n', '')],
    ['the name', { name: 'talk' }, changed('### Chat', '### talk')],
    ['a message', { steps: [message('hi'), WAIT, message('bye', 'bye')] }, changed('hello', 'hi')],
    [
      'a name',
      { steps: [message('hello'), WAIT, message('bye', 'end')] },
      changed('# @message bye', '# @message end'),
    ],
    ['no name', { steps: [message('hello'), WAIT, message('bye')] }, changed('# @message bye\n', '')],
    [
      'one more',
      { steps: [...(BEFORE.steps ?? []), WAIT, message('?')] },
      changed('\nbye\n', '\nbye\n=== wait-for-server\n?\n'),
    ],
    ['one less', { steps: [message('bye', 'bye')] }, changed('hello\n=== wait-for-server\n', '')],
    ['no wait', { steps: [message('hello'), message('bye', 'bye')] }, changed('=== wait-for-server', '===')],
    [
      'another before',
      { steps: [message('a'), ...(BEFORE.steps ?? [])] },
      changed('X-A: a\n', 'X-A: a\n\na\n===\n'),
    ],
    [
      'one between',
      { steps: [message('hello'), WAIT, message('b'), message('bye', 'bye')] },
      changed('server\n', 'server\nb\n===\n'),
    ],
  ] as const)
    it(`changes only ${what}`, () => {
      assert.equal(replaced(FILE, { ...BEFORE, ...after }, BEFORE), expected)
    })

  it('compares with the text of the file if no connection before is given', () => {
    assert.equal(
      replaced('WS ws://h/\nA: b\n\none\n', {
        spec: { url: 'ws://h/', headers: { a: 'b' } },
        steps: [message('one')],
      }),
      'WS ws://h/\nA: b\n\none\n',
    )
    assert.equal(replaced('ws://h/', { spec: { url: 'http://h/', transport: 'sse' } }), 'SSE http://h/')
  })

  it('keeps line ends', () => {
    const text = FILE.replaceAll('\n', '\r\n')
    const after = { ...BEFORE, spec: { ...BEFORE.spec, timeout: 5 }, steps: [message('hello\nyou')] }
    const result = replaced(text, after, BEFORE)
    assert.equal(result.replaceAll('\r\n', '').includes('\n'), false)
    assert.equal(result, replaced(FILE, after, BEFORE).replaceAll('\n', '\r\n'))
  })

  it('refuses what would not say what it should', () => {
    assert.throws(() => replaceRequest(FILE, 2, BEFORE), { code: 'NO_REQUEST' })
  })

  it('changes any request to any other, and keeps its comments and the other requests', async () => {
    const random = seededRandom(140)
    const other = printRequest({ name: 'other', spec: { url: 'ws://other/' }, steps: [message('a')] })
    let count = 0
    while (count < 600) {
      const [before, after] = [randomRequest(random), randomRequest(random)]
      const isSocket = (request: WrittenRequest) => request.steps !== undefined
      if (isSocket(before) !== isSocket(after)) continue
      count++
      const text = `${other}\n${withComments(printRequest(before), random)}\n${other}`
      const what = JSON.stringify({ before, after })
      assert.deepEqual(replaceRequest(text, 1, before, before), [], what)
      const result = replaced(text, after, before, 1)
      const [, read] = await resolved(result)
      assert.deepEqual(unordered(read?.spec), unordered(revealed(after.spec)), `${what}\n${text}\n${result}`)
      assert.deepEqual(
        read && played(read.script.steps, read.script),
        played(after.steps ?? []),
        `${what}\n${text}\n${result}`,
      )
      assert.deepEqual(read?.limits, after.limits ?? {}, what)
      const comments = (of: string) => of.split('\n').filter((line) => line.startsWith('# note'))
      assert.deepEqual(comments(result).toSorted(), comments(text).toSorted(), `${what}\n${text}\n${result}`)
      assert(result.startsWith(other) && result.endsWith(`\n${other}`), what)
    }
  })
})

/** What a specification does, apart from the order of its headers. */
function unordered(spec: ConnectionSpec | undefined): unknown {
  assert(spec !== undefined)
  const { headers, ...others } = meaning(spec)
  return { ...others, headers: headers.toSorted() }
}

/** The text of a request with comments between its lines, but not within messages. */
function withComments(text: string, random: Random): string {
  const { lines, kinds } = parseLines(text)
  return lines
    .map((line, index) => {
      const kind = kinds[index]
      const canHave = kind !== 'content' && kind !== 'separator' && kind !== 'blank' && random() < 0.3
      return `${canHave ? `# note ${index}\n` : ''}${line.text}`
    })
    .join('\n')
    .concat('\n')
}
