import assert from 'node:assert/strict'
import type { TechniqueQuestion } from '../../../src/shared/protocol/techniques.ts'
import type { TechniqueReport } from '../../../src/shared/techniques.ts'
import { TechniqueStore } from '../../../webview/state/techniques.ts'
import { becomes } from '../../support/eventually.ts'

const REPORT: TechniqueReport = {
  connections: [],
  feed: null,
  advice: [],
  changes: [],
  missing: [],
  drawn: { from: 0, to: 10_000, sent: [] },
}

describe('the techniques of the page', () => {
  let asked: TechniqueQuestion[] = []
  let store: TechniqueStore

  beforeEach(() => {
    asked = []
    store = new TechniqueStore({
      call: (async (method: string, params: unknown) => {
        if (method === 'feedRate') return null
        asked.push(params as TechniqueQuestion)
        return REPORT
      }) as ConstructorParameters<typeof TechniqueStore>[0]['call'],
    })
  })

  it('are read when their view opens, not before', async () => {
    store.follow(10, false)
    store.follow(20, false)
    store.follow(20, true)
    await becomes(() => store.report.value, REPORT)
    assert.deepEqual(asked, [{ answers: {}, chosen: null }])
  })

  it('are read again with each answer at once, and with what is left if one is taken back', async () => {
    store.follow(1, true)
    await becomes(() => asked.length, 1)
    store.answer({ clientsSend: 'always' })
    await becomes(() => asked.length, 2)
    store.answer({ media: true })
    await becomes(() => asked.length, 3)
    store.takeBack('clientsSend')
    await becomes(() => asked.length, 4)
    assert.deepEqual(
      asked.map(({ answers }) => answers),
      [{}, { clientsSend: 'always' }, { clientsSend: 'always', media: true }, { media: true }],
    )
  })

  it('forget which connections were chosen when events are removed, and keep the answers', async () => {
    store.follow(1, true)
    store.answer({ plainBrowser: true })
    store.choose([1, 2])
    await becomes(() => asked.at(-1)?.chosen, [1, 2])
    store.reset()
    assert.deepEqual(
      [store.report.value, store.question],
      [undefined, { answers: { plainBrowser: true }, chosen: null }],
    )
  })
})
