// biome-ignore-all lint/suspicious/noTemplateCurlyInString: source code with templates.
import assert from 'node:assert/strict'
import {
  type FoundConnection,
  findConstructors,
  findWebSocketUrls,
} from '../../src/vscode/language-features/find-connections.ts'
import { assertLinear } from '../support/linear.ts'

function urlsOf(found: readonly FoundConnection[]): string[] {
  return found.map(({ spec }) => spec.url)
}

describe('the connections that source code opens', () => {
  it('are found by their constructors, with the transport', () => {
    const text = `const a = new WebSocket('wss://h/a'), b = new EventSource("https://h/b", {withCredentials: true})`
    const found = findConstructors(text)
    assert.deepEqual(
      found.map(({ spec }) => spec),
      [
        { url: 'wss://h/a', transport: 'websocket' },
        { url: 'https://h/b', transport: 'sse' },
      ],
    )
    assert.deepEqual(
      found.map(({ start, end }) => text.slice(start, end)),
      [`new WebSocket('wss://h/a'`, `new EventSource("https://h/b"`],
    )
  })

  it('may span lines, be in a template without expressions, and belong to a global object', () => {
    const text = 'new WebSocket(\n  `ws://h/1`,\n  protocols,\n)\nnew window.WebSocket("ws://h/2" )'
    assert.deepEqual(urlsOf(findConstructors(text)), ['ws://h/1', 'ws://h/2'])
  })

  it('use the scheme ws for http, as browsers do', () => {
    const text = `new WebSocket('https://h/1'); new WebSocket('HTTP://h/2')`
    assert.deepEqual(urlsOf(findConstructors(text)), ['wss://h/1', 'ws://h/2'])
  })

  it('are not found if the URL is relative, not valid, or computed', () => {
    for (const text of [
      `new EventSource('/events')`,
      `new WebSocket('//h/feed')`,
      `new EventSource('ws://h/')`,
      `new WebSocket('ws://')`,
      `new WebSocket('ws://h/#part')`,
      'new WebSocket(`ws://${host}/`)',
      `new WebSocket('ws://h/' + path)`,
      `new WebSocket(secure ? 'wss://h/' : 'ws://h/')`,
      `new WebSocket('ws://h/\\u0061')`,
      `new WebSocket('ws://h/\n')`,
      `new WebSocket('ws://h/`,
      `new WebSocket('ws://h/?token=***')`,
      `new WebSocket('ws://h/${'x'.repeat(3000)}')`,
      `new ReconnectingWebSocket('ws://h/')`,
      `renew WebSocket('ws://h/')`,
    ])
      assert.deepEqual(findConstructors(text), [], text)
  })

  it('are at most 200', () => {
    assert.equal(findConstructors(`new WebSocket('ws://h/')\n`.repeat(300)).length, 200)
  })
})

describe('the URLs of WebSockets in a text', () => {
  it('end before punctuation, quotes and brackets', () => {
    const text = 'See ws://h/a. Or (wss://h/b?x=1), "WS://h:80/c" <ws://[::1]:9/d>, [x](ws://h/e)!'
    const found = findWebSocketUrls(text)
    assert.deepEqual(urlsOf(found), [
      'ws://h/a',
      'wss://h/b?x=1',
      'WS://h:80/c',
      'ws://[::1]:9/d',
      'ws://h/e',
    ])
    for (const { start, end, spec } of found) assert.equal(text.slice(start, end), spec.url)
  })

  it('are not found if they have variables, masked secrets or no host', () => {
    for (const text of [
      'ws://${host}/',
      'ws://h/${path}',
      'ws://$HOST/',
      'ws://h/{id}',
      'ws://h/?token=***',
      'ws://',
      'ws://<host>/',
      'xws://h/',
      `ws://h/${'x'.repeat(3000)}`,
    ])
      assert.deepEqual(findWebSocketUrls(text), [], text)
  })

  it('take time in proportion to the text', () => {
    for (const piece of [
      'ws://',
      'ws://.',
      'ws://h/.',
      'new ',
      "new WebSocket('",
      'new WebSocket(`ws://h/',
      ' ',
      'new WebSocket   (',
    ])
      assertLinear(
        piece,
        (size) => piece.repeat(size / piece.length),
        (text) => [findConstructors(text), findWebSocketUrls(text)],
      )
  })
})
