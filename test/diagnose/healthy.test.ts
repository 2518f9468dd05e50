/** Recordings of healthy servers: a rule that finds something in them must be right. */
import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { openIndexed } from '../../src/session/open-recording.ts'
import type { Finding } from '../../src/shared/finding.ts'
import { diagnose } from '../support/diagnose.ts'

const FOLDER = join(import.meta.dirname, '../fixtures/recordings')

/**
 * What is true of recordings: the rules that find something, and why they are right. Add a row only if it is: else, the rule
 * is wrong.
 */
const TRUE: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'actioncable.rtsession': { insecure: 'Its URL has a token.' },
  'couch-continuous.rtsession': { 'wrong-type': 'express-pouchdb sends lines of JSON as text/plain.' },
  'express-gzip-sse.rtsession': { 'cacheable-stream': 'Its handler sets no Cache-Control.' },
  'graphql-yoga-sse.rtsession': {
    'stream-restarts': 'The client reconnects after the subscription was complete, and gets it again.',
  },
  'hono-sse.rtsession': {
    'resume-ignored': 'Its handler ignores Last-Event-ID: after a reconnect with 4, it starts at 0 again.',
  },
  'mqtt-big-mosquitto.rtsession': {
    'no-close-frame': 'After DISCONNECT, mosquitto ends the TCP connection without a close frame.',
  },
  'nchan-sse.rtsession': { 'cacheable-stream': 'Nchan sets no Cache-Control.' },
  'pairs/actioncable.b.rtsession': { insecure: 'Its URL has a token.' },
  'socketio-haproxy-cut.rtsession': {
    'heartbeat-missed':
      'The client does not answer the ping, and the server closes when its ping timeout is over.',
  },
  'stomp-rabbitmq-invalid-utf8.rtsession': {
    'close-code': 'The server sends bytes that are not UTF-8 in a text message.',
  },
  'trpc-sse.rtsession': {
    'stream-restarts': 'The client reconnects after the subscription was complete, and gets it again.',
  },
}

const RECORDINGS = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.(rtsession|har)$/.test(name))
  .sort()

async function findingsIn(name: string): Promise<Finding[]> {
  const recording = await openIndexed(join(FOLDER, name))
  try {
    const { log } = recording
    const events = Array.from({ length: log.count }, (_, number) => log.event(number))
    return await diagnose(events, { startedAt: () => log.startedAt.getTime() })
  } finally {
    recording.close()
  }
}

describe('the rules on recordings of healthy servers', () => {
  for (const name of RECORDINGS)
    it(`find in ${name} only what is true`, async () => {
      const findings = await findingsIn(name)
      const expected = Object.keys(TRUE[name] ?? {})
      assert.deepEqual(
        findings
          .filter(({ rule }) => !expected.includes(rule))
          .map(({ rule, message }) => `${rule}: ${message}`),
        [],
      )
      for (const { title = '' } of findings) assert.doesNotMatch(title, /^[a-z]/)
      const found = new Set(findings.map(({ rule }) => rule))
      assert.deepEqual(
        expected.filter((rule) => !found.has(rule)),
        [],
      )
    })

  it('know each recording that something is true of', () => {
    assert.ok(RECORDINGS.length > 60)
    for (const name of Object.keys(TRUE)) assert.ok(RECORDINGS.includes(name), basename(name))
  })
})
