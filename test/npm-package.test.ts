/** The npm package of the terminal, installed from its archive on every Node.js that it supports. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { load as parseYaml } from 'js-yaml'
import { makeNpmPackage } from '../scripts/npm-package.ts'
import { CACHE, ROOT } from '../scripts/paths.ts'
import { closeServers, serveWebSocket } from './support/loopback.ts'
import { conversation } from './support/recording.ts'
import { writeSession } from './support/recording-file.ts'
import { removeTempDirs, tempDir } from './support/temp-dir.ts'

const run = promisify(execFile)

/** The oldest supported version, and one of each later release line; the newest runs the tests. */
const VERSIONS = ['20.19.0', '22.23.3', process.versions.node]

/** Path of that Node.js, which is installed once. */
async function nodeOf(version: string): Promise<string> {
  if (version === process.versions.node) return process.execPath
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`
  const folder = join(CACHE, `node-${version}`)
  const node = join(folder, 'node_modules', name, 'bin', 'node')
  if (existsSync(node)) return node
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true }))
  await run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', `${name}@${version}`], {
    cwd: folder,
  })
  return node
}

describe('the npm package', () => {
  let folder = ''
  let archive = ''

  before(async () => {
    folder = join(tempDir(), 'package')
    await makeNpmPackage(folder)
    const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', dirname(folder)], {
      cwd: folder,
    })
    archive = join(dirname(folder), (JSON.parse(stdout) as { filename: string }[])[0]?.filename ?? '')
  })
  after(() => {
    closeServers()
    removeTempDirs()
  })

  for (const version of VERSIONS)
    it(`runs with npx on Node.js ${version}`, async () => {
      const node = await nodeOf(version)
      const url = await serveWebSocket((socket) => socket.send(process.version))
      // A shell in an empty folder, in which that Node.js is the first.
      const options = {
        cwd: tempDir(),
        env: {
          ...process.env,
          PATH: `${dirname(node)}${delimiter}${process.env.PATH}`,
          XDG_CACHE_HOME: tempDir(),
          npm_config_yes: 'true',
        },
      }
      assert.equal((await run('node', ['--version'], options)).stdout.trim(), `v${version}`)
      const args = [
        `--package=${archive}`,
        'realtime-inspector',
        'connect',
        url,
        '--max-messages',
        '1',
        '--format',
        'jsonl',
      ]
      const { stdout } = await run('npx', args, options)
      const types = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).type)
      assert.deepEqual(types, ['session', 'connect', 'open', 'message', 'close'])
    })

  it('is what the action runs, which fails if the sessions differ and takes no other command', async () => {
    const action = parseYaml(readFileSync(join(ROOT, 'action.yml'), 'utf8')) as {
      readonly runs: { readonly steps: readonly { readonly run: string }[] }
    }
    const cwd = tempDir()
    writeSession(cwd, 'with space.rtsession', conversation(['a']))
    writeSession(cwd, '$(exit).rtsession', conversation(['b']))
    const act = async (COMMAND: string, ...given: string[]) => {
      const env = { ...process.env, COMMAND, ARGUMENTS: given.join('\n'), PACKAGE: archive }
      const script = ['--noprofile', '--norc', '-eo', 'pipefail', '-c', action.runs.steps[0]?.run ?? '']
      return await run('bash', script, { cwd, env }).then(
        ({ stdout }) => ({ code: 0, stdout }),
        (failed: { code: number; stdout: string }) => failed,
      )
    }
    assert.equal((await act('compare', 'with space.rtsession', 'with space.rtsession', '')).code, 0)
    assert.equal((await act('compare', 'with space.rtsession', '$(exit).rtsession')).code, 1)
    const refused = await act('serve', 'with space.rtsession')
    assert.equal(refused.code, 2)
    assert.match(refused.stdout, /has to be run or compare, not serve/)
  })

  it('depends on no other package, and has the manual page, the completions, and the licenses', async () => {
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    assert.equal(manifest.dependencies, undefined)
    assert.equal(manifest.private, undefined)
    const home = tempDir()
    await run('npm', ['install', '--global', '--prefix', home, archive], { cwd: home })
    const installed = join(home, 'lib/node_modules/realtime-inspector')
    assert.deepEqual(readdirSync(join(home, 'lib/node_modules')), ['realtime-inspector'])
    assert.ok(existsSync(join(home, 'share/man/man1/realtime-inspector.1')))
    assert.deepEqual(readdirSync(join(installed, 'completion')).toSorted(), [
      '_realtime-inspector',
      'realtime-inspector.bash',
      'realtime-inspector.fish',
    ])
    assert.match(readFileSync(join(installed, 'third-party-notices.txt'), 'utf8'), /^ws [\d.]+ \(MIT\)$/m)
    assert.deepEqual(readdirSync(installed).toSorted(), [
      'LICENSE',
      'README.md',
      'cli.js',
      'code-cache.cjs',
      'completion',
      'load.cjs',
      'man',
      'package.json',
      'programs.archive',
      'third-party-notices.txt',
    ])
  })
})
