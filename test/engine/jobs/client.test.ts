import assert from 'node:assert/strict'
import { join } from 'node:path'
import { runJob } from '../../../src/engine/jobs/client.ts'
import { COMPARE_ALL } from '../../../src/shared/comparison.ts'
import { conversation } from '../../support/recording.ts'
import { writeSession } from '../../support/recording-file.ts'
import { removeTempDirs, tempDir } from '../../support/temp-dir.ts'

const WORKER = join(import.meta.dirname, '../../../src/engine/jobs/worker.ts')

describe('a job in a worker', () => {
  afterEach(removeTempDirs)

  const files = (content: unknown) => {
    const folder = tempDir()
    return {
      a: writeSession(folder, 'a.rtsession', conversation([content])),
      b: writeSession(folder, 'b.rtsession', conversation(['b'])),
    }
  }

  it('returns its result', async () => {
    const compared = await runJob(WORKER, 'compare', {
      ...files('a'),
      wish: COMPARE_ALL,
    })
    assert.equal(compared.counts.changed, 1)
  })

  it('ends as soon as it is cancelled, even in an endless loop', async () => {
    let nested: unknown = 1
    for (let depth = 0; depth < 200; depth++) nested = { a: nested, b: [1] }
    const wish = { ...COMPARE_ALL, ignore: ['$..*..*..*..*..*..*'] }
    const control = new AbortController()
    const running = runJob(WORKER, 'compare', { ...files(nested), wish }, control.signal)
    const before = await Promise.race([running, new Promise((resolve) => setTimeout(resolve, 1000, 'busy'))])
    assert.equal(before, 'busy')
    control.abort()
    await assert.rejects(running, { code: 'CANCELLED' })
  })
})
