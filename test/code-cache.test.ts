/** What V8 keeps of the modules of archives between starts, in programs of their own. */
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../scripts/paths.ts'
import { removeTempDirs, tempDir } from './support/temp-dir.ts'

const MODULES = {
  'main.js': `require(process.argv[2] ?? './first.js')`,
  'first.js': `console.log('first')`,
  'second.js': `console.log('second')`,
}

describe('the code cache', () => {
  let folder = ''
  let home = ''
  let started = ''

  beforeEach(() => {
    folder = tempDir()
    home = tempDir()
    started = tempDir()
    for (const name of ['load.cjs', 'code-cache.cjs'])
      copyFileSync(join(ROOT, 'scripts/archives', name), join(folder, name))
    const index = Object.entries(MODULES).map(([name, code]) => [name, code.length])
    writeFileSync(
      join(folder, 'programs.archive'),
      `${JSON.stringify(index)}\n${Object.values(MODULES).join('')}`,
    )
    writeFileSync(join(folder, 'start.cjs'), `require('./load.cjs').run('main.js', 'build')`)
  })
  after(removeTempDirs)

  function start(module = './first.js', env: Record<string, string> = {}): string {
    const where = { XDG_CACHE_HOME: home, LOCALAPPDATA: home, HOME: home }
    return execFileSync(process.execPath, [join(folder, 'start.cjs'), module], {
      encoding: 'utf8',
      cwd: started,
      env: { ...process.env, NODE_DISABLE_COMPILE_CACHE: '', ...where, ...env },
    })
  }

  function files(): string[] {
    const found = readdirSync(home, { recursive: true, encoding: 'utf8' })
    return found.filter((name) => name.endsWith('.bin')).map((name) => join(home, name))
  }

  function onlyFile(): string {
    const [file = '', ...others] = files()
    assert.ok(existsSync(file))
    assert.deepEqual(others, [])
    return file
  }

  it('is written once, by the first start, and V8 takes it', () => {
    assert.equal(start(), 'first\n')
    const { ino } = statSync(onlyFile())
    assert.equal(start(), 'first\n')
    // What V8 rejects is compiled and written again.
    assert.equal(statSync(onlyFile()).ino, ino)
  })

  it('gets the modules that another start needs', () => {
    start()
    assert.equal(start('./second.js'), 'second\n')
    const { ino } = statSync(onlyFile())
    for (const name of ['first', 'second']) assert.equal(start(`./${name}.js`), `${name}\n`)
    assert.equal(statSync(onlyFile()).ino, ino)
  })

  it('has the modules that a start needs, so that the archive is not opened', () => {
    start()
    rmSync(join(folder, 'programs.archive'))
    assert.equal(start(), 'first\n')
  })

  it('is made again if it is damaged', () => {
    start()
    const whole = readFileSync(onlyFile())
    const digit = whole.indexOf(String(MODULES['first.js'].length))
    const damaged = [0, digit, whole.length - 1].map((at) => {
      const bytes = Buffer.from(whole)
      bytes[at] = (bytes[at] ?? 0) ^ 1
      return bytes
    })
    for (const bytes of [...damaged, whole.subarray(0, 100), Buffer.of()]) {
      writeFileSync(onlyFile(), bytes)
      assert.equal(start(), 'first\n')
      assert.notDeepEqual(readFileSync(onlyFile()), bytes)
    }
  })

  it('is not read if other users could have written it', function () {
    if (process.platform === 'win32') this.skip()
    start()
    const { ino } = statSync(onlyFile())
    chmodSync(onlyFile(), 0o666)
    assert.equal(start(), 'first\n')
    assert.notEqual(statSync(onlyFile()).ino, ino)
    assert.equal(statSync(onlyFile()).mode & 0o777, 0o600)
  })

  it('does not grow with the number of builds', () => {
    start()
    for (let build = 0; build < 20; build++) writeFileSync(fileOf(build), '')
    start('./second.js')
    assert.equal(files().length, 12)
  })

  function fileOf(build: number): string {
    const [file = ''] = files()
    return file.replace(/[^/\\]+$/, `other-${build}.bin`)
  }

  it('is not where other users could put files, nor in a folder of another user', function () {
    if (process.platform === 'win32') this.skip()
    const shared = join(home, 'realtime-inspector', 'code')
    mkdirSync(shared, { recursive: true })
    chmodSync(shared, 0o777)
    start()
    assert.deepEqual(readdirSync(shared), [])
    chmodSync(shared, 0o700)
    start()
    assert.equal(files().length, 1)
    if (process.getuid?.() !== 0) return
    home = tempDir()
    chownSync(home, 54_321, 54_321)
    assert.equal(start(), 'first\n')
    assert.deepEqual(readdirSync(home), [])
  })

  it("is never in the folder in which a program starts, whose files may be anyone's", function () {
    if (process.platform === 'win32') this.skip()
    for (const env of [
      { XDG_CACHE_HOME: 'cache', HOME: home },
      { XDG_CACHE_HOME: '', HOME: '' },
    ])
      assert.equal(start('./first.js', env), 'first\n')
    assert.deepEqual(readdirSync(started), [])
  })

  it('is not missed by a user who has no home', function () {
    if (process.getuid?.() !== 0 || spawnSync('setpriv', ['--version']).status !== 0) this.skip()
    chmodSync(folder, 0o755)
    const env = { PATH: process.env.PATH }
    const user = ['--reuid', '54321', '--clear-groups', process.execPath, join(folder, 'start.cjs')]
    assert.equal(execFileSync('setpriv', user, { encoding: 'utf8', env, cwd: '/' }), 'first\n')
  })

  it('does not exist if the user does not want it, or there is no folder for it', () => {
    assert.equal(start('./first.js', { NODE_DISABLE_COMPILE_CACHE: '1' }), 'first\n')
    assert.deepEqual(files(), [])
    const file = join(home, 'file')
    writeFileSync(file, '')
    assert.equal(start('./first.js', { XDG_CACHE_HOME: file, LOCALAPPDATA: file, HOME: file }), 'first\n')
  })
})
