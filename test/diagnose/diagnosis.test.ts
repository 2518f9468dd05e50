import assert from 'node:assert/strict'
import { noticesOf } from '../../src/diagnose/notices.ts'
import { connectionRule, type Rule, sessionRule } from '../../src/diagnose/rule.ts'
import type { RuleEvent } from '../../src/diagnose/rule-event.ts'
import { RULES } from '../../src/diagnose/rules.ts'
import { SessionDiagnosis } from '../../src/diagnose/session-diagnosis.ts'
import type { RealtimeEvent } from '../../src/shared/event.ts'
import { isMutedBy } from '../../src/shared/muted-rules.ts'
import { newStatus, type SessionStatus } from '../../src/shared/status.ts'
import type { TransportName } from '../../src/shared/transports.ts'
import { diagnose } from '../support/diagnose.ts'

const status: SessionStatus = {
  startedAt: '2026-11-23T14:00:00.000Z',
  events: 100_000,
  firstKept: 0,
  firstPayload: 0,
  spoolBytes: 0,
  connections: [{ ...newStatus(1), url: 'wss://feed.example/ticker', state: 'open' }],
  unsaved: 0,
}

const plain = (text: string) => text.replaceAll('\u00a0', ' ')

/** Messages of the findings on a status. */
function messages(more: Partial<SessionStatus>): string[] {
  return noticesOf({ ...status, ...more }).map(({ message }) => plain(message))
}

/** Lists the errors of each connection. */
const errors: Rule = connectionRule({
  name: 'errors',
  about: 'Errors',
  takes: ['error'],
  threshold: { value: 1, unit: 'count', about: 'Errors of a connection' },
  start: (_, { threshold }) => {
    const numbers: number[] = []
    return {
      add: ({ number }) => void numbers.push(number + 1),
      findings: () =>
        numbers.length < threshold
          ? []
          : [
              {
                severity: 'error',
                title: 'errors',
                message: 'Something failed.',
                events: [...numbers],
                evidence: { errors: numbers.length },
              },
            ],
    }
  },
})

/** Quotes the session, with a secret, in all that it says. */
const SECRET = 'https://h/?token=s3cr3t-v4lue'
const quoting: Rule = sessionRule({
  name: 'quoting',
  about: 'Quotes',
  takes: ['error'],
  start: () => ({
    add: () => {},
    findings: () => [
      {
        severity: 'info',
        ...{ title: SECRET, message: SECRET, advice: SECRET, confidence: SECRET },
        evidence: { url: SECRET, long: 'x'.repeat(100_000) },
        chart: { kind: 'series', label: SECRET, unit: 'count', points: [] },
      },
    ],
  }),
})

const error = (connection = 1): RealtimeEvent => ({
  ...{ type: 'error', connection, time: 1, code: 'X', message: 'It failed.' },
})
const mark = (): RealtimeEvent => ({ type: 'mark', time: 2, text: 'note' })
const connect = (connection: number, url = 'wss://feed.example/ticker?x=1'): RealtimeEvent => ({
  ...{ type: 'connect', connection, time: 0, transport: 'auto', url, attempt: 0 },
})
const open = (connection: number): RealtimeEvent => ({
  ...{ type: 'open', connection, time: 0, transport: 'websocket', headers: {} },
})

