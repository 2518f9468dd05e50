/** Reports as HTML and Markdown. */
import assert from 'node:assert/strict'
import { RULES } from '../../src/diagnose/rules.ts'
import { reportHtml } from '../../src/session/report/html.ts'
import { reportMarkdown } from '../../src/session/report/markdown.ts'
import { reportRecording } from '../../src/session/report-recording.ts'
import type { RealtimeEvent } from '../../src/shared/event.ts'
import { gapAxis, gapBars, sizeAxis } from '../../src/shared/report/charts.ts'
import { totalsOf } from '../../src/shared/report/totals.ts'
import { message, opened, recordingOf } from '../support/recording.ts'

const HOSTILE = 'wss://h/<script>alert(1)</script>|`x`_y_"\'&[a](https://evil)\n# title'

async function reportOf(url: string) {
  const open: RealtimeEvent = {
    type: 'open',
    connection: 2,
    time: 50,
    transport: 'sse',
    status: 200,
    headers: {},
    httpVersion: '1.1',
    timing: { tcp: 10, firstByte: 30 },
  }
  return await reportRecording(
    recordingOf([
      { type: 'connect', connection: 1, time: 0, transport: 'websocket', url, attempt: 0 },
      ...opened(1, 0).slice(1),
      message(10, 'a'.repeat(100), { wireSize: 102 }),
      message(30, 'a'.repeat(100), { wireSize: 102 }),
      message(31, 'b', { direction: 'out' }),
      { type: 'connect', connection: 2, time: 40, transport: 'sse', url: 'https://h/prices', attempt: 0 },
      open,
      message(60, 'c', { connection: 2, event: '<b>"&' }),
      { type: 'error', connection: 2, time: 70, code: '<i>', message: 'x' },
    ]),
  )
}

describe('a report as a document', () => {
  it('adds up all connections', async () => {
    const totals = totalsOf(await reportOf('ws://h/'))
    assert.deepEqual(
      [totals.in, totals.out],
      [
        { messages: 3, payload: 201 },
        { messages: 1, payload: 1 },
      ],
    )
    assert.deepEqual([totals.wire.bytes, totals.wire.overhead, totals.wire.unknown], [204, 4, 2])
    assert.deepEqual(totals.firstByte, { least: 40, most: 40, slowest: 2 })
  })

  it('places the bars of all connections on one axis', async () => {
    const report = await reportOf('ws://h/')
    const axis = gapAxis(report, 'in')
    const [bar] = gapBars(report.connections[0]?.in ?? assert.fail(), axis)
    assert.deepEqual([bar?.value, bar?.from, bar?.to], [1, 16, 32])
    assert.ok(bar !== undefined && bar.left > 0 && bar.left + bar.width < 1)
    assert.deepEqual(
      sizeAxis(report, 'in').ticks.map(({ label }) => label),
      ['1 B', '10 B', '100 B'],
    )
  })

  it('is one HTML file without scripts, in which everything from the session is text', async () => {
    const whole = reportHtml(await reportOf(HOSTILE))
    const links = [...whole.matchAll(/ href="([^"]*)"/g)].map(([, url]) => url)
    // Findings link to the documents in the table of rules, and nothing else is a link.
    const sources = RULES.map(({ source }) => source?.url)
    assert.deepEqual(
      links.filter((url) => !sources.includes(url)),
      [],
    )
    const html = whole.replaceAll(/ href="https:[^"]*"/g, '')
    assert.doesNotMatch(html, /<script|<b>"&|<i>|javascript:|\ssrc=|\shref=|NaN|undefined|Infinity/)
    assert.match(html, /&lt;script&gt;|%3Cscript%3E/)
    assert.match(html, /default-src 'none'/)
    assert.match(html, /First byte<\/dt><dd>40 ms \(TCP 10 ms, answer 30 ms\)/)
    assert.match(html, /aria-label="Messages received over time, prices: at most 1"/)
  })

  it('is Markdown in which nothing from the session is markup', async () => {
    const markdown = reportMarkdown(await reportOf(HOSTILE))
    assert.doesNotMatch(markdown, /(?<!\\)<script|^# title|[^\\]\[a\]|https:\/\/evil|NaN|undefined/m)
    const rows = markdown.split('\n').filter((line) => line.startsWith('|'))
    assert.equal(rows.length, 5)
    // No cell of any row was split.
    const cells = rows.map((row) => row.split(/(?<!\\)\|/).length)
    assert.deepEqual(new Set(cells), new Set([17]))
    assert.match(markdown, /\| All \|/)
  })

  it('has no markup and no control characters in the names of messages', async () => {
    const name = '<svg onload=alert(1)>\u001b[2J'
    const report = await reportRecording(
      recordingOf([...opened(1, 0), message(10, JSON.stringify({ type: name, a: 1 }))]),
    )
    assert.equal(report.connections[0]?.decoded[0]?.name, name)
    for (const text of [reportMarkdown(report), reportHtml(report)])
      assert.doesNotMatch(text, /(?<!\\)<svg onload|(?!\n)\p{Cc}/u)
    assert.match(reportMarkdown(report), /^- \\<svg onload=alert\(1\)\\>/m)
  })

  it('names connections by what tells them apart, and says the whole URL with the details', async () => {
    const connects = ['dev', 'prod'].map(
      (room, at): RealtimeEvent => ({
        type: 'connect',
        connection: at + 1,
        time: at,
        transport: 'websocket',
        url: `wss://h/a/chat?room=${room}`,
        attempt: 0,
      }),
    )
    const report = await reportRecording(recordingOf(connects))
    const [html, markdown] = [reportHtml(report), reportMarkdown(report)]
    assert.match(html, /chat · room=dev<\/th>/)
    assert.match(html, /<h3>.*wss:\/\/h\/a\/chat\?room=prod<\/h3>/)
    assert.match(markdown, /^\| chat · room=dev \|/m)
    assert.match(markdown, /^- URL: wss:.*chat\?room=prod$/m)
  })

  it('says how long answers take by decoded requests, or else how long polls were held', async () => {
    const rpc = (time: number, direction: 'in' | 'out', rest: object) =>
      message(time, JSON.stringify({ jsonrpc: '2.0', id: 1, ...rest }), { direction })
    const report = await reportRecording(
      recordingOf([...opened(1, 0), rpc(10, 'out', { method: 'add' }), rpc(50, 'in', { result: 3 })]),
    )
    assert.deepEqual(report.connections[0]?.answers, { p50: 40, p95: 40, p99: 40, max: 40 })
    assert.match(reportMarkdown(report), /\| 40 ms \| 40 ms \|/)
  })

  it('can be written of a session without messages', async () => {
    const report = await reportRecording(recordingOf([{ type: 'mark', time: 1, text: 'x' }]))
    for (const text of [reportHtml(report), reportMarkdown(report)])
      assert.doesNotMatch(text, /NaN|undefined|Infinity/)
  })
})
