import assert from 'node:assert/strict'
import { Diagnosis } from '../../src/diagnose/diagnosis.ts'
import { SessionFigures } from '../../src/diagnose/figures/session.ts'
import type { Rule } from '../../src/diagnose/rule.ts'
import { RULES } from '../../src/diagnose/rules.ts'
import type { RealtimeEvent } from '../../src/shared/event.ts'
import { newStatus, type SessionStatus } from '../../src/shared/status.ts'

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
  return new Diagnosis().findings({ status: { ...status, ...more } }).map(({ message }) => plain(message))
}

/** Counts the errors of each connection, as a rule over events does. */
const errors: Rule = {
  name: 'errors',
  takes: ['error'],
  start() {
    const numbers: number[] = []
    return {
      add: (event, number) => {
        if (event.type === 'error') numbers.push(number + 1)
      },
      findings: () =>
        numbers.length === 0
          ? []
          : [
              {
                rule: 'errors',
                severity: 'error',
                events: [...numbers],
                message: 'Something failed.',
                evidence: { errors: numbers.length },
              },
            ],
    }
  },
}

const error = (): RealtimeEvent => ({
  type: 'error',
  connection: 1,
  time: 1,
  code: 'X',
  message: 'It failed.',
})
const mark = (): RealtimeEvent => ({ type: 'mark', time: 2, text: 'note' })

describe('the diagnosis of a session', () => {
  it('has no findings while everything is kept', () => {
    assert.deepEqual(messages({}), [])
  })

  it('says what was dropped and what is held back', () => {
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

  it('says what could not be read of a file', () => {
    const file = { problems: ['Line 3 is not JSON.'], problemCount: 3, failure: 'The file ends too early.' }
    assert.deepEqual(messages({ file }), [
      'The file ends too early.',
      'Line 3 is not JSON. And 2 more problems like these.',
    ])
  })

  it('names each finding after its rule, and how severe it is', () => {
    const findings = new Diagnosis().findings({
      status: { ...status, firstKept: 1, disk: { failure: 'The disk is full.', lostPayloads: 0 } },
    })
    assert.deepEqual(
      findings.map(({ rule, severity }) => [rule, severity]),
      [
        ['disk-failed', 'error'],
        ['events-dropped', 'warning'],
      ],
    )
    assert.equal(new Set(RULES.map(({ name }) => name)).size, RULES.length)
  })

  it('goes on from where it is as events come', () => {
    const diagnosis = new Diagnosis([errors])
    assert.deepEqual(diagnosis.findings({ status }), [])
    diagnosis.add(mark(), 0)
    diagnosis.add(error(), 1)
    assert.deepEqual(diagnosis.findings({ status })[0]?.events, [2])
    diagnosis.add(error(), 2)
    assert.deepEqual(diagnosis.findings({ status })[0]?.events, [2, 3])
  })

  it('lets rules read the figures of connections', () => {
    const busy: Rule = {
      name: 'busy',
      start: () => ({
        findings: ({ connections = [] }) =>
          connections.map(({ id, in: { messages } }) => ({
            rule: 'busy',
            severity: 'info',
            connection: id,
            message: 'Messages came.',
            evidence: { messages },
          })),
      }),
    }
    const figures = new SessionFigures()
    const payload = new Uint8Array(1)
    figures.add({ type: 'message', connection: 7, time: 1, direction: 'in', payload })
    figures.add({ type: 'message', connection: 7, time: 2, direction: 'in', payload })
    const [finding] = new Diagnosis([busy]).findings(figures.report())
    assert.equal(finding?.connection, 7)
    assert.deepEqual(finding.evidence, { messages: 2 })
  })

  it('leaves out a rule that throws, and keeps the others', () => {
    const throwing = () => {
      throw new Error('broken')
    }
    const onEvent: Rule = {
      name: 'on-event',
      takes: 'all',
      start: () => ({ add: throwing, findings: throwing }),
    }
    const onAsking: Rule = { name: 'on-asking', start: () => ({ findings: throwing }) }
    const diagnosis = new Diagnosis([onEvent, onAsking, errors])
    diagnosis.add(error(), 0)
    assert.deepEqual(
      diagnosis.findings({ status }).map(({ rule }) => rule),
      ['errors'],
    )
  })
})
