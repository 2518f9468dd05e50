import assert from 'node:assert/strict'
import { eventExcerpt, explanationOf, findingExcerpt } from '../../src/agents/explanations.ts'
import type { AgentSession } from '../../src/agents/tool.ts'
import { LiveEngine } from '../support/live-engine.ts'

describe('what an assistant gets to explain something', () => {
  let live: LiveEngine
  let session: AgentSession

  beforeEach(() => {
    live = new LiveEngine()
    session = live.session
  })

  afterEach(() => live.close())

  it('is an event among its neighbors, masked and bounded', async () => {
    const { id, peer } = await live.open()
    for (let n = 0; n < 20; n++) peer.send(`{"n":${n},"pin":"4711","x":"${'y'.repeat(2000)}"}`)
    await live.until(() => live.engine.status().events === 22)
    const excerpt = await eventExcerpt(session, 12, ['pin'])
    assert.equal(excerpt.event.number, 12)
    const numbers = [...(excerpt.before ?? []), ...(excerpt.after ?? [])].map(({ number }) => number)
    assert.deepEqual(
      numbers.filter((number) => number > 9 && number < 15),
      [10, 11, 13, 14],
    )
    const text = explanationOf('Explain this.', excerpt)
    assert.ok(text.length < 13_000, `${text.length}`)
    assert.doesNotMatch(text, /hush|4711/)
    assert.match(text, new RegExp(`"connection": ${id}`))
    await assert.rejects(eventExcerpt(session, 99, []), { code: 'NO_EVENT' })
  })

  it('is a finding with its events', async () => {
    const { id, peer } = await live.open()
    peer.send('x')
    await live.until(() => live.engine.status().events === 3)
    session = {
      ...session,
      findings: async () => ({
        ...{ muted: [], rules: 1, failed: [], events: 3, skipped: 0, isCurrent: true },
        findings: [
          {
            rule: 'r',
            severity: 'warning',
            connection: id,
            from: 5,
            events: [3],
            message: 'It is odd.',
            evidence: {},
          },
        ],
      }),
    }
    const excerpt = await findingExcerpt(session, { rule: 'r', connection: id, from: 5 }, [])
    assert.deepEqual(
      excerpt.events.map(({ text }) => text),
      ['x'],
    )
    assert.equal(excerpt.finding.message, 'It is odd.')
    await assert.rejects(findingExcerpt(session, { rule: 'r', connection: null, from: 5 }, []), {
      code: 'NO_FINDING',
    })
  })

  it('is in a block that no payload can end', () => {
    const text = explanationOf('Q', { text: '```` ends it?' })
    assert.match(text, /^Q\n\n`````json\n.*\n`````\n$/s)
  })
})
