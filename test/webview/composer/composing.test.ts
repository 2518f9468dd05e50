import assert from 'node:assert/strict'
import { composeMessage } from '../../../src/shared/compose/compose.ts'
import { scopeNow } from '../../../src/shared/compose/template.ts'
import type { EventDetail } from '../../../src/shared/protocol.ts'
import { type ConnectionStatus, newStatus } from '../../../src/shared/status.ts'
import { formatJson } from '../../../webview/composer/format-json.ts'
import { targetOf, whyNot } from '../../../webview/composer/target.ts'
import { messageOf } from '../../../webview/state/event-message.ts'

function detail(
  payload: string | Uint8Array<ArrayBuffer> | undefined,
  part: Partial<EventDetail> = {},
): EventDetail {
  const bytes = typeof payload === 'string' ? new TextEncoder().encode(payload) : payload
  const size = bytes?.length ?? 0
  return { index: 4, fields: { type: 'message' }, payload: bytes, size, dropped: false, ...part }
}

describe("an event's payload, edited and sent again", () => {
  const bytes = Uint8Array.from({ length: 300 }, (_, i) => (i * 31) & 0xff)
  const cases: readonly [string, EventDetail, string][] = [
    ['text', detail('hello ✓'), 'text'],
    ['an empty message', detail(''), 'text'],
    ['JSON', detail('{"a":1.00}'), 'json'],
    ['JSON with braces as in a template', detail('{"a":"{{symbol}} {{$uuid}}"}'), 'json'],
    ['text with braces', detail('Dear {{name}},'), 'text'],
    ['a byte order mark', detail('\ufeffx'), 'text'],
    ['bytes', detail(bytes), 'hex'],
    ['text sent as binary', detail('hello', { fields: { opcode: 'binary' } }), 'hex'],
    ['many bytes', detail(new Uint8Array(10_000).fill(0xfe)), 'base64'],
  ]
  for (const [what, event, format] of cases)
    it(`is ${format} for ${what}, and sends the same bytes`, () => {
      const message = messageOf(event)
      assert.equal(message.format, format)
      const { payload, opcode } = composeMessage(message, scopeNow({}, 1))
      assert.deepEqual(new Uint8Array(payload), event.payload)
      assert.equal(opcode, format === 'hex' || format === 'base64' ? 'binary' : 'text')
    })

  for (const [what, event, sentence] of [
    ['there is none', detail(undefined), /^Event 5 has no payload/],
    ['it was dropped', detail(undefined, { dropped: true, size: 5 }), /^Event 5 cannot be sent again/],
    ['it is not whole', detail('abc', { size: 9 }), /^Event 5 is too large to edit here \(9 bytes\)/],
  ] as const)
    it(`is refused where ${what}`, () => {
      assert.throws(() => messageOf(event), { message: sentence })
    })
})

describe('JSON, formatted', () => {
  it('keeps digits, and placeholders inside and outside strings', () => {
    assert.equal(
      formatJson('{"id":"{{$uuid}}","n":{{$counter}},"big":10000000000000000001,"s":"{{a}}{{b}}"}'),
      '{\n  "id": "{{$uuid}}",\n  "n": {{$counter}},\n  "big": 10000000000000000001,\n  "s": "{{a}}{{b}}"\n}',
    )
  })

  it('is undefined if the text is not JSON', () => {
    assert.equal(formatJson('{"a":'), undefined)
    assert.equal(formatJson('{{$counter}} {{$counter}}'), undefined)
  })
})

function connection(id: number, part: Partial<ConnectionStatus>): ConnectionStatus {
  return {
    ...newStatus(id),
    url: `wss://h${id}/`,
    transport: 'websocket',
    state: 'open',
    canSend: part.transport === undefined || part.transport === 'websocket',
    since: 0,
    openedAt: 0,
    ...part,
  }
}

describe('where a message goes', () => {
  const sse = connection(1, { transport: 'sse' })
  const first = connection(2, {})
  const second = connection(3, {})
  const waiting = connection(4, { state: 'waiting' })

  it('is the chosen connection, else the one in the scope, else the first that is open and can send', () => {
    const all = [sse, waiting, first, second]
    assert.equal(targetOf(all, [3, 2]), second)
    assert.equal(targetOf(all, [undefined, 3]), second)
    assert.equal(targetOf(all, [4, 3]), second)
    assert.equal(targetOf(all, [4, 1]), first)
    assert.equal(targetOf([sse, waiting], [1, 4]), undefined)
  })

  it('explains the state of the wanted connection, else of the one that ended last', () => {
    const early = connection(5, { state: 'closed', since: 100 })
    const late = connection(6, { state: 'failed', since: 900 })
    const ended = [early, late, connection(7, { state: 'closed', since: 500 })]
    assert.equal(whyNot(ended), 'ws h6 has ended. Reconnect it to send messages.')
    assert.equal(whyNot(ended, [undefined, 5]), 'ws h5 has ended. Reconnect it to send messages.')
    assert.equal(whyNot([waiting, ...ended], [7]), 'ws h7 has ended. Reconnect it to send messages.')
  })

  for (const [connections, sentence] of [
    [[sse, waiting], 'ws h4 is waiting. Messages can be sent while it is open.'],
    [[connection(5, { state: 'closed' })], 'ws h5 has ended. Reconnect it to send messages.'],
    [[sse], 'No WebSocket is open. Connect to one to send messages.'],
  ] as const)
    it(`is nowhere: ${sentence}`, () => {
      assert.equal(targetOf(connections), undefined)
      assert.equal(whyNot(connections), sentence)
    })
})
