/** What waits for the regular expression of a rule. */
import assert from 'node:assert/strict'
import { LiveCandidate } from '../../../src/capture/filter/live-candidate.ts'
import { RuleRunner } from '../../../src/engine/rules/rule-runner.ts'

function runner(): RuleRunner {
  const rule = { filter: '/a+b/', text: 'yes' }
  return new RuleRunner(rule, {
    send: () => {},
    disconnect: () => {},
    mark: () => {},
    set: () => {},
    variables: () => ({}),
    changed: () => {},
    now: () => 0,
  })
}

/** Gives the rule messages, more than it can search in the meantime. */
function flood(rule: RuleRunner, count: number, payload: Uint8Array): void {
  for (let n = 0; n < count; n++)
    rule.take(
      new LiveCandidate(
        { type: 'message', connection: 1, time: n, direction: 'in', opcode: 'text', payload },
        [],
        undefined,
      ),
    )
}

describe('the messages that wait for the regular expression of a rule', () => {
  it('are bounded by number and by size', () => {
    for (const [count, size] of [
      [1000, 10],
      [16, 4 * 1024 * 1024],
    ] as const) {
      const rule = runner()
      const payload = Buffer.alloc(size, 'x')
      flood(rule, count, payload)
      assert.equal(rule.status.ended, undefined)
      flood(rule, 1, payload)
      assert.match(rule.status.ended ?? '', /^The rule was stopped: messages came faster than/)
    }
  })
})
