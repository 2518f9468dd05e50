import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { replaceFile } from '../../src/session/replace-file.ts'
import { writeWhole } from '../../src/session/whole-file.ts'
import { Failure } from '../../src/shared/failure.ts'
import { removeTempDirs, tempDir } from '../support/temp-dir.ts'

/** Fails as Windows does while a virus scanner has the file open, a number of times. */
function scanned(times: number, code = 'EPERM') {
  let tries = 0
  return {
    tries: () => tries,
    rename: async (from: string, to: string) => {
      if (tries++ < times) throw Object.assign(new Error(code), { code, syscall: 'rename' })
      await rename(from, to)
    },
  }
}

describe('a file that replaces another', () => {
  let from: string
  let to: string
  beforeEach(() => {
    const folder = tempDir()
    from = join(folder, 'new')
    to = join(folder, 'old')
    writeFileSync(from, 'new')
    writeFileSync(to, 'old')
  })
  afterEach(removeTempDirs)

  for (const code of ['EPERM', 'EACCES', 'EBUSY'])
    it(`waits on Windows for a program that has it open for a moment (${code})`, async () => {
      const disk = scanned(3, code)
      await replaceFile(from, to, { platform: 'win32', ...disk })
      assert.equal(disk.tries(), 4)
      assert.equal(readFileSync(to, 'utf8'), 'new')
    })

  it('gives up on Windows after some tries, with the error of the last', async () => {
    const disk = scanned(Number.POSITIVE_INFINITY)
    await assert.rejects(replaceFile(from, to, { platform: 'win32', ...disk }), { code: 'EPERM' })
    assert.equal(disk.tries(), 7)
    assert.equal(readFileSync(to, 'utf8'), 'old')
  })

  it('is tried once for other errors, and on other systems', async () => {
    const missing = scanned(1, 'ENOENT')
    await assert.rejects(replaceFile(from, to, { platform: 'win32', ...missing }), { code: 'ENOENT' })
    assert.equal(missing.tries(), 1)
    const refused = scanned(1)
    await assert.rejects(replaceFile(from, to, { platform: 'linux', ...refused }), { code: 'EPERM' })
    assert.equal(refused.tries(), 1)
  })

  it('is said to be in use if it cannot be replaced', async () => {
    await assert.rejects(
      writeWhole(to, async (partial) => {
        await writeFile(partial, 'new')
        throw Object.assign(new Error('EPERM'), { code: 'EPERM', syscall: 'rename' })
      }),
      (thrown: unknown) => {
        assert.ok(thrown instanceof Failure)
        assert.match(thrown.message, /could not be replaced: it is protected, or a program has it open\./)
        return true
      },
    )
    const folder = join(tempDir(), 'folder')
    mkdirSync(join(folder, 'x'), { recursive: true })
    await assert.rejects(
      writeWhole(folder, (partial) => writeFile(partial, 'new')),
      Failure,
    )
  })
})
