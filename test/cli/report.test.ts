import assert from 'node:assert/strict'
import { cliTests, runCli } from '../support/cli.ts'
import { message, opened } from '../support/recording.ts'
import { writeSession } from '../support/recording-file.ts'
import { tempDir } from '../support/temp-dir.ts'

describe('report', function () {
  cliTests(this)
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
    ])
    assert.deepEqual(Object.keys(first.in), ['messages', 'bytes', 'sizes', 'gaps', 'rate'])
    assert.deepEqual(first.in.gaps, { p50: 10, p95: 10, p99: 10, max: 10 })
    assert.deepEqual([second.polls.emptyShare, first.outages.timeLost], [1, 250])
  })

  it('ends with 1 and a sentence if the file cannot be read', async () => {
    const { code, stdout, stderr } = await runCli(['report', '/nowhere/a.rtsession'])
    assert.deepEqual([code, stdout], [1, ''])
    assert.match(stderr, /^There is no file .+\n$/)
  })

  it('refuses a missing file with its usage line', async () => {
    const { code, stderr } = await runCli(['report'])
    assert.equal(code, 2)
    assert.match(stderr, /^error: .+\nUsage: realtime-inspector report \[options\] FILE\n$/)
  })
})
