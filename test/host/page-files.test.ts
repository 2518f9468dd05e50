/** The files of pages, as the extension finds them in a build and in a .vsix. */
import assert from 'node:assert/strict'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import { ROOT } from '../../scripts/paths.ts'
import { PageFiles } from '../../src/vscode/ui/page-files.ts'
import { removeTempDirs, tempDir } from '../support/temp-dir.ts'

/** The text has characters of several bytes, and the font has bytes that are no text. */
const FILES = new Map([
  ['webview.js', Buffer.from('console.log("→ page")')],
  ['codicon.ttf', Buffer.from([0, 1, 0xff, 0xfe, 10, 13])],
])

function archiveOf(files: ReadonlyMap<string, Buffer>): Buffer {
  const index = [...files].map(([name, contents]) => [name, contents.length])
  return brotliCompressSync(Buffer.concat([Buffer.from(`${JSON.stringify(index)}\n`), ...files.values()]))
}

describe('the files of pages', () => {
  let dist: string
  let storage: string

  beforeEach(() => {
    dist = tempDir()
    storage = join(tempDir(), 'made', 'when needed')
    for (const name of ['load.cjs', 'code-cache.cjs'])
      copyFileSync(join(ROOT, 'scripts', 'archives', name), join(dist, name))
    writeFileSync(join(dist, 'pages.br'), archiveOf(FILES))
  })
  afterEach(removeTempDirs)

  it('are unpacked from the archive, once', () => {
    const folder = new PageFiles(dist, storage).folder()
    assert.equal(dirname(dirname(folder)), storage)
    assert.deepEqual(
      new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))])),
      new Map([...FILES].sort()),
    )
    writeFileSync(join(folder, 'webview.js'), 'unpacked before')
    const again = new PageFiles(dist, storage)
    assert.deepEqual([again.folder(), again.folder()], [folder, folder])
    assert.equal(readFileSync(join(folder, 'webview.js'), 'utf8'), 'unpacked before')
    assert.equal(readdirSync(dirname(folder)).length, 1)
  })

  it('are unpacked again if somebody removed them', () => {
    const pages = new PageFiles(dist, storage)
    rmSync(pages.folder(), { recursive: true })
    assert.ok(existsSync(join(pages.folder(), 'webview.js')))
  })

  it('of another version have a folder of their own; those not used for long are removed', () => {
    const before = new PageFiles(dist, storage).folder()
    const old = join(dirname(before), 'of last month')
    mkdirSync(old)
    const lastMonth = new Date(Date.now() - 30 * 86_400_000)
    utimesSync(old, lastMonth, lastMonth)
    writeFileSync(join(dist, 'pages.br'), archiveOf(new Map([['webview.js', Buffer.from('2')]])))
    const after = new PageFiles(dist, storage).folder()
    assert.equal(readFileSync(join(after, 'webview.js'), 'utf8'), '2')
    assert.deepEqual(
      readdirSync(dirname(after)).sort(),
      [before, after].map((path) => path.slice(dirname(after).length + 1)).sort(),
    )
  })

  it('are those of the build if it has them', () => {
    writeFileSync(join(dist, 'webview.js'), 'of the build')
    assert.equal(new PageFiles(dist, storage).folder(), dist)
    assert.equal(existsSync(storage), false)
  })

  it('are found if nothing can be written, and unpacked if older ones cannot be removed', function () {
    if (process.seteuid === undefined || process.geteuid?.() !== 0) this.skip()
    const before = new PageFiles(dist, storage).folder()
    const old = join(dirname(before), 'of last month')
    mkdirSync(join(old, 'of another user'), { recursive: true })
    const lastMonth = new Date(Date.now() - 30 * 86_400_000)
    utimesSync(old, lastMonth, lastMonth)
    for (const path of [dist, dirname(dirname(storage))]) chmodSync(path, 0o755)
    try {
      process.seteuid(54_321)
      assert.equal(new PageFiles(dist, storage).folder(), before)
      process.seteuid(0)
      chmodSync(dirname(before), 0o777)
      writeFileSync(join(dist, 'pages.br'), archiveOf(new Map([['webview.js', Buffer.from('2')]])))
      process.seteuid(54_321)
      assert.ok(existsSync(join(new PageFiles(dist, storage).folder(), 'webview.js')))
    } finally {
      process.seteuid(0)
    }
  })

  it('leave nothing behind if they cannot be unpacked', () => {
    const pages = new PageFiles(dist, storage)
    mkdirSync(dirname(storage), { recursive: true })
    writeFileSync(storage, 'a file')
    assert.throws(() => pages.folder(), /ENOTDIR|EEXIST/)
    rmSync(storage)
    writeFileSync(join(dist, 'pages.br'), 'damaged')
    assert.throws(() => pages.folder())
    assert.equal(existsSync(storage), false)
  })
})
