import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { filledSpools, spoolIn } from '../../src/vscode/files/spools.ts'
import { removeTempDirs, tempDir } from '../support/temp-dir.ts'

describe('the capture folders of one workspace folder', () => {
  afterEach(removeTempDirs)

  const storage = (root: string, window: string) => join(root, window, 'publisher.extension')

  it('are found from each of its windows if they are not empty', async () => {
    const root = tempDir()
    for (const window of ['abc', 'abc-2', 'abcd', 'abc-10'])
      mkdirSync(join(spoolIn(storage(root, window)), 'session'), { recursive: true })
    mkdirSync(spoolIn(storage(root, 'abc-1')), { recursive: true })
    const found = [spoolIn(storage(root, 'abc')), spoolIn(storage(root, 'abc-2'))]
    for (const window of ['abc', 'abc-1', 'abc-2', 'abc-9'])
      assert.deepEqual(await filledSpools(storage(root, window)), found, window)
    assert.deepEqual(await filledSpools(storage(root, 'other')), [])
  })
})