describe('the notices of a session', () => {
  it('are empty while everything is kept', () => {
    assert.deepEqual(messages({}), [])
  })

  it('say what was dropped and what is held back', () => {
    assert.deepEqual(
      messages({
        firstKept: 1200,
        firstPayload: 30_000,
        connections: status.connections.map((connection) => ({ ...connection, stalled: true })),
      }),
      [
        'The 1,200 oldest events were dropped because the limit on events (maxEvents) was reached.',
        'The payloads of the first 30,000 events were dropped because the disk limit was reached.',
        'Reading from feed.example/ticker is paused until the disk catches up.',
      ],
    )
    const failing = { disk: { failure: 'The disk is full. Free some space.', lostPayloads: 1200 } }
    assert.deepEqual(messages(failing), [
      'The disk is full. Free some space.',
      '1,200 payloads could not be written to disk and are lost.',
    ])
  })

  it('say what could not be read of a file', () => {
    const file = { problems: ['Line 3 is not JSON.'], problemCount: 3, failure: 'The file ends too early.' }
    assert.deepEqual(messages({ file }), [
      'The file ends too early.',
      'Line 3 is not JSON. And 2 more problems like these.',
    ])
  })

  it('have a name, and say how severe they are', () => {
    const notices = noticesOf({
      ...status,
      firstKept: 1,
      disk: { failure: 'The disk is full.', lostPayloads: 0 },
    })
    assert.deepEqual(
      notices.map(({ rule, severity }) => [rule, severity]),
      [
        ['disk-failed', 'error'],
        ['events-dropped', 'warning'],
      ],
    )
  })
})

