import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DISK_FILES, rootOf } from '../../../src/cli/run/disk-files.ts'
import { removeTempDirs, tempDir } from '../../support/temp-dir.ts'

describe('files that requests name on this machine', () => {
  afterEach(removeTempDirs)

  it('are read, and are nothing if they do not exist or are folders', async () => {
    const root = tempDir()
    writeFileSync(join(root, 'a.txt'), 'a')
    // Python's tools name a folder so.
    mkdirSync(join(root, '.env'))
    assert.equal(Buffer.from((await DISK_FILES.read(join(root, 'a.txt'))) ?? []).toString(), 'a')
    assert.equal(await DISK_FILES.read(join(root, 'b.txt')), undefined)
    assert.equal(await DISK_FILES.read(join(root, 'a.txt', 'b.txt')), undefined)
    assert.equal(await DISK_FILES.read(join(root, '.env')), undefined)
  })

  it('are relative to the file of requests, and looked for up to the root of its repository', () => {
    const root = tempDir()
    mkdirSync(join(root, 'shop/.git'), { recursive: true })
    mkdirSync(join(root, 'shop/api'))
    const file = join(root, 'shop/api/chat.http')
    assert.equal(DISK_FILES.resolve(file, '../a.json'), join(root, 'shop/a.json'))
    assert.equal(DISK_FILES.resolve(file, '/etc/a.json'), '/etc/a.json')
    assert.equal(rootOf(file), join(root, 'shop'))
  })
})
