import assert from 'node:assert/strict'
import { checkPanelMessage } from '../../src/vscode/panel/check-message.ts'
import { pageHtml } from '../../src/vscode/ui/page.ts'

const call = (method: string, params: unknown) => ({ rpc: 'request', id: 7, method, params })

describe('the check of messages from the page', () => {
  const good: readonly [string, unknown][] = [
    ['ready', { from: 0, fromEventName: 0 }],
    ['previews', { indexes: [0, 5] }],
    ['detail', { index: 3, maxBytes: 1000 }],
    ['connect', { spec: null }],
    ['connect', { spec: { url: 'ws://h/' } }],
    ['disconnect', { id: 1 }],
    ['labelConnection', { id: 1, name: '' }],
    ['labelConnection', { id: 1, color: 5 }],
    ['send', { id: 1, message: { format: 'hex', text: '00' } }],
    ['sendForm', { id: 1, form: 'emit', values: { event: 'sum', args: [1, { a: null }], ack: true } }],
    ['filter', { text: 'dir:in', generation: 1 }],
    ['statistics', { generation: null, range: { from: 0, to: 1.5 }, connection: 1, hidden: ['in'], end: 9 }],
    ['hold', { held: true }],
    ['mark', { text: '', time: 12.5 }],
    ['saveFilter', { name: 'trades', text: 'event:trade' }],
    ['clear', null],
    ['report', null],
    ['save', { part: null }],
    [
      'save',
      {
        part: {
          selected: { generation: 1, range: { from: 0, to: 1.5 }, connection: 2, hidden: ['in'], end: 9 },
          ranges: [{ from: 1, to: 3 }],
        },
      },
    ],
    ['copy', { text: 'x' }],
    ['reopen', { dismiss: false }],
    ['repeat', { id: 1, message: { format: 'text', text: 'x' }, plan: { interval: 1, count: 100_000 } }],
    ['stopSending', { id: 1 }],
    ['shelve', { save: { name: 'x', format: 'json', text: '{}' } }],
    ['shelve', { rename: 'x', to: 'y' }],
    ['shelve', { variables: { a: '1' } }],
    ['startDemo', { transport: 'sse' }],
    ['startDemo', { transport: null }],
    ['startProxy', null],
    ['stopServing', { id: 3 }],
    ['servingOptions', { id: 3 }],
    ['chooseUnsaved', { id: 1, choice: 'discard' }],
    ['ping', null],
    ['reload', null],
  ]
  for (const [method, params] of good)
    it(`lets ${method} ${JSON.stringify(params)} pass unchanged`, () => {
      const message = call(method, params)
      assert.deepEqual(checkPanelMessage(message), { message })
    })

  it('lets notifications pass, and limits the size of the kept state', () => {
    const told = (name: string, data: unknown) =>
      'message' in checkPanelMessage({ rpc: 'notify', name, data })
    assert.ok(told('gaveUpKeyboard', null) && told('gotFocus', null) && told('keep', '{"filter":"a"}'))
    assert.ok(!told('keep', 'x'.repeat(70_000)) && !told('keep', { filter: 'a' }) && !told('gotFocus', 1))
  })

  it('lets an acknowledgement pass, and an unknown method, which the endpoint rejects', () => {
    assert.ok('message' in checkPanelMessage({ rpc: 'notify', name: 'acknowledge', data: null }))
    assert.ok('message' in checkPanelMessage(call('constructor', {})))
  })

  const bad: readonly [string, unknown][] = [
    ['previews', { indexes: ['1'] }],
    ['previews', { indexes: Array.from({ length: 10_001 }, () => 0) }],
    ['detail', { index: -1, maxBytes: 1 }],
    ['detail', { index: 0.5, maxBytes: 1 }],
    ['send', { id: 1, message: { format: 'file', text: '/etc/passwd' } }],
    ['send', { id: 1, message: { file: '/etc/passwd' } }],
    ['sendForm', { id: 1, form: 'x'.repeat(101), values: {} }],
    ['sendForm', { id: 1, form: 'emit', values: {}, protocol: 'mqtt' }],
    ['send', { id: 1, message: { format: 'text', text: 'x', variables: { a: 'b' } } }],
    ['repeat', { id: 1, message: { format: 'text', text: 'x' }, plan: { interval: 0, count: 1 } }],
    ['repeat', { id: 1, message: { format: 'text', text: 'x' }, plan: { interval: 1, count: 100_001 } }],
    ['shelve', { remove: 'x', rename: 'x' }],
    ['shelve', { variables: { a: 1 } }],
    ['startDemo', { transport: 'gopher' }],
    ['disconnect', { id: '1' }],
    ['labelConnection', { id: 1, color: 6 }],
    ['labelConnection', { id: 1, name: 'x', color: 1 }],
    ['copy', {}],
    ['clear', { everything: true }],
    ['save', null],
    ['save', { part: { selected: {}, ranges: null } }],
    ['filter', { text: 'x'.repeat(2001), generation: 1 }],
    [
      'statistics',
      { generation: null, range: { from: Number.NaN, to: 1 }, connection: null, hidden: [], end: 9 },
    ],
    ['statistics', { generation: null, range: null, connection: null, hidden: ['all'], end: 9 }],
    ['mark', { text: 'x', time: Number.POSITIVE_INFINITY }],
    ['saveFilter', { name: '', text: 'x' }],
    ['stopServing', { id: 'all' }],
    ['chooseUnsaved', { id: 1, choice: 'rename' }],
    ['chooseUnsaved', { id: 1, choice: 'discard', directory: '/etc' }],
    ['reload', { path: '/etc/passwd' }],
  ]
  for (const [method, params] of bad)
    it(`answers ${method} ${JSON.stringify(params).slice(0, 60)} with a failure`, () => {
      const checked = checkPanelMessage(call(method, params))
      assert.ok('answer' in checked && checked.answer?.rpc === 'error')
      assert.equal(checked.answer.id, 7)
      assert.equal(checked.answer.error.code, 'BAD_MESSAGE')
    })

  for (const raw of [
    undefined,
    null,
    5,
    'x',
    {},
    { rpc: 'result', id: 1, result: null },
    { rpc: 'notify', name: 'delta', data: null },
  ])
    it(`keeps ${JSON.stringify(raw)} out`, () => {
      assert.ok('problem' in checkPanelMessage(raw))
    })
})

