import assert from 'node:assert/strict'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isInside } from '../../src/agents/inside-folders.ts'
import { removeTempDirs, tempDir } from '../support/temp-dir.ts'

describe('files inside of folders', () => {
  let root: string
  let folder: string

  beforeEach(() => {
    root = tempDir()
    folder = join(root, 'shop')
    mkdirSync(join(folder, 'bodies'), { recursive: true })
    writeFileSync(join(folder, 'bodies', '..a.json'), '{}')
    writeFileSync(join(root, 'secret'), 'private')
  })

  after(removeTempDirs)

  it('are those below them, whatever they are called and whether they exist', async () => {
    for (const path of ['bodies/..a.json', 'bodies/../bodies/..a.json', 'missing.json', ''])
      assert.ok(await isInside(join(folder, path), [join(root, 'other'), folder]), path)
  })

  it('are not those that a path leads out to, nor neighbors with a longer name', async () => {
    for (const path of [join(folder, '../secret'), join(root, 'shop2', 'a'), root, '/etc/passwd'])
      assert.ok(!(await isInside(path, [folder])), path)
    assert.ok(!(await isInside(join(folder, 'a'), [])))
  })

  it('are not those that a link leads out to, but a folder may be a link', async function () {
    if (process.platform === 'win32') this.skip()
    symlinkSync(join(root, 'secret'), join(folder, 'body.json'))
    symlinkSync(root, join(folder, 'up'))
    symlinkSync(folder, join(root, 'linked'))
    assert.ok(!(await isInside(join(folder, 'body.json'), [folder])))
    assert.ok(!(await isInside(join(folder, 'up', 'secret'), [folder])))
    assert.ok(await isInside(join(root, 'linked', 'bodies', '..a.json'), [join(root, 'linked')]))
  })
})
