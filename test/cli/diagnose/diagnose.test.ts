import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runDiagnose } from '../../../src/cli/diagnose/run-diagnose.ts'
import type { RealtimeEvent } from '../../../src/shared/event.ts'
import { cliTests, runCli } from '../../support/cli.ts'
import { message, opened } from '../../support/recording.ts'
import { writeHar, writeSession } from '../../support/recording-file.ts'
import { tempDir } from '../../support/temp-dir.ts'

const URL_OF_FEED = 'ws://localhost:8080/feed?token=t0ken'

/** A WebSocket that missed five messages over a reconnect. */
const LOST: readonly RealtimeEvent[] = [
  ...opened(1, 0, URL_OF_FEED),
  message(10, { seq: 1 }),
  { type: 'close', connection: 1, time: 1100, code: 1006, by: 'network' },
  { type: 'reconnect', connection: 1, time: 1101, attempt: 1, delay: 5, reason: 'lost' },
  ...opened(1, 1349, URL_OF_FEED),
  { type: 'gap', connection: 1, time: 1360, missed: 5, repeated: 0 },
]

/** The JSON that is printed, and the finding of the rule `resume-ignored` in it. */
function findingsIn(stdout: string) {
  const printed = JSON.parse(stdout)
  assert.deepEqual(Object.keys(printed), ['findings'])
  const findings: readonly Readonly<Record<string, unknown>>[] = printed.findings
  return { findings, lost: findings.find(({ rule }) => rule === 'resume-ignored') }
}

describe('diagnose', () => {
  cliTests()
  let session: string

  beforeEach(() => {
    session = writeSession(tempDir(), 'a.rtsession', LOST)
  })

  it('says what was found, what to do, who says so, and which events show it', async () => {
    const { code, stdout, stderr } = await runCli(['diagnose', session])
    assert.deepEqual([code, stderr], [0, ''])
    for (const part of [
      /^\d+ findings?: .*\d+ warnings?.* \(8 events on 1 connection, \d+ rules?\)\n/,
      /\nwarning 5 events were missed over 1 reconnect \(resume-ignored\)\n {2}feed \(connection 1\), 1\.101 s to 1\.360 s\n/,
      /\n {2}Advice: Let the server continue after/,
      /\n {2}Source: HTML standard[^\n]+\s+https:\/\/html\.spec\.whatwg\.org\//,
      /\n {2}Events: 5, 8\n/,
    ])
      assert.match(stdout, part)
    assert.doesNotMatch(stdout, /t0ken/)
    for (const line of stdout.split('\n')) assert.ok(line.length <= 110 || !line.trim().includes(' '), line)
  })

  it('is JSON with the documented fields with --format json', async () => {
    const { code, stdout } = await runCli(['diagnose', session, '--format', 'json'])
    assert.equal(code, 0)
    const { lost, findings } = findingsIn(stdout)
    assert.deepEqual(
      { ...lost, message: typeof lost?.message, advice: typeof lost?.advice },
      {
        ...{ rule: 'resume-ignored', severity: 'warning', connection: 1, from: 1101, to: 1360 },
        ...{ events: [5, 8], message: 'string', advice: 'string' },
        evidence: { missed: 5, repeated: 0, reconnects: 1 },
        source: 'HTML standard, section 9.2.4 (Last-Event-ID)',
        sourceUrl: 'https://html.spec.whatwg.org/multipage/server-sent-events.html#the-last-event-id-header',
        title: '5 events were missed over 1 reconnect',
      },
    )
    for (const finding of findings) assert.ok(!('chart' in finding))
  })

  it('ends with 1 and a sentence if a finding is as severe as --fail-on, or worse', async () => {
    for (const [failOn, expected] of [
      ['error', 0],
      ['warning', 1],
      ['info', 1],
      ['never', 0],
    ] as const) {
      const { code, stderr } = await runCli(['diagnose', session, '--fail-on', failOn])
      assert.equal(code, expected, failOn)
      assert.match(stderr, expected === 0 ? /^$/ : /^The session has .*\d+ warnings?.*\.\n$/)
    }
  })

  it('leaves out a rule that is muted, everywhere or for a URL', async () => {
    for (const [muted, isFound] of [
      ['resume-ignored', false],
      ['resume-ignored=ws://localhost:8080/feed', false],
      ['resume-ignored=ws://localhost:8080/other', true],
    ] as const) {
      const { stdout } = await runCli(['diagnose', session, '--format', 'json', '--mute', muted])
      assert.equal(findingsIn(stdout).lost !== undefined, isFound, muted)
    }
    const { stdout } = await runCli(['diagnose', session, '--mute', 'resume-ignored'])
    assert.match(stdout, /, 1 muted\)\n/)
  })

  it('refuses a rule that does not exist or has no threshold, with exit code 2', async () => {
    for (const [option, value, sentence] of [
      ['--mute', 'bogus', /There is no rule "bogus"\. The rules are: .*resume-ignored/],
      ['--mute', 'resume-ignored=feed', /It must have the form RULE or RULE=URL\./],
      ['--threshold', 'bogus=1', /There is no rule "bogus"/],
      ['--threshold', 'resume-ignored=1', /The rule resume-ignored has no threshold\./],
      ['--threshold', 'resume-ignored=-1', /must be a number from 0/],
      ['--fail-on', 'fatal', /error, warning, info, never/],
    ] as const) {
      const { code, stdout, stderr } = await runCli(['diagnose', session, option, value])
      assert.deepEqual([code, stdout], [2, ''], value)
      assert.match(stderr, sentence)
    }
  })

  it('reads HAR files', async () => {
    const { code, stdout } = await runCli(['diagnose', writeHar(tempDir()), '--fail-on', 'never'])
    assert.equal(code, 0)
    assert.match(stdout, /^(No|\d+) findings?.* \(\d+ events on 1 connection, /)
  })

  it('ends with 1 and a sentence if the file cannot be read', async () => {
    const notOne = join(tempDir(), 'b.rtsession')
    writeFileSync(notOne, 'hello\n')
    for (const [file, sentence] of [
      ['/nowhere/a.rtsession', /^There is no file /],
      [notOne, /^This file is not a Realtime Inspector session/],
    ] as const) {
      const { code, stdout, stderr } = await runCli(['diagnose', file])
      assert.deepEqual([code, stdout], [1, ''])
      assert.match(stderr, sentence)
    }
  })

  it('says which lines it could not read', async () => {
    writeFileSync(session, '{"type":"mess', { flag: 'a' })
    const { stderr } = await runCli(['diagnose', session])
    assert.match(stderr, /a\.rtsession: .+/)
  })

  it('ends at a signal, without having read the file', async () => {
    // The signal that a test runner does not listen to.
    const ended = runDiagnose(session, { format: 'json', failOn: 'never' })
    process.emit('SIGTERM', 'SIGTERM')
    assert.equal(await ended, 143)
  })
})
