import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { EnvironmentVariableCollection } from 'vscode'
import { PROGRAM, provideProgram, runWords } from '../../src/vscode/requests/terminal-program.ts'
import { quote } from '../../src/vscode/ui/shells.ts'
import { removeTempDirs, tempDir } from '../support/temp-dir.ts'

describe('the terminal program in the terminals of the editor', () => {
  after(removeTempDirs)

  it('is found on the PATH, and runs with its arguments on the Node.js of the editor', async () => {
    const folder = join(tempDir(), 'a folder', "it's")
    const script = join(tempDir(), "the cli's.js")
    writeFileSync(script, 'console.log(JSON.stringify([process.execPath, ...process.argv.slice(2)]))')
    const prepended: unknown[] = []
    const variables = { persistent: true, prepend: (...args: readonly unknown[]) => prepended.push(args) }
    await provideProgram({
      ...{ folder, script },
      variables: variables as unknown as EnvironmentVariableCollection,
    })
    assert.deepEqual(prepended, [
      ['PATH', `${folder}${delimiter}`, { applyAtProcessCreation: true, applyAtShellIntegration: true }],
    ])
    assert.equal(variables.persistent, false)
    const PATH = `${folder}${delimiter}${process.env.PATH}`
    const line = [PROGRAM, 'run', 'my requests.http', "it's", '--env', 'dev']
      .map((word) => quote(word))
      .join(' ')
    const printed = execFileSync(line, { shell: true, env: { ...process.env, PATH }, encoding: 'utf8' })
    assert.deepEqual(JSON.parse(printed), [
      process.execPath,
      'run',
      'my requests.http',
      "it's",
      '--env',
      'dev',
    ])
  })

  it('has scripts on Windows that take their paths from variables, whatever characters these have', async () => {
    const folder = join(tempDir(), 'bin')
    const script = join(tempDir(), 'J\u00fcrgen 100%.js')
    writeFileSync(script, 'console.log(JSON.stringify(process.argv.slice(2)))')
    const set: Record<string, string> = {}
    const variables = {
      prepend: () => {},
      replace: (name: string, value: string) => Object.assign(set, { [name]: value }),
    }
    await provideProgram(
      { folder, script, variables: variables as unknown as EnvironmentVariableCollection },
      'win32',
    )
    assert.deepEqual(Object.values(set), [process.execPath, script])
    const [runtime, program] = Object.keys(set)
    const batch = readFileSync(join(folder, `${PROGRAM}.cmd`), 'latin1')
    assert.deepEqual(batch.split('\r\n').slice(-2), [`"%${runtime}%" "%${program}%" %*`, ''])
    // As the shell of Git runs it.
    const args = [join(folder, PROGRAM), 'connect', 'ws://h/ %PATH%']
    const printed = execFileSync('sh', args, { env: { ...process.env, ...set }, encoding: 'utf8' })
    assert.deepEqual(JSON.parse(printed), args.slice(1))
  })

  it('runs a whole file or one request of it, whatever they are called', () => {
    assert.deepEqual(runWords('a.http', undefined, 'dev'), [PROGRAM, 'run', 'a.http', '--env', 'dev'])
    assert.deepEqual(runWords('a.http', 'chat', undefined), [PROGRAM, 'run', 'a.http', 'chat'])
    assert.deepEqual(runWords('-a.http', '--env', 'dev'), [
      ...[PROGRAM, 'run', '--env', 'dev'],
      ...['--', './-a.http', '--env'],
    ])
  })

  it('quotes only what a shell would read otherwise', () => {
    assert.equal(quote('requests/shop.http'), 'requests/shop.http')
    assert.equal(quote('$(id)', '/bin/bash', 'linux'), "'$(id)'")
    assert.equal(quote("it's", '/bin/zsh', 'darwin'), "'it'\\''s'")
    assert.equal(quote('a b', '', 'win32'), '"a b"')
  })

  it('leaves a name nothing that another shell would run', () => {
    const powershell = 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe'
    assert.equal(quote('$(calc)', powershell, 'win32'), "'$(calc)'")
    assert.equal(quote("'; calc; '", '/usr/bin/pwsh', 'linux'), "'''; calc; '''")
    assert.equal(quote('\u2019; calc', powershell, 'win32'), "'\u2019\u2019; calc'")
    assert.equal(quote("\\'; id; '", '/usr/bin/fish', 'linux'), "'\\\\\\'; id; \\''")
    assert.equal(quote("it's", 'C:\\Program Files\\Git\\bin\\bash.exe', 'win32'), "'it'\\''s'")
  })

  it('does not type control characters, which are keys', () => {
    for (const key of ['\x03', '\x0f', '\x15', '\x1b', '\r', '\n', '\x9b'])
      assert.throws(() => quote(`chat${key}curl evil`), { code: 'BAD_NAME' })
  })
})
