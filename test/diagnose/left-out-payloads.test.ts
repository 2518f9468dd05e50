/** Rules that read payloads know when some were left out. */
import assert from 'node:assert/strict'
import { Diagnosis } from '../../src/diagnose/diagnosis.ts'
import { connectionRule, type Rule, sessionRule } from '../../src/diagnose/rule.ts'
import { CurrentEvent, rowOf } from '../../src/diagnose/rule-event.ts'
import type { RealtimeEvent } from '../../src/shared/event.ts'
import { message } from '../support/recording.ts'

describe('rules that read payloads', () => {
  /** What they were told, in order. */
  let log: string[] = []
  let diagnosis: Diagnosis
  let count = 0

  const logging = (name: string, readsPayloads: boolean): Rule =>
    connectionRule({
      ...{ name, about: name, takes: ['message'], readsPayloads },
      start: ({ id }) => ({
        add: ({ number }) => void log.push(`${name} ${id}: ${number}`),
        skipped: () => void log.push(`${name} ${id}: skipped`),
        findings: () => {
          log.push(`${name} ${id}: asked`)
          return []
        },
      }),
    })

  const give = (connection: number, withPayloads: boolean) => {
    const event: RealtimeEvent = { ...message(count, 'text'), connection }
    const { time, kind, size, wireSize } = rowOf(event)
    const current = new CurrentEvent({ read: () => event })
    current.move(count++, time, kind, connection, size, wireSize)
    diagnosis.add(current, withPayloads)
  }

  beforeEach(() => {
    log = []
    count = 0
    diagnosis = new Diagnosis({ rules: [logging('reads', true), logging('counts', false)] })
  })

  it('are told before the next payload, once on each connection, and others are not', () => {
    give(1, true)
    give(2, true)
    give(1, false)
    give(1, false)
    give(2, true)
    give(2, true)
    give(1, true)
    assert.deepEqual(
      log.filter((line) => line.startsWith('reads')),
      [
        'reads 1: 0',
        'reads 2: 1',
        'reads 2: skipped',
        'reads 2: 4',
        'reads 2: 5',
        'reads 1: skipped',
        'reads 1: 6',
      ],
    )
    assert.equal(log.includes('counts 1: skipped'), false)
  })

  it('are told before the next payload of any connection if they look at the whole session', () => {
    const rule = sessionRule({
      ...{ name: 'all', about: 'all', takes: ['message'], readsPayloads: true },
      start: () => ({
        add: ({ number }) => void log.push(String(number)),
        skipped: () => void log.push('skipped'),
        findings: () => [],
      }),
    })
    diagnosis = new Diagnosis({ rules: [rule] })
    give(1, true)
    give(1, false)
    give(2, true)
    give(1, true)
    assert.deepEqual(log, ['0', 'skipped', '2', '3'])
  })

  it('are told before they are asked', () => {
    give(1, true)
    give(1, false)
    diagnosis.findings(10)
    assert.deepEqual(
      log.filter((line) => line.startsWith('reads')),
      ['reads 1: 0', 'reads 1: skipped', 'reads 1: asked'],
    )
  })

  it('are told each time, but not of what was before they started', () => {
    give(1, true)
    give(1, false)
    give(1, true)
    give(1, false)
    give(2, true)
    give(1, true)
    assert.deepEqual(
      log.filter((line) => line.startsWith('reads')),
      ['reads 1: 0', 'reads 1: skipped', 'reads 1: 2', 'reads 2: 4', 'reads 1: skipped', 'reads 1: 5'],
    )
  })
})
