import assert from 'node:assert/strict'
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { modeOfNew, writeWhole } from '../../src/session/whole-file.ts'
import { Failure } from '../../src/shared/failure.ts'
import { removeTempDirs, tempDir } from '../support/temp-dir.ts'

const mode = (path: string) => statSync(path).mode & 0o777
const says = (text: string) => (partial: string) => writeFile(partial, text)

describe('a file written whole', () => {
  let folder: string
  let path: string
  beforeEach(() => {
    folder = tempDir()
    path = join(folder, 'a.rtsession')
  })
  afterEach(removeTempDirs)

  it('can only be read by its owner if it contains revealed secrets', async () => {
    await writeWhole(path, says('new'), modeOfNew(['authorization']))
    assert.equal(mode(path), 0o600)
    const other = join(folder, 'b.rtsession')
    await writeWhole(other, says('new'), modeOfNew([]))
    writeFileSync(join(folder, 'c'), '')
    assert.equal(mode(other), mode(join(folder, 'c')))
  })

  for (const given of [0o600, 0o640, 0o664, 0o444])
    it(`keeps the mode ${given.toString(8)} of the file that it replaces`, async () => {
      writeFileSync(path, 'old')
      chmodSync(path, given)
      for (const reveal of [[], ['token']]) {
        await writeWhole(path, says('new'), modeOfNew(reveal))
        assert.equal(mode(path), given)
        assert.equal(readFileSync(path, 'utf8'), 'new')
      }
    })

  it('cannot be read by others while it is written if it replaces a private file', async () => {
    writeFileSync(path, 'old')
    chmodSync(path, 0o600)
    let whileWritten: number | undefined
    await writeWhole(path, async (partial) => {
      await writeFile(partial, 'new')
      whileWritten = mode(partial)
    })
    assert.equal(whileWritten, 0o600)
  })

  it('keeps links, and writes their targets', async () => {
    const elsewhere = join(folder, 'elsewhere')
    mkdirSync(elsewhere)
    writeFileSync(join(elsewhere, 'real.rtsession'), 'old')
    symlinkSync(join('elsewhere', 'real.rtsession'), path)
    symlinkSync('a.rtsession', join(folder, 'second'))
    await writeWhole(join(folder, 'second'), says('new'))
    assert.ok(lstatSync(path).isSymbolicLink())
    assert.ok(lstatSync(join(folder, 'second')).isSymbolicLink())
    assert.equal(readFileSync(join(elsewhere, 'real.rtsession'), 'utf8'), 'new')
    assert.deepEqual(readdirSync(elsewhere), ['real.rtsession'])
  })

  it('follows a link whose target does not exist yet', async () => {
    symlinkSync('later.rtsession', path)
    await writeWhole(path, says('new'))
    assert.ok(lstatSync(path).isSymbolicLink())
    assert.equal(readFileSync(join(folder, 'later.rtsession'), 'utf8'), 'new')
  })

  it('keeps the previous file if it fails, and leaves no other file', async () => {
    writeFileSync(path, 'old')
    await assert.rejects(
      writeWhole(path, async (partial) => {
        await writeFile(partial, 'half')
        throw Object.assign(new Error('no space'), { code: 'ENOSPC' })
      }),
      (error) => error instanceof Failure && error.code === 'ENOSPC' && error.message.includes(path),
    )
    assert.equal(readFileSync(path, 'utf8'), 'old')
    assert.deepEqual(readdirSync(folder), ['a.rtsession'])
  })

  it('reports circular links in a sentence', async () => {
    symlinkSync('b', path)
    symlinkSync('a.rtsession', join(folder, 'b'))
    await assert.rejects(writeWhole(join(folder, 'b', 'c'), says('new')), Failure)
    await writeWhole(path, says('new')).catch((error) => assert.ok(error instanceof Failure))
    assert.ok(lstatSync(join(folder, 'b')).isSymbolicLink())
  })
})
