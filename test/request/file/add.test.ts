import assert from 'node:assert/strict'
import { addMessage, addRequest } from '../../../src/request/file/add.ts'
import { applyEdits } from '../../../src/request/file/edits.ts'
import type { ScriptStep } from '../../../src/shared/request-script.ts'

const SAVED = { name: 'new', spec: { url: 'ws://h/' } }
const PRINTED = '### new\nWEBSOCKET ws://h/\n'

function message(text: string, name?: string): ScriptStep {
  return { kind: 'send', ...(name !== undefined && { name }), message: { format: 'text', text } }
}

function withMessage(text: string, step: ScriptStep, position = 0): string {
  return applyEdits(text, [addMessage(text, position, step)])
}

describe('adding a request to a file', () => {
  for (const [text, expected] of [
    ['', PRINTED],
    ['\ufeff', `\ufeff${PRINTED}`],
    ['\n', `\n${PRINTED}`],
    ['# a', `# a\n\n${PRINTED}`],
    ['WS ws://a\n', `WS ws://a\n\n${PRINTED}`],
    ['WS ws://a\n\n', `WS ws://a\n\n${PRINTED}`],
    ['WS ws://a\n  ', `WS ws://a\n  \n${PRINTED}`],
    ['WS ws://a\r\n', `WS ws://a\r\n\r\n${PRINTED.replaceAll('\n', '\r\n')}`],
    ['WS ws://a\n\n> {%\n', `WS ws://a\n\n> {%\n\n${PRINTED}`],
  ] as const)
    it(`keeps ${JSON.stringify(text)} as it is`, () => {
      assert.equal(applyEdits(text, [addRequest(text, SAVED)]), expected)
    })

  it('does not make a file too long', () => {
    const text = `WS ws://a\n\n${'a'.repeat(8 * 1024 * 1024 - 20)}`
    assert.throws(() => addRequest(text, SAVED), { code: 'TOO_LARGE' })
  })
})

describe('adding a message to a request', () => {
  for (const [text, expected] of [
    ['WS ws://a', 'WS ws://a\n\n# @message kick\n{}'],
    ['WS ws://a\nA: b\n\n\n# later\n\n### x', 'WS ws://a\nA: b\n\n# @message kick\n{}\n\n\n# later\n\n### x'],
    ['WS ws://a\n\none\n\n### x', 'WS ws://a\n\none\n===\n# @message kick\n{}\n\n### x'],
    ['WS ws://a\r\n\r\none\r\n# c\r\n', 'WS ws://a\r\n\r\none\r\n===\r\n# @message kick\r\n{}\r\n# c\r\n'],
    ['WS ws://a\n\n=== wait-for-server\n', 'WS ws://a\n\n=== wait-for-server\n# @message kick\n{}\n'],
    ['WS ws://a\n\none\n===\n', 'WS ws://a\n\none\n===\n# @message kick\n{}\n===\n'],
    ['WS ws://a\n\none\n?? a\n> {%\n%}\n', 'WS ws://a\n\none\n===\n# @message kick\n{}\n?? a\n> {%\n%}\n'],
    ['WS ws://a\n# @name x\n\n< ./f\n', 'WS ws://a\n# @name x\n\n< ./f\n===\n# @message kick\n{}\n'],
  ] as const)
    it(`keeps ${JSON.stringify(text)} as it is`, () => {
      assert.equal(withMessage(text, message('{}', 'kick')), expected)
    })

  it('adds a wait', () => {
    assert.equal(
      withMessage('WS ws://a\n\none\n', { kind: 'wait' }),
      'WS ws://a\n\none\n=== wait-for-server\n',
    )
  })

  it('sends JSON as it is if a protocol is spoken', () => {
    assert.match(withMessage('# @protocol socket.io\nWS ws://a\n', message('{}')), /# @format text\n\{\}$/m)
  })

  it('refuses what it cannot do', () => {
    assert.throws(() => withMessage('SSE http://a', message('a')), { code: 'NO_MESSAGES' })
    assert.throws(() => withMessage('WS ws://a', message('a'), 1), { code: 'NO_REQUEST' })
    assert.throws(() => withMessage('WS ws://a\n\n# @message later\n', message('a', 'b')), {
      code: 'NOT_WRITABLE',
    })
  })
})