describe('the diagnosis of a session', () => {
  it('has a table in which each rule has a name of its own, and a source with a secure URL', () => {
    assert.equal(new Set(RULES.map(({ name }) => name)).size, RULES.length)
    for (const { name, source } of RULES) assert.match(source?.url ?? 'https:', /^https:/, name)
  })

  it('goes on from where it is as events come', async () => {
    const diagnosis = new SessionDiagnosis({ rules: [errors] })
    const numbers = () => diagnosis.findings().map(({ connection, events }) => [connection, events])
    await diagnosis.add(mark())
    assert.deepEqual(numbers(), [])
    await diagnosis.add(error())
    assert.deepEqual(numbers(), [[1, [2]]])
    await diagnosis.add(error(2))
    await diagnosis.add(error())
    assert.deepEqual(numbers(), [
      [1, [2, 4]],
      [2, [3]],
    ])
  })

  it('tells a finding by its rule, and says by which threshold', async () => {
    const events = [connect(1), error(), error()]
    const thresholds = async (errors_: number) =>
      (await diagnose(events, { rules: [errors], thresholds: { errors: errors_ } })).map(
        ({ rule, threshold }) => [rule, threshold],
      )
    assert.deepEqual(await thresholds(2), [['errors', { value: 2, unit: 'count' }]])
    assert.deepEqual(await thresholds(3), [])
  })

  it('masks secrets in all that a rule quotes, and bounds the evidence', async () => {
    const [finding] = await diagnose([connect(1), error()], { rules: [quoting] })
    const text = JSON.stringify(finding)
    assert.equal(text.split('https://h/?token=***').length - 1, 6)
    assert.ok(!text.includes('s3cr3t'), text)
    assert.ok(text.length < 2000)
  })

  it('mutes a rule for a place, and still knows what it found', async () => {
    const muted = [{ rule: 'errors', url: 'wss://feed.example/ticker' }]
    const isMuted = (rule: string, url: string) => isMutedBy(muted, rule, url)
    const diagnosis = new SessionDiagnosis({ rules: [errors], isMuted })
    for (const event of [connect(1), error(1), connect(2, 'wss://feed.example/other'), error(2)])
      await diagnosis.add(event)
    assert.deepEqual(
      [diagnosis.findings(), diagnosis.muted()].map((list) => list.map(({ connection }) => connection)),
      [[2], [1]],
    )
  })

  it('gives a rule only the connections with its transports, from where the transport is known', async () => {
    const rule = (...transports: TransportName[]): Rule => ({ ...errors, transports })
    const events = [connect(1), error(), open(1), error()]
    assert.deepEqual((await diagnose(events, { rules: [rule('websocket')] }))[0]?.events, [4])
    assert.deepEqual(await diagnose(events, { rules: [rule('sse', 'poll')] }), [])
  })

  it('lets one rule look at all connections', async () => {
    const all = sessionRule({
      ...{ name: 'all', about: 'Connections', takes: ['open'] },
      start: (context) => {
        const names: string[] = []
        return {
          add: ({ connection }) => void names.push(context.connection(connection).name),
          findings: () => [{ severity: 'info', title: names.join(), message: '', evidence: {} }],
        }
      },
    })
    const [finding] = await diagnose([connect(1), open(1), open(2)], { rules: [all] })
    assert.deepEqual(
      [finding?.title, finding?.connection],
      ['feed.example/ticker?x=1,connection 2', undefined],
    )
  })

  it('lists the findings of all rules, also if one of them finds something on each of many connections', async () => {
    const finding = { severity: 'warning', title: 'x', message: 'x', evidence: {} } as const
    const everywhere = connectionRule({
      ...{ name: 'everywhere', about: 'x', takes: ['connect'] },
      start: () => ({ add: () => {}, findings: () => [{ ...finding, from: 0 }] }),
    })
    const rare = connectionRule({
      ...{ name: 'rare', about: 'x', takes: ['connect'] },
      start: (connection) => ({
        add: () => {},
        findings: () => (connection.id > 1198 ? [{ ...finding, from: 1 }] : []),
      }),
    })
    const events = Array.from(
      { length: 1200 },
      (_, at): RealtimeEvent => ({
        ...{ type: 'connect', connection: at + 1, time: at },
        ...{ transport: 'websocket', url: 'ws://h/', attempt: 0 },
      }),
    )
    const rules = (await diagnose(events, { rules: [everywhere, rare] })).map(({ rule }) => rule)
    assert.equal(rules.length, 1000)
    assert.deepEqual(rules.slice(-3), ['everywhere', 'rare', 'rare'])
  })

  it('tells rules when the session started, as of its first event', async () => {
    const times: (number | undefined)[] = []
    const start: Rule['start'] = (context) => ({
      add: () => void times.push(context.startedAt),
      findings: () => [],
    })
    const rule: Rule = { name: 'start', about: '', takes: ['error'], scope: 'session', start }
    let startedAt = 1
    const diagnosis = new SessionDiagnosis({ rules: [rule], startedAt: () => startedAt })
    startedAt = 2
    await diagnosis.add(error())
    await diagnose([error()], { rules: [rule] })
    assert.deepEqual(times, [2, undefined])
  })

  it('gives a run that rests no more messages until the connection opens again', async () => {
    const types: string[] = []
    const rule = connectionRule({
      ...{ name: 'first', about: 'First messages', takes: ['open', 'message'] },
      start: () => {
        const run = {
          rests: false,
          add: ({ type }: RuleEvent) => {
            types.push(type)
            run.rests = type === 'message'
          },
          findings: () => [],
        }
        return run
      },
    })
    const message = (): RealtimeEvent => ({
      ...{ type: 'message', connection: 1, time: 1, direction: 'in', payload: new Uint8Array(1) },
    })
    await diagnose([open(1), message(), message(), open(1), message(), message()], { rules: [rule] })
    assert.deepEqual(types, ['open', 'message', 'open', 'message'])
  })

  it('starts a rule of a connection with the first event that it takes', async () => {
    const starts: number[] = []
    const rule = connectionRule({
      ...{ name: 'lazy', about: 'Starts', takes: ['error'], transports: ['websocket'] },
      start: ({ id }) => {
        starts.push(id)
        return { add: () => {}, findings: () => [] }
      },
    })
    const diagnosis = new SessionDiagnosis({ rules: [rule] })
    for (const event of [open(1), open(2)]) await diagnosis.add(event)
    diagnosis.findings()
    assert.deepEqual(starts, [])
    for (const event of [error(), error()]) await diagnosis.add(event)
    assert.deepEqual(starts, [1])
  })

  it('leaves out a rule that throws, says so, and keeps the others', async () => {
    const throwing = () => {
      throw new Error('broken')
    }
    const start = () => ({ add: throwing, findings: throwing })
    const broken: Rule = { ...{ name: 'broken', about: '', takes: ['error'], scope: 'connection' }, start }
    const diagnosis = new SessionDiagnosis({ rules: [broken, errors] })
    await diagnosis.add(error())
    assert.deepEqual(
      diagnosis.findings().map(({ rule }) => rule),
      ['errors'],
    )
    assert.deepEqual(diagnosis.failed, ['broken'])
  })
})