describe("the page's document", () => {
  const html = pageHtml({
    script: 'https://cdn/dist/webview.js?a=1&b="2"',
    style: 'https://cdn/dist/webview.css',
    cspSource: 'https://cdn',
    nonce: 'Ab+/9=',
    language: 'de',
    translations: { language: 'de', bundle: { Save: '<Sichern> & "mehr"' } },
  })

  it('allows nothing but its own script, style and font', () => {
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? ''
    const directives = Object.fromEntries(
      policy.split('; ').map((each): [string, string] => {
        const [name = '', ...sources] = each.split(' ')
        return [name, sources.join(' ')]
      }),
    )
    assert.deepEqual(directives, {
      'default-src': "'none'",
      'script-src': "'nonce-Ab+/9='",
      'style-src': "https://cdn 'nonce-Ab+/9='",
      'font-src': 'https://cdn',
      'img-src': 'blob: data:',
      'media-src': 'blob:',
      'base-uri': "'none'",
      'form-action': "'none'",
    })
  })

  it('has no inline script or style, and escapes its attributes', () => {
    assert.doesNotMatch(html, /<script[^>]*>[^<]|<style|\son\w+=|\sstyle=/)
    assert.match(html, /src="https:\/\/cdn\/dist\/webview\.js\?a=1&amp;b=&quot;2&quot;"/)
  })

  it('has the translations of its texts, their language, and that of its numbers', () => {
    const escaped = '{&quot;Save&quot;:&quot;&lt;Sichern> &amp; \\&quot;mehr\\&quot;&quot;}'
    assert.ok(html.includes(`<html lang="de">`))
    assert.ok(html.includes(`<body data-language="de" data-l10n="${escaped}">`))
  })
})
