import assert from 'node:assert/strict'
import { cliTests, runCli } from '../support/cli.ts'
import { message, opened } from '../support/recording.ts'
import { writeSession } from '../support/recording-file.ts'
import { tempDir } from '../support/temp-dir.ts'

describe('report', () => {
  cliTests()
  let session: string

  beforeEach(() => {
    session = writeSession(tempDir(), 'a.rtsession', [
      ...opened(1, 0, 'ws://localhost/?token=t0ken'),
      ...Array.from({ length: 100 }, (_, n) => message(10 + n * 10, 'x'.repeat(n), { wireSize: n + 2 })),
      { type: 'close', connection: 1, time: 1100, code: 1006, by: 'network' },
      { type: 'reconnect', connection: 1, time: 1101, attempt: 1, delay: 5, reason: 'lost' },
      ...opened(1, 1349),
      { type: 'request', connection: 2, time: 1400, url: 'http://h/', headers: {} },
      { type: 'response', connection: 2, time: 1420, status: 304, headers: {}, held: 20, empty: true },
    ])
  })

  it('describes each connection, with charts', async () => {
    const { code, stdout, stderr } = await runCli(['report', session])
    assert.deepEqual([code, stderr], [0, ''])
    for (const part of [
      /^2026-11-23T05:00:00\.000Z, 1\.4 s: 108 events on 2 connections\n/,
      /\nConnection 1 \(websocket\) ws:\/\/localhost\/\?token=\*\*\*\n/,
      /events +connect 2, open 2, message 100, close 1, reconnect 1\n/,
      /↓ in +100 messages, 5\.0 kB\n/,
      /on the wire +5\.2 kB, 200 B overhead \(\+4\.0 %\)\n/,
      /gaps +p50 10 ms, p95 10 ms, p99 10 ms, max 10 ms\n/,
      /rate +[▁▂▃▄▅▆▇█ ]+ \d+ ms each, at most \d+\n/,
      /64 B to 127 B █{30} 36\n/,
      /reconnects +1, 250 ms lost\n/,
      /polls +1 answers?, 1 \(100 %\) empty; held p50 20 ms/,
    ])
      assert.match(stdout, part)
    for (const line of stdout.split('\n')) assert.ok(line.length <= 110, line)
  })

  it('is JSON with the documented names with --format json', async () => {
    const { code, stdout } = await runCli(['report', session, '--format', 'json'])
    assert.equal(code, 0)
    const report = JSON.parse(stdout)
    assert.deepEqual(Object.keys(report), [
      'startedAt',
      'generator',
      'duration',
      'events',
      'marks',
      'connections',
      'findings',
    ])
    const [first, second] = report.connections
    assert.deepEqual(Object.keys(first), [
      'id',
      'transport',
      'url',
      'from',
      'to',
      'events',
      'in',
      'out',
      'eventNames',
      'errors',
      'outages',
      'polls',
      'openFor',
      'firstByte',
      'roundTrips',
      'down',
      'decoded',
      'answers',
      'delivery',
    ])
    assert.deepEqual(Object.keys(first.in), ['messages', 'bytes', 'sizes', 'gaps', 'gapCounts', 'rate'])
    assert.deepEqual(first.in.gaps, { p50: 10, p95: 10, p99: 10, max: 10 })
    assert.deepEqual([second.polls.emptyShare, first.outages.timeLost], [1, 250])
  })

  it('ends with what the rules have found, in every format', async () => {
    const path = writeSession(tempDir(), 'c.rtsession', [
      ...opened(1, 0, 'ws://localhost/?token=t0ken'),
      { type: 'gap', connection: 1, time: 10, missed: 5, repeated: 0 },
    ])
    const printed = async (format: string) =>
      (await runCli(['report', path, '--format', format, '--no-color'])).stdout
    const text = await printed('text')
    assert.match(text, /\n\d+ findings?: .*1 warning/)
    assert.match(text, /\nwarning 5 events were missed \(resume-ignored\)\n {2}localhost/)
    assert.match(
      await printed('markdown'),
      /- \*\*warning\*\*: 5 events were missed \(resume-ignored; .+0\.010 s\)\n {2}- On/,
    )
    assert.match(
      await printed('html'),
      /<b class="warning">warning<\/b> 5 events were missed <code>resume-ignored/,
    )
    const { findings } = JSON.parse(await printed('json'))
    const found = findings.find(({ rule }: { readonly rule: string }) => rule === 'resume-ignored')
    assert.deepEqual([found.severity, found.events, 'chart' in found], ['warning', [3], false])
  })

  it('counts decoded events by name, with the times to their answers', async () => {
    const ask = (n: number) => message(10 * n, `42${n}["sum",1]`, { direction: 'out' })
    const path = writeSession(tempDir(), 'b.rtsession', [
      ...opened(1, 0, 'ws://localhost/socket.io/?EIO=4&transport=websocket'),
      message(1, '0{"sid":"x"}'),
      ...[1, 2, 3, 4].map(ask),
      ...[1, 2, 3].map((n) => message(50 + 20 * n, `43${n}[2]`)),
      message(200, '2'),
    ])
    const { stdout } = await runCli(['report', path])
    assert.match(
      stdout,
      /decoded +sum +request 4, ack 3; 3 of 4 answered, p50 70 ms, p95 80 ms, p99 80 ms\n +open +handshake 1\n/,
    )
    const json = JSON.parse((await runCli(['report', path, '--format', 'json'])).stdout)
    assert.deepEqual(json.connections[0].decoded[0], {
      protocol: 'socket.io',
      name: 'sum',
      packets: 7,
      kinds: { request: 4, ack: 3 },
      requests: 4,
      answered: 3,
      unanswered: 1,
      latency: { p50: 70, p95: 80, p99: 80, max: 80 },
    })
    const { stdout: markdown } = await runCli(['report', path, '--format', 'markdown'])
    assert.match(markdown, /- sum: request 4, ack 3; 3 of 4 answered/)
  })

  it('is an HTML page or Markdown with --format html and markdown', async () => {
    const html = await runCli(['report', session, '--format', 'html'])
    assert.deepEqual([html.code, html.stderr], [0, ''])
    assert.match(html.stdout, /^<!doctype html>[\s\S]+<\/html>\n$/)
    assert.doesNotMatch(html.stdout, /t0ken/)
    const markdown = await runCli(['report', session, '--format', 'markdown'])
    assert.match(markdown.stdout, /^# Realtime report\n[\s\S]+\| All \| .*100, 5\.0 kB/)
  })

  it('ends with 1 and a sentence if the file cannot be read', async () => {
    const { code, stdout, stderr } = await runCli(['report', '/nowhere/a.rtsession'])
    assert.deepEqual([code, stdout], [1, ''])
    assert.match(stderr, /^There is no file .+\n$/)
  })

  it('refuses a missing file with its usage line', async () => {
    const { code, stderr } = await runCli(['report'])
    assert.equal(code, 2)
    assert.match(stderr, /^error: .+\nUsage: realtime-inspector report \[options\] FILE \[FILE…\]\n$/)
  })
})
