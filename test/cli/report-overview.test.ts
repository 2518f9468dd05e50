/** `report` on a folder, and on several files. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { overviewOf, recordingsIn } from '../../src/session/overview.ts'
import type { RecordingRow, RecordingsOverview } from '../../src/shared/report/overview.ts'
import type { SessionReport } from '../../src/shared/report.ts'
import { cliTests, runCli } from '../support/cli.ts'
import { conversation, message, opened } from '../support/recording.ts'
import { writeSession } from '../support/recording-file.ts'
import { tempDir } from '../support/temp-dir.ts'

describe('report on many recordings', () => {
  cliTests()
  let folder: string
  let broken: string
  let quiet: string

  beforeEach(async () => {
    folder = tempDir()
    quiet = writeSession(folder, 'quiet.rtsession', conversation(['one', 'two']))
    const lossy = writeSession(folder, 'b.rtsession', [
      ...opened(1, 0),
      message(10, 'abc', { wireSize: 5 }),
      { type: 'error', connection: 1, time: 20, code: 'ECONNRESET', message: 'The connection was reset.' },
      { type: 'close', connection: 1, time: 20, code: 1006, by: 'network' },
      { type: 'reconnect', connection: 1, time: 21, attempt: 1, delay: 5, reason: 'lost' },
      ...opened(1, 120),
      message(130, 'de', { wireSize: 4, direction: 'out' }),
    ])
    assert.equal((await runCli(['convert', lossy, join(folder, 'a.har')])).code, 0)
    broken = join(folder, 'c.rtsession')
    writeFileSync(broken, '{"type":"message"}\n')
    // Of these, none is read.
    writeFileSync(join(folder, 'notes.txt'), 'x')
    mkdirSync(join(folder, 'inner.rtsession'))
    writeSession(join(folder, 'inner.rtsession'), 'd.rtsession', conversation(['deep']))
  })

  const names = ({ recordings }: RecordingsOverview) => recordings.map(({ file }) => file)
  const json = async (...operands: string[]) =>
    JSON.parse((await runCli(['report', ...operands, '--format', 'json'])).stdout) as RecordingsOverview

  it('prints a table with a row for each recording of a folder, and names those that cannot be read', async () => {
    const { code, stdout, stderr } = await runCli(['report', folder])
    const [title, blank, head = '', ...rows] = stdout.trimEnd().split('\n')
    assert.equal(title, '3 recordings: 22 events on 3 connections')
    assert.equal(blank, '')
    // Without columns in which no recording has anything.
    assert.deepEqual(head.split(/ {2,}/), [
      ...[
        'Recording',
        'Start',
        'Duration',
        'Connections',
        'Events',
        'Received',
        'Sent',
        'On the wire',
        'Overhead',
      ],
      ...['Reconnects', 'Time lost', 'Errors', 'Findings'],
    ])
    const cells = rows.map((row) => row.split(/ {2,}/))
    assert.deepEqual(
      cells.map(([name]) => name),
      ['a.har', 'b.rtsession', 'quiet.rtsession', 'All'],
    )
    assert.deepEqual(cells[1]?.slice(1, 7), [
      '2026-11-23 05:00:00.000',
      '130 ms',
      '1',
      '9',
      '1, 3 B',
      '1, 2 B',
    ])
    assert.equal(new Set([head, ...rows].map(({ length }) => length)).size, 1, 'aligned')
    assert.match(stderr, /^c\.rtsession: This file is not a Realtime Inspector session.+\n$/)
    assert.equal(code, 1)
  })

  it('has the figures of the reports of each file', async () => {
    const overview = await json(folder)
    assert.deepEqual(names(overview), ['a.har', 'b.rtsession', 'quiet.rtsession'])
    for (const row of overview.recordings) {
      const { stdout } = await runCli(['report', join(folder, row.file), '--format', 'json'])
      const report = JSON.parse(stdout) as SessionReport
      const [connection] = report.connections
      assert.ok(connection)
      const { startedAt, generator, duration, events, marks } = report
      assert.deepEqual(
        { ...row },
        { ...row, startedAt, generator, duration, events, marks, connections: report.connections.length },
      )
      assert.deepEqual(row.in, { messages: connection.in.messages, payload: connection.in.bytes.payload })
      assert.equal(row.timeLost, connection.outages.timeLost)
      assert.equal(row.wire.bytes, connection.in.bytes.wire + connection.out.bytes.wire)
      assert.equal(row.errors, connection.errors.ECONNRESET ?? 0)
      const severities = report.findings.map(({ severity }) => severity)
      for (const severity of ['error', 'warning', 'info'] as const)
        assert.equal(row.findings[severity], severities.filter((each) => each === severity).length)
    }
    const { recordings, total, unread, omitted } = overview
    const sum = (of: (row: RecordingRow) => number) => recordings.reduce((all, row) => all + of(row), 0)
    assert.equal(total.events, 22)
    assert.equal(
      total.in.payload,
      sum((row) => row.in.payload),
    )
    assert.equal(
      total.wire.bytes,
      sum((row) => row.wire.bytes),
    )
    assert.equal(total.wire.share, sum((row) => row.wire.overhead) / sum((row) => row.wire.bytes))
    assert.equal(total.reconnects, 2)
    assert.equal(total.errors, 2)
    assert.deepEqual([unread.map(({ file }) => file), omitted], [['c.rtsession'], 0])
  })

  it('takes files and folders together, which it calls by their paths, in the given order', async () => {
    assert.deepEqual(names(await json(quiet, join(folder, 'inner.rtsession'))), [
      quiet,
      join(folder, 'inner.rtsession', 'd.rtsession'),
    ])
    const { code, stderr } = await runCli(['report', quiet, join(folder, 'none.rtsession')])
    assert.equal(code, 1)
    assert.match(stderr, /none\.rtsession: There is no file .+\n$/)
  })

  it('says what could not be read within a recording', async () => {
    writeFileSync(join(folder, 'inner.rtsession', 'd.rtsession'), 'no event\n', { flag: 'a' })
    const { code, stdout, stderr } = await runCli([
      'report',
      join(folder, 'inner.rtsession'),
      '--format',
      'json',
    ])
    assert.equal(code, 0)
    assert.equal((JSON.parse(stdout) as RecordingsOverview).recordings[0]?.problems, 1)
    assert.match(stderr, /^d\.rtsession: .*line 5/i)
  })

  it('does not wait for a named pipe in a folder', async function () {
    if (process.platform === 'win32') this.skip()
    execFileSync('mkfifo', [join(folder, 'pipe.rtsession')])
    assert.deepEqual(names(await json(folder)), ['a.har', 'b.rtsession', 'quiet.rtsession'])
  })

  it('fails with a sentence if a folder has no recordings', async () => {
    const { code, stdout, stderr } = await runCli(['report', tempDir()])
    assert.deepEqual([code, stdout], [1, ''])
    assert.match(stderr, /^There is no recording in .+ \.rtsession or \.har\.\n$/)
  })

  it('escapes the names of files in documents', async function () {
    const hostile = '<b>|`x`_y_&"\'.rtsession'
    const inner = tempDir()
    try {
      symlinkSync(quiet, join(inner, hostile))
    } catch {
      // Windows has no such names.
      this.skip()
    }
    writeFileSync(join(inner, 'broken.har'), '{')
    const html = (await runCli(['report', inner, '--format', 'html'])).stdout
    assert.match(html, /^<!doctype html>.*1 recording: 4 events on 1 connection.*<\/html>\s*$/s)
    assert.ok(html.includes('&lt;b&gt;|`x`_y_&amp;&quot;&#39;.rtsession'))
    assert.ok(!/<b>|<script/.test(html))
    assert.match(html, /<h2>Not read<\/h2>\s*<dl class="details"><dt>broken\.har<\/dt><dd>[^<]*is not a HAR/)
    const markdown = (await runCli(['report', inner, '--format', 'markdown'])).stdout
    const row = markdown.split('\n').find((line) => line.includes('x') && line.startsWith('| '))
    assert.equal(row?.replaceAll(/\\\|/g, '').split(' | ').length, 14)
    assert.ok(!markdown.includes('<b>'))
    assert.match(markdown, /## Not read\n\n- broken\.har: /)
  })

  it('has at most so many rows, and says how many recordings are left out', async () => {
    const { recordings, omitted } = await overviewOf(await recordingsIn(folder), { most: 2 })
    assert.deepEqual([recordings.map(({ file }) => file), omitted], [['a.har', 'b.rtsession'], 2])
  })
})
